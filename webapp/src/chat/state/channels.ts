import { type Channel, type ChannelMember, type Post, type User, uncountedTypes } from '../../../../contract/index.ts';
import { type Change, type ChatState, withEntry, withoutEntry } from './chat-state.ts';

/** What a channel has for the user that they have not read. */
export interface Unread {
  readonly messages: number;
  readonly mentions: number;
}

export function unreadOf(channel: Channel, member: ChannelMember | undefined): Unread {
  if (!member) return { messages: 0, mentions: 0 };
  const messages = Math.max(0, channel.total_msg_count - member.msg_count);
  // Everything that is said in a direct channel is said to the user.
  const mentions = channel.type === 'D' ? messages : member.mention_count;
  return { messages, mentions };
}

/** The other one of a direct channel; oneself in a channel with oneself. */
export function directPartner(channel: Channel, myId: string): string {
  const [first = '', second = ''] = channel.name.split('__');
  return first === myId ? second : first;
}

/** What to call a channel. A direct channel has the name of the other one. */
export function channelTitle(state: Pick<ChatState, 'users' | 'myId'>, channel: Channel): string {
  if (channel.type !== 'D') return channel.display_name;
  const partner = directPartner(channel, state.myId);
  const name = state.users[partner]?.username ?? '…';
  return partner === state.myId ? `${name} (you)` : name;
}

/** The name to show for a user who may not be loaded yet. */
export function userName(user: User | undefined): string {
  return user?.username ?? '…';
}

export interface SidebarSection {
  readonly kind: 'channels' | 'direct';
  readonly channels: readonly Channel[];
}

/** The sidebar: channels by name, direct channels by their newest message. */
export function sidebarSections(state: Pick<ChatState, 'channels' | 'members'>): SidebarSection[] {
  const mine = Object.values(state.channels).filter((channel) => state.members[channel.id] && channel.delete_at === 0);
  const rooms = mine.filter((channel) => channel.type === 'O' || channel.type === 'P');
  const direct = mine.filter((channel) => channel.type === 'D' || channel.type === 'G');
  return [
    { kind: 'channels', channels: rooms.toSorted((a, b) => a.display_name.localeCompare(b.display_name)) },
    { kind: 'direct', channels: direct.toSorted((a, b) => b.last_post_at - a.last_post_at) },
  ];
}

/** The channels in the order of the sidebar: for the keys that go up and down. */
export function channelsInOrder(state: Pick<ChatState, 'channels' | 'members'>): Channel[] {
  return sidebarSections(state).flatMap((section) => section.channels);
}

/** Everything in the channel counts as read. */
export const markRead =
  (channelId: string, at: number): Change =>
  (state) => {
    const channel = state.channels[channelId];
    const member = state.members[channelId];
    if (!channel || !member) return state;
    const read: ChannelMember = {
      ...member,
      msg_count: channel.total_msg_count,
      msg_count_root: channel.total_msg_count_root,
      mention_count: 0,
      mention_count_root: 0,
      last_viewed_at: Math.max(member.last_viewed_at, at),
    };
    return { ...state, members: withEntry(state.members, channelId, read) };
  };

/** Counts a new post. Posts that the counters already hold (they came by REST before the event) are not counted again. */
export const countPost =
  (post: Post, mentionsMe: boolean): Change =>
  (state) => {
    const channel = state.channels[post.channel_id];
    if (!channel || post.create_at <= channel.last_post_at) return state;
    const count = uncountedTypes.has(post.type) ? 0 : 1;
    const isRoot = post.root_id === '' ? 1 : 0;
    const counted: Channel = {
      ...channel,
      total_msg_count: channel.total_msg_count + count,
      total_msg_count_root: channel.total_msg_count_root + count * isRoot,
      last_post_at: post.create_at,
      last_root_post_at: isRoot ? post.create_at : channel.last_root_post_at,
    };
    const next = { ...state, channels: withEntry(state.channels, channel.id, counted) };
    const member = state.members[channel.id];
    if (!member) return next;
    const mine = post.user_id === state.myId ? count : 0;
    const place: ChannelMember = {
      ...member,
      msg_count: member.msg_count + mine,
      msg_count_root: member.msg_count_root + mine * isRoot,
      mention_count: member.mention_count + (mentionsMe ? 1 : 0),
    };
    return { ...next, members: withEntry(state.members, channel.id, place) };
  };

/** The user is no longer in the channel. */
export const leaveChannel =
  (channelId: string): Change =>
  (state) => ({
    ...state,
    members: withoutEntry(state.members, channelId),
    windows: withoutEntry(state.windows, channelId),
  });
