import type { StoredPost } from './drill-cluster.ts';

/** A message that the server acknowledged to its author. */
export interface Acknowledged {
  readonly postId: string;
  readonly pendingPostId: string;
  readonly userId: string;
  readonly channelId: string;
  /** Counts up with each message of this author. */
  readonly number: number;
}

/** What was acknowledged, compared with what the master has. All zero when the promise was kept. */
export interface LedgerVerdict {
  /** Acknowledged and not there, or there under another id than the author was told. */
  readonly lost: number;
  /** More posts than messages: the same message twice. */
  readonly doubled: number;
  /** Messages that stand before an earlier one of the same author in the same channel. */
  readonly disordered: number;
}

/** @param stored in the order of the channel */
export function compareLedger(acknowledged: readonly Acknowledged[], stored: readonly StoredPost[]): LedgerVerdict {
  const ids = new Set(stored.map(({ id }) => id));
  const pendings = new Set(stored.map(({ pendingPostId }) => pendingPostId));
  const numbers = new Map(acknowledged.map(({ postId, number }) => [postId, number]));
  return {
    lost: acknowledged.filter(({ postId }) => !ids.has(postId)).length,
    doubled: stored.length - pendings.size,
    disordered: countDisordered(stored, numbers),
  };
}

function countDisordered(stored: readonly StoredPost[], numbers: ReadonlyMap<string, number>): number {
  const newest = new Map<string, number>();
  let disordered = 0;
  for (const { id, userId, channelId } of stored) {
    const number = numbers.get(id);
    if (number === undefined) continue;
    const line = `${userId} ${channelId}`;
    const before = newest.get(line) ?? 0;
    if (number < before) disordered += 1;
    newest.set(line, Math.max(before, number));
  }
  return disordered;
}
