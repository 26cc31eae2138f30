import {
  type Channel,
  type ChannelMember,
  type EventData,
  type EventName,
  type Post,
  type Reaction,
  type Team,
  uncountedTypes,
} from '../../../contract/index.ts';
import type { OutgoingEvent } from '../index.ts';
import { type ClientGet, type ClientState, fetchChannel } from './client-state.ts';

/** The client whose state an event meets. */
export interface ClientSelf {
  readonly userId: string;
  readonly get: ClientGet;
}

type Handlers = {
  readonly [N in EventName]?: (
    state: ClientState,
    data: EventData<N>,
    context: { readonly self: ClientSelf; readonly channelId: string },
  ) => Promise<void> | void;
};

/**
 * What a plain client does about each event. It may ask by REST only for what an event names without showing it: a
 * channel or a team that the user comes into.
 */
const handlers: Handlers = {
  posted: (state, data, { self }) => {
    const post = JSON.parse(data.post) as Post;
    const posts = state.posts.get(post.channel_id);
    // Read along with its channel already.
    if (posts === undefined || posts.has(post.id)) return;
    posts.set(post.id, post);
    if (post.root_id !== '') noteReply(posts, post);
    const mentioned = (JSON.parse(data.mentions ?? '[]') as string[]).includes(self.userId);
    countPost(state, post, { isOwn: post.user_id === self.userId, mentioned });
  },
  post_edited: (state, data) => {
    const post = JSON.parse(data.post) as Post;
    state.posts.get(post.channel_id)?.set(post.id, post);
  },
  post_deleted: (state, data) => removePost(state, JSON.parse(data.post) as Post),
  reaction_added: (state, data) => {
    const reaction = JSON.parse(data.reaction) as Reaction;
    changeReactions(state, reaction, (reactions) => [...reactions, reaction]);
  },
  reaction_removed: (state, data) => {
    const gone = JSON.parse(data.reaction) as Reaction;
    changeReactions(state, gone, (reactions) =>
      reactions.filter((own) => own.user_id !== gone.user_id || own.emoji_name !== gone.emoji_name),
    );
  },
  channel_viewed: (state, { channel_id }) => {
    const channel = state.channels.get(channel_id);
    const member = state.members.get(channel_id);
    if (channel === undefined || member === undefined) return;
    state.members.set(channel_id, readToTheEnd(member, channel));
  },
  post_unread: (state, { channel_id, post_id: _post, team_id: _team, ...counts }) => {
    const member = state.members.get(channel_id);
    if (member !== undefined) state.members.set(channel_id, { ...member, ...counts });
  },
  user_added: (state, { user_id }, { self, channelId }) =>
    user_id === self.userId ? fetchChannel(self.get, state, channelId) : undefined,
  channel_created: (state, { channel_id }, { self }) => fetchChannel(self.get, state, channel_id),
  direct_added: (state, _data, { self, channelId }) => fetchChannel(self.get, state, channelId),
  group_added: (state, _data, { self, channelId }) => fetchChannel(self.get, state, channelId),
  channel_restored: (state, { channel_id }, { self }) =>
    state.members.has(channel_id) ? fetchChannel(self.get, state, channel_id) : undefined,
  user_removed: (state, data, { self, channelId }) => {
    if (data.user_id === undefined || data.user_id === self.userId) forget(state, data.channel_id ?? channelId);
  },
  channel_deleted: (state, { channel_id }) => {
    state.channels.delete(channel_id);
    state.posts.delete(channel_id);
  },
  channel_updated: (state, data) => {
    const channel = JSON.parse(data.channel) as Channel;
    if (state.channels.has(channel.id)) state.channels.set(channel.id, channel);
  },
  channel_member_updated: (state, data) => {
    const member = JSON.parse(data.channelMember) as ChannelMember;
    state.members.set(member.channel_id, member);
  },
  added_to_team: async (state, { team_id }, { self }) => {
    state.teams.set(team_id, (await self.get(`/teams/${team_id}`)) as Team);
  },
  leave_team: (state, { team_id, user_id }, { self }) => {
    if (user_id !== self.userId) return;
    state.teams.delete(team_id);
    for (const channel of [...state.channels.values()]) if (channel.team_id === team_id) forget(state, channel.id);
  },
  delete_team: (state, data) => {
    state.teams.delete((JSON.parse(data.team) as Team).id);
  },
  restore_team: async (state, data, { self }) => {
    const { id } = JSON.parse(data.team) as Team;
    state.teams.set(id, (await self.get(`/teams/${id}`)) as Team);
  },
  update_team: (state, data) => {
    const team = JSON.parse(data.team) as Team;
    const known = state.teams.get(team.id);
    // The invitation is not sent to everybody.
    if (known !== undefined) state.teams.set(team.id, { ...team, invite_id: known.invite_id, email: known.email });
  },
};

