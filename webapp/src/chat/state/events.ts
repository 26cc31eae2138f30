import type { Channel, EventData, EventName, Post, Reaction, ServerEvent, User } from '../../../../contract/index.ts';
import { countPost, leaveChannel, markRead } from './channels.ts';
import { type Change, typingKey, withEntry } from './chat-state.ts';
import { addPost, editPost, removePost, setReaction } from './posts.ts';

/** Somebody types for so long after they last said so (ms). */
const typingTime = 5_000;

const unchanged: Change = (state) => state;

const chain =
  (...changes: readonly Change[]): Change =>
  (state) =>
    changes.reduce((current, change) => change(current), state);

function posted(data: EventData<'posted'>): Change {
  const post = JSON.parse(data.post) as Post;
  const mentions = data.mentions === undefined ? [] : (JSON.parse(data.mentions) as string[]);
  return (state) =>
    chain(
      countPost(post, post.user_id !== state.myId && mentions.includes(state.myId)),
      addPost(post),
      stopTyping(post),
    )(state);
}

/** Who has posted does not type any more. */
const stopTyping =
  (post: Post): Change =>
  (state) => {
    const key = typingKey(post.channel_id, post.root_id);
    const { [post.user_id]: gone, ...others } = state.typing[key] ?? {};
    return gone === undefined ? state : { ...state, typing: { ...state.typing, [key]: others } };
  };

function typing(data: EventData<'typing'>, event: ServerEvent, now: number): Change {
  const key = typingKey(event.broadcast.channel_id, data.parent_id);
  return (state) => ({
    ...state,
    typing: { ...state.typing, [key]: { ...state.typing[key], [data.user_id]: now + typingTime } },
  });
}

function channelUpdated(data: EventData<'channel_updated'>): Change {
  const channel = JSON.parse(data.channel) as Channel;
  return (state) =>
    state.channels[channel.id] ? { ...state, channels: withEntry(state.channels, channel.id, channel) } : state;
}

const setDeleted =
  (channelId: string, deleteAt: number): Change =>
  (state) => {
    const channel = state.channels[channelId];
    return channel
      ? { ...state, channels: withEntry(state.channels, channelId, { ...channel, delete_at: deleteAt }) }
      : state;
  };

function userUpdated(data: EventData<'user_updated'>): Change {
  const user = data.user as unknown as User;
  return (state) => ({ ...state, users: withEntry(state.users, user.id, { ...state.users[user.id], ...user }) });
}

type Reader<N extends EventName> = (data: EventData<N>, event: ServerEvent, now: number) => Change;
type Readers = { readonly [N in EventName]?: Reader<N> };

const readers: Readers = {
  posted,
  post_edited: (data) => editPost(JSON.parse(data.post) as Post),
  post_deleted: (data) => {
    const post = JSON.parse(data.post) as Post;
    return removePost(post.id, post);
  },
  reaction_added: (data) => setReaction(JSON.parse(data.reaction) as Reaction, true),
  reaction_removed: (data) => setReaction(JSON.parse(data.reaction) as Reaction, false),
  typing,
  channel_viewed: (data, _event, now) => markRead(data.channel_id, now),
  channel_updated: channelUpdated,
  channel_deleted: (data) => setDeleted(data.channel_id, data.delete_at),
  channel_restored: (data) => setDeleted(data.channel_id, 0),
  user_removed: (data) => (data.channel_id === undefined ? unchanged : leaveChannel(data.channel_id)),
  user_updated: userUpdated,
  status_change: (data) => (state) => ({
    ...state,
    statuses: { ...state.statuses, [data.user_id]: data.status as (typeof state.statuses)[string] },
  }),
};

/** What an event means for the state; events that call for a request mean nothing here. `now` in ms. */
export function changeOf(event: ServerEvent, now: number): Change {
  const read: Reader<EventName> | undefined = readers[event.event];
  return read ? read(event.data, event, now) : unchanged;
}
