/** Something that a person has to do, on which database, with the exact commands. No secret in it. */
export interface FollowUp {
  readonly source: string;
  readonly text: string;
  readonly commands: readonly string[];
}

/** The steps of a switchover, in their order. The emergency path skips some of them. */
export const switchoverSteps = [
  'Check',
  'Prepare',
  'Hold writes',
  'Fence',
  'Catch up',
  'Promote',
  'Verify',
  'Switch',
  'Release writes',
  'Re-point replicas',
] as const;
export type SwitchoverStep = (typeof switchoverSteps)[number];

export interface SwitchoverUpdate {
  readonly name: SwitchoverStep;
  readonly state: 'running' | 'done' | 'failed' | 'skipped';
  readonly detail: string;
  /** What a person has to do now so that the step ends. */
  readonly asks?: FollowUp;
}

export interface SwitchoverResult {
  /** `failed-after-switch`: somebody was promoted, or may have been; the old master was not opened again. */
  readonly outcome: 'succeeded' | 'failed-nothing-changed' | 'failed-after-switch' | 'cancelled';
  /** One sentence or two; for a failure they name the data source, the cause, and what to do. */
  readonly summary: string;
  readonly writeHoldMs: number;
  readonly writesHeld: number;
  readonly writesFailed: number;
  readonly generation: number;
  readonly followUps: readonly FollowUp[];
}

export interface SwitchoverRequest {
  /** Name of the data source that is to be the master. */
  readonly name: string;
  /** The master is lost: nobody is fenced and nothing is awaited, so acknowledged writes may be missing. */
  readonly emergency?: boolean;
  /** The emergency path asks for the name a second time here. */
  readonly confirmation?: string;
}

/** Somebody asked to stop, or the server stops. Everything is as it was before. */
export class Cancelled extends Error {}

/** It went wrong after somebody was promoted, or may have been. There is no way back. */
export class BeyondReturn extends Error {}
