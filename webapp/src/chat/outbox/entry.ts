import type { Post } from '../../../../contract/index.ts';

/** A message that the server has not confirmed yet, as this device keeps it. */
export interface OutboxEntry {
  /** Sent as `pending_post_id`: unique for ever, so a repeat can never become a second post. */
  readonly id: string;
  readonly userId: string;
  readonly channelId: string;
  /** The thread's first post, or empty. */
  readonly rootId: string;
  readonly message: string;
  /** When Enter was pressed (ms). */
  readonly createdAt: number;
  /** Grows with each message of this device: first in, first out within a channel. */
  readonly order: number;
  /** `refused`: the server said a final no. `withdrawn`: cancelled while nobody knew whether it had arrived. */
  readonly state: 'waiting' | 'refused' | 'withdrawn';
  /** Why it was refused, else empty. */
  readonly reason: string;
  /** The text was changed after it was written: the post that comes back may still have the old one. */
  readonly edited: boolean;
  /** Known once the server has shown the post; set only while a change of it is still to be made. */
  readonly postId: string;
  /** The server had confirmed it, and lost it in a change of databases. */
  readonly again?: boolean;
}

/** What is to be done for an entry next. */
export type Step = 'send' | 'amend' | 'remove' | 'none';

export function nextStep(entry: OutboxEntry): Step {
  if (entry.state === 'refused') return 'none';
  if (entry.state === 'withdrawn') return entry.postId === '' ? 'none' : 'remove';
  return entry.postId === '' ? 'send' : 'amend';
}

/** First in, first out; two tabs may give the same number, then the id decides, everywhere alike. */
export function byOrder(a: OutboxEntry, b: OutboxEntry): number {
  return a.order - b.order || (a.id < b.id ? -1 : 1);
}

/** The entry whose turn it is in each channel. Refused and settled entries hold up nobody. */
export function headsOf(entries: readonly OutboxEntry[]): OutboxEntry[] {
  const heads = new Map<string, OutboxEntry>();
  for (const entry of entries.toSorted(byOrder)) {
    if (nextStep(entry) !== 'none' && !heads.has(entry.channelId)) heads.set(entry.channelId, entry);
  }
  return [...heads.values()];
}

/** What the server's post means for the entry that it answers. `undefined`: nothing is left to do. */
export function afterPost(entry: OutboxEntry, post: Post): OutboxEntry | undefined {
  if (entry.state === 'withdrawn') return { ...entry, postId: post.id };
  if (entry.edited && post.message !== entry.message) return { ...entry, state: 'waiting', postId: post.id };
  return undefined;
}
