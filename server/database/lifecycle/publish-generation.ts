import type { Clock } from '../clock.ts';
import type { Dialect, Position } from '../dialect/dialect.ts';
import type { ConnectionPool } from '../pool/index.ts';
import type { WriteJournal } from '../query/journal.ts';
import type { DatabaseSettings } from '../settings/settings.ts';
import { buildTopology } from '../topology/index.ts';
import type { Live } from './live.ts';
import { membersOf } from './members.ts';
import { masterChanges } from './plan.ts';
import type { Verified } from './verify.ts';

export interface NextGeneration {
  readonly settings: DatabaseSettings;
  readonly pools: ReadonlyMap<string, ConnectionPool>;
  readonly verified: readonly Verified[];
  readonly floor: Position | null;
  /** The new master has a history of its own: the journal starts anew at the floor. */
  readonly restartsJournal: boolean;
  /** The new master lacks acknowledged writes: the history of the running one is given up. Default false. */
  readonly givesUp?: boolean;
}

/**
 * Makes another generation current, in one step for everybody.
 *
 * @returns its number.
 */
export function publishGeneration(
  deps: { readonly live: Live; readonly dialect: Dialect; readonly clock: Clock; readonly journal: WriteJournal },
  { settings, pools, verified, floor, restartsJournal, givesUp = false }: NextGeneration,
): number {
  const { live, dialect, clock, journal } = deps;
  const { topology } = live.current;
  const now = clock.now();
  const generation = topology.generation + 1;
  const master = settings.sources[0].source.name;
  const members = membersOf(verified, { dialect, settings, now, running: topology.members, master });
  const masterSince = masterChanges(topology, settings) ? now : topology.masterSince;
  const gaveUp = topology.gaveUp || givesUp;
  const next = buildTopology(members, { generation, since: now, masterSince, gaveUp });
  live.publish({ settings, pools, floor, topology: next }, { forced: givesUp });
  if (restartsJournal && floor !== null) journal.startAt(floor);
  return generation;
}
