import type { Post, PostList, Reaction } from '../../../../contract/index.ts';
import { type ById, type Change, type ChatState, type PostWindow, withEntry } from './chat-state.ts';

const comparePosts = (posts: ById<Post>) => (a: string, b: string) =>
  (posts[a]?.create_at ?? 0) - (posts[b]?.create_at ?? 0) || (a < b ? -1 : 1);

/** A row's key (`pending_post_id`) is never lost. */
function withKey(post: Post, known: Post | undefined): Post {
  const pending = post.pending_post_id || known?.pending_post_id || '';
  return { ...post, pending_post_id: pending, metadata: post.metadata ?? {} };
}

/** Takes a post over that was told of. An older version never replaces a newer one. */
function keepPost(posts: ById<Post>, post: Post): ById<Post> {
  const known = posts[post.id];
  if (known && known.update_at > post.update_at) return posts;
  return withEntry(posts, post.id, withKey(post, known));
}

/** Takes over what the server lists, also where it is older: a lost master takes edits and deletions with it. */
function keepPage(posts: ById<Post>, page: PostList): ById<Post> {
  const kept: Record<string, Post> = { ...posts };
  for (const post of Object.values(page.posts)) {
    kept[post.id] = withKey(post, kept[post.id]);
  }
  return kept;
}

/** Ids of a page, oldest first, without what is deleted. */
const livingOrder = (page: PostList): string[] =>
  page.order.toReversed().filter((id) => page.posts[id]?.delete_at === 0);

const isLiving = (posts: ById<Post>) => (id: string) => posts[id]?.delete_at === 0;

function mergeOrder(posts: ById<Post>, ...runs: readonly (readonly string[])[]): string[] {
  return [...new Set(runs.flat())].filter(isLiving(posts)).toSorted(comparePosts(posts));
}

/** Whether a post of this time (ms) lies in the stretch that the window holds without a hole. */
function covers(window: PostWindow, posts: ById<Post>, at: number): boolean {
  const timeOf = (id: string | undefined) => (id === undefined ? 0 : (posts[id]?.create_at ?? 0));
  return (!window.hasOlder || at >= timeOf(window.order[0])) && (!window.hasNewer || at <= timeOf(window.order.at(-1)));
}

/** A page becomes the channel's window, whatever was held before. */
export const openWindow =
  (channelId: string, page: PostList): Change =>
  (state) => {
    const posts = keepPage(state.posts, page);
    const window: PostWindow = {
      order: mergeOrder(posts, livingOrder(page)),
      hasOlder: page.prev_post_id !== '',
      hasNewer: page.next_post_id !== '',
      gap: false,
    };
    return { ...state, posts, windows: withEntry(state.windows, channelId, window) };
  };

/** The post that the next page at this end is asked for from. */
export function endOf(state: ChatState, channelId: string, end: 'older' | 'newer'): string | undefined {
  return state.windows[channelId]?.order.at(end === 'older' ? 0 : -1);
}

/**
 * The page before (`older`) or after (`newer`) the post `from` joins the window at that end. When the window does not end there any more
 * (another page has become the window, `from` was deleted), the page would leave a hole: it is dropped, and asked for anew from the new end.
 */
export const extendWindow =
  (channelId: string, page: PostList, place: { readonly end: 'older' | 'newer'; readonly from: string }): Change =>
  (state) => {
    const window = state.windows[channelId];
    if (!window || endOf(state, channelId, place.end) !== place.from) return state;
    const posts = keepPage(state.posts, page);
    const order = mergeOrder(posts, window.order, livingOrder(page));
    const ends =
      place.end === 'older' ? { hasOlder: page.prev_post_id !== '' } : { hasNewer: page.next_post_id !== '' };
    return { ...state, posts, windows: withEntry(state.windows, channelId, { ...window, order, ...ends }) };
  };

function withChangesInThreads(
  threads: ChatState['threads'],
  posts: ById<Post>,
  ids: readonly string[],
): ChatState['threads'] {
  return Object.fromEntries(
    Object.entries(threads).map(([rootId, order]) => {
      const replies = ids.filter((id) => posts[id]?.root_id === rootId);
      return [rootId, replies.length === 0 ? order : mergeOrder(posts, order, replies)];
    }),
  );
}

/** What changed in a channel while nobody told us: new posts, edits, deletions. Closes the gap. */
export const applyChanges =
  (channelId: string, changes: PostList): Change =>
  (state) => {
    const window = state.windows[channelId];
    if (!window) return state;
    const posts = keepPage(state.posts, changes);
    const within = changes.order.filter((id) => covers(window, posts, posts[id]?.create_at ?? 0));
    const order = mergeOrder(posts, window.order, within);
    const windows = withEntry(state.windows, channelId, { ...window, order, gap: false });
    return { ...state, posts, windows, threads: withChangesInThreads(state.threads, posts, changes.order) };
  };

/** The newest change that the window knows of (ms): where to go on from. */
export function newestChange(state: ChatState, channelId: string): number {
  const ids = state.windows[channelId]?.order ?? [];
  return ids.reduce((newest, id) => Math.max(newest, state.posts[id]?.update_at ?? 0), 0);
}

/** After a lost stretch of events: the open channel has a gap, the open thread stays, the others are read anew when they are opened. */
export const markStale =
  (openChannelId: string | undefined, openThreadId?: string): Change =>
  (state) => {
    const window = state.windows[openChannelId ?? ''];
    const windows: ById<PostWindow> = openChannelId && window ? { [openChannelId]: { ...window, gap: true } } : {};
    const thread = state.threads[openThreadId ?? ''];
    return { ...state, windows, threads: openThreadId && thread ? { [openThreadId]: thread } : {} };
  };

