import type { Channel, ChannelMember, Post, PostList, ServerEvent, Team } from '../../../../contract/index.ts';
import { type ChatState, emptyChatState } from './chat-state.ts';

/** A post as the server shows it; later numbers are later. */
export function makePost(number: number, fields: Partial<Post> = {}): Post {
  const at = 1_000 + number;
  return {
    id: `p${number}`,
    create_at: at,
    update_at: at,
    edit_at: 0,
    delete_at: 0,
    is_pinned: false,
    user_id: 'bob',
    channel_id: 'town',
    root_id: '',
    original_id: '',
    message: `message ${number}`,
    type: '',
    props: {},
    hashtags: '',
    file_ids: [],
    pending_post_id: '',
    reply_count: 0,
    last_reply_at: 0,
    participants: null,
    metadata: {},
    ...fields,
  };
}

/** A page of posts as the server lists them: newest first. */
export function makePage(posts: readonly Post[], ends: { next?: string; previous?: string } = {}): PostList {
  return {
    order: posts.toSorted((a, b) => b.create_at - a.create_at).map((post) => post.id),
    posts: Object.fromEntries(posts.map((post) => [post.id, post])),
    next_post_id: ends.next ?? '',
    prev_post_id: ends.previous ?? '',
    first_inaccessible_post_time: 0,
  };
}

export function makeChannel(id: string, fields: Partial<Channel> = {}): Channel {
  return {
    id,
    create_at: 1,
    update_at: 1,
    delete_at: 0,
    team_id: 'team',
    type: 'O',
    display_name: id,
    name: id,
    header: '',
    purpose: '',
    last_post_at: 0,
    total_msg_count: 0,
    total_msg_count_root: 0,
    last_root_post_at: 0,
    extra_update_at: 0,
    creator_id: '',
    scheme_id: null,
    props: null,
    group_constrained: null,
    shared: null,
    ...fields,
  };
}

export function makeMember(channelId: string, fields: Partial<ChannelMember> = {}): ChannelMember {
  return {
    channel_id: channelId,
    user_id: 'ann',
    roles: '',
    last_viewed_at: 0,
    msg_count: 0,
    mention_count: 0,
    mention_count_root: 0,
    msg_count_root: 0,
    urgent_mention_count: 0,
    notify_props: {},
    last_update_at: 0,
    scheme_guest: false,
    scheme_user: true,
    scheme_admin: false,
    explicit_roles: '',
    ...fields,
  };
}

/** Ann's state: a member of `town`, where nothing has been loaded. */
export function makeState(fields: Partial<ChatState> = {}): ChatState {
  return {
    ...emptyChatState('ann'),
    team: { id: 'team', name: 'harbour' } as Team,
    channels: { town: makeChannel('town') },
    members: { town: makeMember('town') },
    ...fields,
  };
}

/** An event as it comes over the socket. */
export function makeEvent<N extends ServerEvent['event']>(event: N, data: unknown, channelId = 'town'): ServerEvent {
  return {
    event,
    data: data as ServerEvent['data'],
    seq: 1,
    broadcast: {
      omit_users: null,
      user_id: '',
      channel_id: channelId,
      team_id: '',
      connection_id: '',
      omit_connection_id: '',
    },
  };
}

/** The `posted` event of a post; `mentions` as user ids. */
export function postedEvent(post: Post, mentions: readonly string[] = []): ServerEvent {
  const data = { post: JSON.stringify(post), ...(mentions.length > 0 ? { mentions: JSON.stringify(mentions) } : {}) };
  return makeEvent('posted', data, post.channel_id);
}
