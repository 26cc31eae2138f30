import type { PostList } from '../../../../contract/index.ts';
import { api, AppError } from '../../client/index.ts';
import {
  applyChanges,
  type Change,
  change,
  chatState,
  endOf,
  extendWindow,
  newestChange,
  openThread,
  openWindow,
  renewWindow,
  takeAnswer,
  unreadOf,
  withEntry,
} from '../state/index.ts';
import { needUsers } from './users.ts';

const pageSize = 60;
/** More changes than this are cheaper to read as a new page; the server lists no more than 1000 at once. */
const changesMax = 900;

function usersOf(page: PostList): Set<string> {
  const ids = new Set<string>();
  for (const post of Object.values(page.posts)) {
    ids.add(post.user_id);
    for (const reaction of post.metadata?.reactions ?? []) ids.add(reaction.user_id);
  }
  return ids;
}

function firstPage(channelId: string): Promise<PostList> {
  const { channels, members } = chatState();
  const channel = channels[channelId];
  const { messages } = channel ? unreadOf(channel, members[channelId]) : { messages: 0 };
  return messages === 0
    ? api.posts.latest(channelId, pageSize)
    : api.posts.aroundUnread(channelId, { before: pageSize / 2, after: pageSize });
}

/** Remembers up to when the user had read, for the "New messages" line. */
export function rememberReadPlace(channelId: string, at: number): void {
  change((state) => ({ ...state, readUpTo: withEntry(state.readUpTo, channelId, at) }));
}

async function takePage(ask: () => Promise<PostList>, changeOf: (page: PostList) => Change): Promise<PostList> {
  const page = await takeAnswer(ask, changeOf);
  needUsers(usersOf(page));
  return page;
}

/** Loads a channel for the screen: around the first unread post, or its newest page. A window in memory is used as it is. */
export async function openChannel(channelId: string): Promise<void> {
  const { members, windows } = chatState();
  rememberReadPlace(channelId, members[channelId]?.last_viewed_at ?? Date.now());
  if (windows[channelId] && !windows[channelId].gap) return;
  await takePage(
    () => firstPage(channelId),
    (page) => openWindow(channelId, page),
  );
}

/** Goes to the newest page, whatever was shown. */
export async function loadLatest(channelId: string): Promise<void> {
  await takePage(
    () => api.posts.latest(channelId, pageSize),
    (page) => openWindow(channelId, page),
  );
}

async function extend(channelId: string, end: 'older' | 'newer'): Promise<void> {
  const from = endOf(chatState(), channelId, end);
  if (from === undefined) return;
  await takePage(
    () => (end === 'older' ? api.posts.before : api.posts.after)(channelId, from, pageSize),
    (page) => extendWindow(channelId, page, { end, from }),
  );
}

/** Adds the page before the window's first post. */
export const loadOlder = (channelId: string): Promise<void> => extend(channelId, 'older');

/** Adds the page after the window's last post. */
export const loadNewer = (channelId: string): Promise<void> => extend(channelId, 'newer');

/** What a window that reaches the present ends with may be gone without a trace: that is no change which could be asked for. */
async function renewEnd(channelId: string): Promise<void> {
  if (chatState().windows[channelId]?.hasNewer !== false) return;
  await takePage(
    () => api.posts.latest(channelId, pageSize),
    (page) => renewWindow(channelId, page),
  );
}

async function takeChanges(channelId: string, since: number): Promise<PostList | undefined> {
  const isTooMuch = (changes: PostList) => changes.order.length > changesMax;
  const changes = await takePage(
    () => api.posts.since(channelId, since),
    (page) => (isTooMuch(page) ? (state) => state : applyChanges(channelId, page)),
  );
  if (!isTooMuch(changes)) return changes;
  await loadLatest(channelId);
  return undefined;
}

/** Makes up for missed events in a channel that is on the screen. Answers with what has changed, when that was listed. */
export async function catchUp(channelId: string): Promise<PostList | undefined> {
  const since = newestChange(chatState(), channelId);
  if (since === 0) {
    await loadLatest(channelId);
    return undefined;
  }
  const [changes] = await Promise.all([takeChanges(channelId, since), renewEnd(channelId)]);
  return changes;
}

const nothing: PostList = { order: [], posts: {}, next_post_id: '', prev_post_id: '', first_inaccessible_post_time: 0 };

const isGone = (error: unknown) => error instanceof AppError && (error.status === 404 || error.status === 403);

/** Loads a thread for the right panel; one that is gone is empty. */
export async function loadThread(rootId: string): Promise<void> {
  const ask = () =>
    api.posts.thread(rootId).catch((error: unknown) => {
      if (isGone(error)) return nothing;
      throw error;
    });
  await takePage(ask, (page) => openThread(rootId, page));
}
