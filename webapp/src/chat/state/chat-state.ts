import type { Channel, ChannelMember, Post, Status, Team, User } from '../../../../contract/index.ts';

/** The contiguous run of a channel's posts that this page holds. */
export interface PostWindow {
  /** Post ids, oldest first. */
  readonly order: readonly string[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  /** Events were missed and have not been made up for yet. */
  readonly gap: boolean;
}

/** Who types where, until when (ms). Keyed by `typingKey`, then by user id. */
export type Typing = Readonly<Record<string, Readonly<Record<string, number>>>>;

export type ById<T> = Readonly<Record<string, T>>;

/** Everything that the chat shows of the server. A value: events and answers make the next one. */
export interface ChatState {
  readonly myId: string;
  readonly team: Team | undefined;
  readonly users: ById<User>;
  readonly statuses: ById<Status['status']>;
  readonly channels: ById<Channel>;
  /** The user's own place in each of their channels, by channel id. */
  readonly members: ById<ChannelMember>;
  readonly posts: ById<Post>;
  readonly windows: ById<PostWindow>;
  /** Ids of a thread's posts, the root first, for the threads that were opened. */
  readonly threads: ById<readonly string[]>;
  readonly typing: Typing;
  /** Per channel: up to when (ms) the user had read when it was opened. The "New messages" line stands there. */
  readonly readUpTo: ById<number>;
}

export const emptyChatState = (myId: string): ChatState => ({
  myId,
  team: undefined,
  users: {},
  statuses: {},
  channels: {},
  members: {},
  posts: {},
  windows: {},
  threads: {},
  typing: {},
  readUpTo: {},
});

/** A change of the state, made of nothing but the state. */
export type Change = (state: ChatState) => ChatState;

/** The record with one entry replaced. */
export function withEntry<T>(record: ById<T>, key: string, value: T): ById<T> {
  return { ...record, [key]: value };
}

/** The record without one entry. */
export function withoutEntry<T>(record: ById<T>, key: string): ById<T> {
  const { [key]: _, ...rest } = record;
  return rest;
}

/** The values by their ids. */
export function byId<T extends { readonly id: string }>(values: readonly T[]): ById<T> {
  return Object.fromEntries(values.map((value) => [value.id, value]));
}

/** Where somebody types: a channel, or a thread in it. */
export const typingKey = (channelId: string, rootId: string): string => `${channelId}/${rootId}`;
