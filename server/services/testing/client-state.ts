import type { Channel, ChannelMember, Post, PostList, Team } from '../../../contract/index.ts';

/** What a client keeps of the chat. */
export interface ClientState {
  readonly teams: Map<string, Team>;
  readonly channels: Map<string, Channel>;
  /** The user's own places, by channel; also those in archived channels, which are not among `channels`. */
  readonly members: Map<string, ChannelMember>;
  /** By channel, then by id; the deleted ones are not there. */
  readonly posts: Map<string, Map<string, Post>>;
}

/** How a client asks: the path below `/api/v4`, answered by the parsed JSON. */
export type ClientGet = (path: string) => Promise<unknown>;

/** Reads the whole state of a user by REST, as a client does at its start. */
export async function fetchState(get: ClientGet): Promise<ClientState> {
  const teams = (await get('/users/me/teams')) as Team[];
  const channels = (await get('/users/me/channels')) as Channel[];
  const members = (await get('/users/me/channel_members?per_page=200')) as ChannelMember[];
  const posts = await Promise.all(channels.map((channel) => fetchPosts(get, channel.id)));
  return {
    teams: byId(teams),
    channels: byId(channels),
    members: new Map(members.map((member) => [member.channel_id, member])),
    posts: new Map(channels.map((channel, index) => [channel.id, posts[index] ?? new Map()])),
  };
}

/** Reads one channel, the user's place in it and its posts. */
export async function fetchChannel(get: ClientGet, state: ClientState, channelId: string): Promise<void> {
  state.channels.set(channelId, (await get(`/channels/${channelId}`)) as Channel);
  state.members.set(channelId, (await get(`/channels/${channelId}/members/me`)) as ChannelMember);
  state.posts.set(channelId, await fetchPosts(get, channelId));
}

async function fetchPosts(get: ClientGet, channelId: string): Promise<Map<string, Post>> {
  const list = (await get(`/channels/${channelId}/posts?per_page=200`)) as PostList;
  return byId(Object.values(list.posts));
}

function byId<T extends { readonly id: string }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}
