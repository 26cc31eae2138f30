import type { LayerEvent, Listener } from '../events.ts';
import type { DatabaseSettings } from '../settings/settings.ts';
import type { Mode } from './mode.ts';
import type { RecyclePlan } from './plan.ts';
import type { RecycleResult, StepUpdate } from './recycle.ts';
import type { LayerStatus } from './status.ts';
import type { SwitchoverPlan, SwitchoverRequest, SwitchoverResult, SwitchoverUpdate } from './switchover/index.ts';
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
   * @throws Error when a recycle or a switchover is running; callers join the running one.
   */
  recycle(settings: DatabaseSettings, progress: (update: StepUpdate) => void): Promise<RecycleResult>;
  /** The dry run of a switchover: every check, and the commands that are left for a person. Changes nothing. */
  planSwitchover(request: SwitchoverRequest): Promise<SwitchoverPlan>;
  /**
   * Moves the master role to a replica. Never throws for a database's sake: the result says what happened.
   *
   * @param signal cancels it, as long as nobody was promoted: everything is undone.
   * @throws Error when a recycle or a switchover is running.
   */
  switchover(
    request: SwitchoverRequest,
    progress: (update: SwitchoverUpdate) => void,
    signal?: AbortSignal,
  ): Promise<SwitchoverResult>;
}
