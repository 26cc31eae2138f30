import type { Position } from '../dialect/dialect.ts';
import type { Member } from '../topology/topology.ts';

/** What a pool is doing now. */
export interface Load {
  /** Leases and waiters. */
  readonly inFlight: number;
  readonly latencyMs: number;
}

/** A freshly returned replica works up from a tenth to its full share in this time. */
const slowStartMs = 10_000;

/** Expected cost of one more read there: peak latency times queue length, more while it warms up. */
export function cost(member: Member, load: Load, now: number): number {
  const age = now - member.admittedAt;
  const share = age >= slowStartMs ? 1 : Math.max(0.1, age / slowStartMs);
  return ((load.inFlight + 1) * (load.latencyMs + 0.1)) / share;
}

/** Reads the load of a member; asked for two members at most. */
export type LoadOf = (member: Member) => Load;

/**
 * Power of two choices: draws two of the candidates and takes the cheaper one. A full scan would be as cheap, but
 * several servers would then all run to the same winner.
 *
 * @param random 0 <= x < 1.
 * @returns undefined without candidates.
 */
export function chooseByLoad(
  candidates: readonly Member[],
  loadOf: LoadOf,
  context: { readonly now: number; readonly random: () => number },
): Member | undefined {
  const count = candidates.length;
  if (count <= 1) return candidates[0];
  const first = Math.floor(context.random() * count);
  const second = (first + 1 + Math.floor(context.random() * (count - 1))) % count;
  const a = candidates[first] as Member;
  const b = candidates[second] as Member;
  return cost(a, loadOf(a), context.now) <= cost(b, loadOf(b), context.now) ? a : b;
}

/** Members that are known to have reached a position; the master has reached every one that was handed out. */
export function caughtUp(
  candidates: readonly Member[],
  atLeast: Position | undefined,
  reached: (position: Position, atLeast: Position) => boolean,
): readonly Member[] {
  if (atLeast === undefined) return candidates;
  const has = (member: Member): boolean =>
    member.role === 'master' || (member.position !== null && reached(member.position, atLeast));
  return candidates.every(has) ? candidates : candidates.filter(has);
}

/**
 * Members that have probably reached a position by now although the last check has not seen it: their lag was last
 * measured below `withinMs`. A read there carries a check of its own.
 */
export function probablyCaughtUp(candidates: readonly Member[], withinMs: number): readonly Member[] {
  return candidates.filter((member) => member.lagMs !== null && member.lagMs <= withinMs);
}