/** A reply tells how many its thread has: also one that was deleted, of what is left. */
function withReplyCount(posts: ById<Post>, { root_id, reply_count, last_reply_at }: Post): ById<Post> {
  const root = posts[root_id];
  return root ? withEntry(posts, root_id, { ...root, reply_count, last_reply_at }) : posts;
}

function withReply(state: ChatState, reply: Post): ChatState {
  const posts = withReplyCount(state.posts, reply);
  const thread = state.threads[reply.root_id];
  if (!thread) return { ...state, posts };
  return { ...state, posts, threads: withEntry(state.threads, reply.root_id, mergeOrder(posts, thread, [reply.id])) };
}

/** A post that was just made, by an event or by the answer to our own request; taken twice it changes nothing more. */
export const addPost =
  (post: Post): Change =>
  (before) => {
    let state: ChatState = { ...before, posts: keepPost(before.posts, post) };
    if (post.root_id !== '') state = withReply(state, post);
    const window = state.windows[post.channel_id];
    // A window that does not reach the present gets the post when it is scrolled to.
    if (!window || !covers(window, state.posts, post.create_at)) return state;
    const order = mergeOrder(state.posts, window.order, [post.id]);
    return { ...state, windows: withEntry(state.windows, post.channel_id, { ...window, order }) };
  };

/** An edit: only of a post that is held. An event's post may come without its reactions and thread numbers. */
export const editPost =
  (post: Post): Change =>
  (state) => {
    const known = state.posts[post.id];
    if (!known) return state;
    return {
      ...state,
      posts: keepPost(state.posts, { ...known, ...post, metadata: { ...known.metadata, ...post.metadata } }),
    };
  };

function withoutIds(runs: ChatState['threads'], gone: ReadonlySet<string>): ChatState['threads'] {
  return Object.fromEntries(Object.entries(runs).map(([id, order]) => [id, order.filter((each) => !gone.has(each))]));
}

/**
 * A deletion; a thread goes with its root, which need not be held itself. An open thread stays, empty.
 *
 * @param deleted the post as the server shows it afterwards, when it has told
 */
export const removePost =
  (postId: string, deleted?: Post): Change =>
  (state) => {
    const posts = { ...(deleted ? withReplyCount(state.posts, deleted) : state.posts) };
    const gone = Object.values(posts).filter(({ id, root_id }) => id === postId || root_id === postId);
    for (const post of gone) posts[post.id] = { ...post, delete_at: post.delete_at || post.update_at || 1 };
    const ids = new Set(gone.map(({ id }) => id));
    const threads = withoutIds(state.threads, ids);
    const [first] = gone;
    const window = first && state.windows[first.channel_id];
    if (!window) return { ...state, posts, threads };
    const order = window.order.filter((id) => !ids.has(id));
    return { ...state, posts, threads, windows: withEntry(state.windows, first.channel_id, { ...window, order }) };
  };

/** Lets go of posts that the server does not have any more, nobody knows since when: a lost master took them with it. */
function forget(state: ChatState, lost: readonly string[]): ChatState {
  if (lost.length === 0) return state;
  const ids = new Set(lost);
  const posts = Object.fromEntries(Object.entries(state.posts).filter(([id]) => !ids.has(id)));
  const windows = Object.fromEntries(
    Object.entries(state.windows).map(([id, each]) => [id, { ...each, order: each.order.filter((p) => !ids.has(p)) }]),
  );
  return { ...state, posts, windows, threads: withoutIds(state.threads, ids) };
}

/** A thread as the server lists it; a page without posts when it is gone. */
export const openThread =
  (rootId: string, page: PostList): Change =>
  (state) => {
    const posts = keepPage(state.posts, page);
    return { ...state, posts, threads: withEntry(state.threads, rootId, mergeOrder(posts, livingOrder(page))) };
  };

/**
 * The newest page, read anew, joins a window that reaches the present. What the window held in its place and it does not list is gone; what
 * is older stays, as long as the two meet.
 */
export const renewWindow =
  (channelId: string, page: PostList): Change =>
  (before) => {
    const held = before.windows[channelId];
    if (!held || held.hasNewer) return before;
    const older = page.prev_post_id === '' ? [] : held.order.slice(0, held.order.indexOf(page.prev_post_id) + 1);
    const lost = held.order.slice(older.length).filter((id) => !page.posts[id]);
    const state = forget(before, lost);
    if (older.length === 0) return openWindow(channelId, page)(state);
    const posts = keepPage(state.posts, page);
    const order = mergeOrder(posts, older, livingOrder(page));
    return { ...state, posts, windows: withEntry(state.windows, channelId, { ...held, order }) };
  };

const sameReaction = (a: Reaction, b: Reaction) => a.user_id === b.user_id && a.emoji_name === b.emoji_name;

/** Sets or unsets one person's reaction. */
export const setReaction =
  (reaction: Reaction, present: boolean): Change =>
  (state) => {
    const post = state.posts[reaction.post_id];
    if (!post) return state;
    const others = (post.metadata.reactions ?? []).filter((each) => !sameReaction(each, reaction));
    const reactions = present ? [...others, reaction] : others;
    return {
      ...state,
      posts: withEntry(state.posts, post.id, { ...post, metadata: { ...post.metadata, reactions } }),
    };
  };