/** Applies an event that has reached the client. */
export async function applyEvent(state: ClientState, event: OutgoingEvent, self: ClientSelf): Promise<void> {
  const handler = handlers[event.event] as Handlers['posted'] | undefined;
  await handler?.(state, event.data as EventData<'posted'>, { self, channelId: event.to.channel_id ?? '' });
}

function noteReply(posts: Map<string, Post>, reply: Post): void {
  const root = posts.get(reply.root_id);
  if (root === undefined) return;
  const others = root.participants ?? [];
  countReplies(posts, root.id, { reply_count: reply.reply_count, last_reply_at: reply.last_reply_at });
  posts.set(root.id, {
    ...root,
    reply_count: reply.reply_count,
    last_reply_at: Math.max(root.last_reply_at, reply.last_reply_at),
    update_at: Math.max(root.update_at, reply.create_at),
    participants: others.some((person) => person.id === reply.user_id) ? others : [...others, { id: reply.user_id }],
  });
}

/** Every post of a thread shows how many replies the thread has. */
function countReplies(
  posts: Map<string, Post>,
  rootId: string,
  counts: { readonly reply_count: number; readonly last_reply_at: number },
): void {
  for (const post of posts.values()) if (post.root_id === rootId) posts.set(post.id, { ...post, ...counts });
}

function countPost(state: ClientState, post: Post, by: { readonly isOwn: boolean; readonly mentioned: boolean }): void {
  const channel = state.channels.get(post.channel_id);
  const member = state.members.get(post.channel_id);
  if (channel === undefined || member === undefined) return;
  const count = uncountedTypes.has(post.type) ? 0 : 1;
  const root = post.root_id === '' ? 1 : 0;
  const counted: Channel = {
    ...channel,
    last_post_at: Math.max(channel.last_post_at, post.create_at),
    last_root_post_at: root === 0 ? channel.last_root_post_at : Math.max(channel.last_root_post_at, post.create_at),
    total_msg_count: channel.total_msg_count + count,
    total_msg_count_root: channel.total_msg_count_root + count * root,
  };
  state.channels.set(channel.id, counted);
  if (by.isOwn) state.members.set(channel.id, readToTheEnd(member, counted));
  else if (by.mentioned) {
    const mention_count = member.mention_count + 1;
    const mention_count_root = member.mention_count_root + root;
    state.members.set(channel.id, { ...member, mention_count, mention_count_root });
  }
}

function readToTheEnd(member: ChannelMember, channel: Channel): ChannelMember {
  return {
    ...member,
    msg_count: Math.max(member.msg_count, channel.total_msg_count),
    msg_count_root: Math.max(member.msg_count_root, channel.total_msg_count_root),
    last_viewed_at: Math.max(member.last_viewed_at, channel.last_post_at),
    mention_count: 0,
    mention_count_root: 0,
    urgent_mention_count: 0,
  };
}

function removePost(state: ClientState, post: Post): void {
  const posts = state.posts.get(post.channel_id);
  if (posts === undefined) return;
  posts.delete(post.id);
  for (const reply of [...posts.values()]) if (reply.root_id === post.id) posts.delete(reply.id);
  const root = posts.get(post.root_id);
  if (root === undefined) return;
  const replies = [...posts.values()].filter((reply) => reply.root_id === root.id);
  const counts = {
    reply_count: replies.length,
    last_reply_at: Math.max(0, ...replies.map((reply) => reply.create_at)),
  };
  countReplies(posts, root.id, counts);
  posts.set(root.id, { ...root, ...counts, update_at: Math.max(root.update_at, post.update_at) });
}

function changeReactions(
  state: ClientState,
  reaction: Reaction,
  change: (reactions: readonly Reaction[]) => Reaction[],
): void {
  const posts = state.posts.get(reaction.channel_id);
  const post = posts?.get(reaction.post_id);
  if (posts === undefined || post === undefined) return;
  const reactions = change(post.metadata.reactions ?? []);
  posts.set(post.id, {
    ...post,
    update_at: Math.max(post.update_at, reaction.update_at),
    has_reactions: reactions.length > 0,
    metadata: reactions.length > 0 ? { reactions } : {},
  });
}

function forget(state: ClientState, channelId: string): void {
  state.channels.delete(channelId);
  state.members.delete(channelId);
  state.posts.delete(channelId);
}
