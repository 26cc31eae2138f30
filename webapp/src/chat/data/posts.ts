import type { PostList } from '../../../../contract/index.ts';
import { api } from '../../client/index.ts';
import {
  applyChanges,
  change,
  chatState,
  extendWindow,
  heldPosts,
  newestChange,
  openThread,
  openWindow,
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

/** Loads a channel for the screen: around the first unread post, or its newest page. A window in memory is used as it is. */
export async function openChannel(channelId: string): Promise<void> {
  const { members, windows } = chatState();
  rememberReadPlace(channelId, members[channelId]?.last_viewed_at ?? Date.now());
  if (windows[channelId] && !windows[channelId].gap) return;
  const before = heldPosts(chatState());
  const page = await firstPage(channelId);
  change(openWindow(channelId, page, before));
  needUsers(usersOf(page));
}

/** Goes to the newest page, whatever was shown. */
export async function loadLatest(channelId: string): Promise<void> {
  const before = heldPosts(chatState());
  const page = await api.posts.latest(channelId, pageSize);
  change(openWindow(channelId, page, before));
  needUsers(usersOf(page));
}

/** Adds the page before the window's first post. */
export async function loadOlder(channelId: string): Promise<void> {
  const first = chatState().windows[channelId]?.order[0];
  if (first === undefined) return;
  const page = await api.posts.before(channelId, first, pageSize);
  change(extendWindow(channelId, page, 'older'));
  needUsers(usersOf(page));
}

/** Adds the page after the window's last post. */
export async function loadNewer(channelId: string): Promise<void> {
  const last = chatState().windows[channelId]?.order.at(-1);
  if (last === undefined) return;
  const page = await api.posts.after(channelId, last, pageSize);
  change(extendWindow(channelId, page, 'newer'));
  needUsers(usersOf(page));
}

/** Makes up for missed events in a channel that is on the screen. */
export async function catchUp(channelId: string): Promise<PostList | undefined> {
  const since = newestChange(chatState(), channelId);
  if (since === 0) {
    await loadLatest(channelId);
    return undefined;
  }
  const changes = await api.posts.since(channelId, since);
  if (changes.order.length > changesMax) {
    await loadLatest(channelId);
    return undefined;
  }
  change(applyChanges(channelId, changes));
  needUsers(usersOf(changes));
  return changes;
}

/** Loads a thread for the right panel. */
export async function loadThread(rootId: string): Promise<void> {
  const page = await api.posts.thread(rootId);
  change(openThread(rootId, page));
  needUsers(usersOf(page));
}
