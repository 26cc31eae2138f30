import type { DatabaseStatus, DataSourceStatus } from '../../../../../contract/index.ts';

/** A data source that could become the master. */
export interface Candidate {
  readonly source: DataSourceStatus;
  /** Why it cannot be chosen; undefined when the checks may decide. */
  readonly unfit: 'offline' | 'draining' | 'role' | undefined;
}

export function masterOf({ sources }: DatabaseStatus): DataSourceStatus | undefined {
  return sources.find(({ assigned_role: role }) => role === 'master');
}

/** The planned path needs a master that answers and accepts writes. */
export function isMasterLost(status: DatabaseStatus): boolean {
  const master = masterOf(status);
  return master !== undefined && (master.health === 'offline' || master.observed_role === 'read-only');
}

/** Every data source but the master, the fittest first. */
export function candidatesOf({ sources }: DatabaseStatus): Candidate[] {
  return sources
    .filter(({ assigned_role: role }) => role !== 'master')
    .map((source) => ({ source, unfit: unfitness(source) }))
    .toSorted(byFitness);
}

function unfitness({ health, observed_role: role }: DataSourceStatus): Candidate['unfit'] {
  if (health === 'offline' || health === 'draining') return health;
  return role === 'master' || role === 'read-only' ? 'role' : undefined;
}

/** What makes one fitter, the weightiest first; the smaller number wins. What is not known counts as bad. */
const measures: readonly ((candidate: Candidate) => number)[] = [
  ({ unfit }) => (unfit === undefined ? 0 : 1),
  ({ source }) => (source.health === 'online' ? 0 : 1),
  // Two that are less than a tenth of a second behind are equal: what differs between them is the moment of the probe.
  ({ source }) => (source.lag_seconds === null ? Number.MAX_VALUE : Math.floor(source.lag_seconds * 10)),
  ({ source }) => -(source.disk.times_master ?? 0),
  ({ source }) => -Number.parseFloat(source.server_version ?? '0'),
];

function byFitness(one: Candidate, other: Candidate): number {
  for (const measure of measures) {
    const difference = measure(one) - measure(other);
    if (difference !== 0 && !Number.isNaN(difference)) return difference;
  }
  return one.source.name.localeCompare(other.source.name);
}
