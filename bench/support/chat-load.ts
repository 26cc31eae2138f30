import type { LoadRequest } from './load.ts';
import type { Chat } from './with-chat.ts';

/** With the columns around it about 300 bytes, as the posts of real teams are. */
const MESSAGE =
  'The release is out. Please look at the dashboard this afternoon and say here when something looks odd; ' +
  'the old numbers are in the thread of last week. Thanks to everybody who stayed late on this one!';

/** One post per user, each with an id that never repeats. */
export function postRequests({ users, channelOf, hotChannel }: Chat, where: 'many' | 'hot'): LoadRequest[] {
  return users.map(({ token, user }, index) => {
    const channel = where === 'hot' ? hotChannel : channelOf(index);
    const body = { channel_id: channel.id, message: `${MESSAGE} {{n}}`, pending_post_id: `${user.id}:{{n}}` };
    return { method: 'POST', path: '/api/v4/posts', token, body: JSON.stringify(body) };
  });
}

/** The newest 60 posts of each user's channel. */
export function pageRequests({ users, channelOf }: Chat): LoadRequest[] {
  return users.map(({ token }, index) => ({
    method: 'GET',
    path: `/api/v4/channels/${channelOf(index).id}/posts?page=0&per_page=60`,
    token,
  }));
}

/** As much as a client asks all day long: the own status. */
export function statusRequests({ users }: Chat): LoadRequest[] {
  return users.map(({ token, user }) => ({ method: 'GET', path: `/api/v4/users/${user.id}/status`, token }));
}

export const BENCH_MESSAGE = MESSAGE;
