import type { DatabaseEvent, DatabaseMode, DatabaseStatus, RecyclePlan, SourceReport } from '../../contract/index.ts';
import type { DatabaseSettings } from '../database/index.ts';

/** What the heart tells of; the console's event log gives it an id and an actor. `at` is in ms since 1970. */
export type ControlEvent = Pick<DatabaseEvent, 'kind' | 'severity' | 'source' | 'text' | 'detail' | 'at'>;

/** The steps of a recycle, in the order in which they run. */
export const recycleSteps = [
  'Check',
  'Open new connections',
  'Verify',
  'Hold writes',
  'Switch',
  'Release writes',
  'Drain old',
  'Close old',
] as const;

export interface StepProgress {
  readonly name: string;
  readonly state: 'running' | 'done' | 'failed' | 'skipped';
  readonly detail: string;
}

export interface RecycleResult {
  readonly outcome: 'succeeded' | 'failed-nothing-changed' | 'failed-after-switch';
  /** One sentence; for a failure it names the data source and the cause. */
  readonly summary: string;
  readonly writeHoldMs: number;
  readonly writesHeld: number;
  readonly writesFailed: number;
  readonly generation: number;
}

type Unsubscribe = () => void;

/** What the console needs of the database layer. All of it answers while every database is down. */
export interface DatabaseControl {
  status(): DatabaseStatus;
  mode(): DatabaseMode;
  onMode(listener: (mode: DatabaseMode) => void): Unsubscribe;
  subscribe(listener: (event: ControlEvent) => void): Unsubscribe;
  /** Connects to each data source of `settings` on connections of its own; changes nothing. */
  test(settings: DatabaseSettings): Promise<SourceReport[]>;
  /** The dry run of a recycle: opens and verifies, changes nothing. */
  plan(settings: DatabaseSettings): Promise<RecyclePlan>;
  /** Never rejects for a reason that has to do with a database: that is an outcome. */
  recycle(settings: DatabaseSettings, progress: (step: StepProgress) => void): Promise<RecycleResult>;
}
