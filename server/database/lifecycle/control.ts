import type { LayerEvent, Listener } from '../events.ts';
import type { DatabaseSettings } from '../settings/settings.ts';
import type { MasterChange } from './live.ts';
import type { Mode } from './mode.ts';
import type { RecyclePlan } from './plan.ts';
import type { RotationChange, RotationResult } from './rotation.ts';
import type { RecycleOptions, RecycleResult, StepUpdate } from './recycle.ts';
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
  /** Tells of every change of the published master; the answer ends the subscription. */
  onMasterChange(listener: Listener<MasterChange>): () => void;
  /**
   * Opens a fresh connection to each source of the settings, or to the one called `only`, and reports what it found:
   * name, network, sign-in and everything behind it. Changes nothing.
   */
  test(settings: DatabaseSettings, only?: string): Promise<SourceReport[]>;
  /** Takes a replica out of the rotation, or puts it back; kept through recycles. */
  changeRotation(change: RotationChange): RotationResult;
  /** Statements that failed on a source since its pool was opened, newest first, at most 20; undefined for a stranger. */
  errorsOf(name: string): { readonly at: number; readonly text: string }[] | undefined;
  /** The dry run of a recycle. Changes nothing. */
  plan(settings: DatabaseSettings): Promise<RecyclePlan>;
  /**
   * Moves to the settings. Never throws for a database's sake: the result says what happened.
   *
   * @throws Error when a recycle or a switchover is running; callers join the running one.
   */
  recycle(
    settings: DatabaseSettings,
    progress: (update: StepUpdate) => void,
    options?: RecycleOptions,
  ): Promise<RecycleResult>;
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
