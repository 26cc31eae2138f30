import type { Position, Reached } from '../dialect/dialect.ts';
import type { Member } from '../topology/index.ts';

/** Whether the master has all that was acknowledged, as far as is known; a fenced one has. One that was demoted may not. */
export function hasEverything({ health, observed }: Member): boolean {
  return health !== 'offline' && (observed === 'master' || observed === 'read-only');
}

/**
 * Whether positions of a replica can be compared with those of the published history. Without its master, one may follow
 * a database that was promoted: its positions count on in another history.
 */
export function sharesHistory({ timeline }: Member, master: Member): boolean {
  return timeline === null || master.timeline === null || timeline === master.timeline;
}

/** The replicas that can still be read from, whatever their lag. One of an older history shows what never was in this one. */
export function readableReplicas(members: readonly Member[], master: Member): readonly Member[] {
  return members.filter(
    ({ observed, health, position, timeline }) =>
      observed === 'replica' && health !== 'offline' && position !== null && (timeline ?? 0) >= (master.timeline ?? 0),
  );
}

/** The one that was last seen furthest ahead; undefined without any. */
export function furthestOf(replicas: readonly Member[], reached: Reached): Member | undefined {
  const [first, ...others] = replicas;
  if (first === undefined) return undefined;
  const ahead = (a: Position | null, b: Position | null): boolean => reached(a ?? '', b ?? '');
  return others.reduce((a, b) => (ahead(a.position, b.position) ? a : b), first);
}
