import type { LayerEvent, Listener } from '../events.ts';
import type { DatabaseSettings } from '../settings/settings.ts';
import type { Mode } from './mode.ts';
import type { RecyclePlan } from './plan.ts';
import type { RecycleResult, StepUpdate } from './recycle.ts';
import type { LayerStatus } from './status.ts';
import type { SourceReport } from './verify.ts';

/** What an operator can see and do. None of it needs a database to be up. */
export interface DatabaseControl {
  status(): LayerStatus;
  mode(): Mode;
  /** Tells of every change of mode; the answer ends the subscription. */
  onMode(listener: Listener<Mode>): () => void;
  subscribe(listener: Listener<LayerEvent>): () => void;
  /** Opens a fresh connection to each source of the settings and reports what it found. Changes nothing. */
  test(settings: DatabaseSettings): Promise<SourceReport[]>;
  /** The dry run of a recycle. Changes nothing. */
  plan(settings: DatabaseSettings): Promise<RecyclePlan>;
  /**
   * Moves to the settings. Never throws for a database's sake: the result says what happened.
   *
   * @throws Error when another recycle is running; callers join the running one.
   */
  recycle(settings: DatabaseSettings, progress: (update: StepUpdate) => void): Promise<RecycleResult>;
}
