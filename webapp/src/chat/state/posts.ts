import type { Post, PostList, Reaction } from '../../../../contract/index.ts';
import { type ById, type Change, type ChatState, type PostWindow, withEntry, withoutEntry } from './chat-state.ts';

const comparePosts = (posts: ById<Post>) => (a: string, b: string) =>
  (posts[a]?.create_at ?? 0) - (posts[b]?.create_at ?? 0) || (a < b ? -1 : 1);

/**
 * Takes a post over. An older version never replaces a newer one; a row's key (`pending_post_id`) is never lost.
 */
function keepPost(posts: ById<Post>, post: Post): ById<Post> {
  const known = posts[post.id];
  if (known && known.update_at > post.update_at) return posts;
  const pending = post.pending_post_id || known?.pending_post_id || '';
  return withEntry(posts, post.id, { ...post, pending_post_id: pending, metadata: post.metadata ?? {} });
}

function keepPosts(posts: ById<Post>, fresh: readonly Post[]): ById<Post> {
  const kept: Record<string, Post> = { ...posts };
  for (const post of fresh) {
    const next = keepPost(kept, post)[post.id];
    if (next) kept[post.id] = next;
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

/** Ids of the posts that are held now: whatever comes while a page is on its way may be newer than the page. */
export const heldPosts = (state: ChatState): ReadonlySet<string> => new Set(Object.keys(state.posts));

/**
 * A page becomes the channel's window, whatever was held before.
 *
 * @param before `heldPosts` when the page was asked for: what came since then is part of the window as well.
 */
export const openWindow =
  (channelId: string, page: PostList, before?: ReadonlySet<string>): Change =>
  (state) => {
    const posts = keepPosts(state.posts, Object.values(page.posts));
    const hasNewer = page.next_post_id !== '';
    const isNewcomer = (post: Post) => post.channel_id === channelId && before?.has(post.id) === false;
    const newcomers = hasNewer ? [] : Object.values(state.posts).filter(isNewcomer);
    const order = mergeOrder(
      posts,
      livingOrder(page),
      newcomers.map((post) => post.id),
    );
    const window = { order, hasOlder: page.prev_post_id !== '', hasNewer, gap: false };
    return { ...state, posts, windows: withEntry<PostWindow>(state.windows, channelId, window) };
  };

/** A page that joins the window at its older or its newer end. */
export const extendWindow =
  (channelId: string, page: PostList, end: 'older' | 'newer'): Change =>
  (state) => {
    const window = state.windows[channelId];
    if (!window) return state;
    const posts = keepPosts(state.posts, Object.values(page.posts));
    const order = mergeOrder(posts, window.order, livingOrder(page));
    const ends = end === 'older' ? { hasOlder: page.prev_post_id !== '' } : { hasNewer: page.next_post_id !== '' };
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
    const posts = keepPosts(state.posts, Object.values(changes.posts));
    const last = window.order.at(-1);
    const newest = last ? (posts[last]?.create_at ?? 0) : 0;
    const first = window.order[0];
    const oldest = first ? (posts[first]?.create_at ?? 0) : 0;
    const within = changes.order.filter((id) => {
      const at = posts[id]?.create_at ?? 0;
      return (!window.hasOlder || at >= oldest) && (!window.hasNewer || at <= newest);
    });
    const order = mergeOrder(posts, window.order, within);
    const windows = withEntry(state.windows, channelId, { ...window, order, gap: false });
    return { ...state, posts, windows, threads: withChangesInThreads(state.threads, posts, changes.order) };
  };

/** The newest change that the window knows of (ms): where to go on from. */
export function newestChange(state: ChatState, channelId: string): number {
  const ids = state.windows[channelId]?.order ?? [];
  return ids.reduce((newest, id) => Math.max(newest, state.posts[id]?.update_at ?? 0), 0);
}

/** After a lost stretch of events: the open channel has a gap, the others are read anew when they are opened. */
export const markStale =
  (openChannelId: string | undefined): Change =>
  (state) => {
    const open = openChannelId === undefined ? undefined : state.windows[openChannelId];
    const windows: ById<PostWindow> =
      openChannelId !== undefined && open ? { [openChannelId]: { ...open, gap: true } } : {};
    return { ...state, windows };
  };

function withReply(state: ChatState, post: Post, isNew: boolean): ChatState {
  const root = state.posts[post.root_id];
  const thread = state.threads[post.root_id];
  const posts =
    root && isNew
      ? withEntry(state.posts, root.id, {
          ...root,
          reply_count: root.reply_count + 1,
          last_reply_at: Math.max(root.last_reply_at, post.create_at),
        })
      : state.posts;
  const threads = thread ? withEntry(state.threads, post.root_id, mergeOrder(posts, thread, [post.id])) : state.threads;
  return { ...state, posts, threads };
}

/** A post that was just made, by an event or by the answer to our own request; taken twice it changes nothing more. */
export const addPost =
  (post: Post): Change =>
  (before) => {
    const isNew = before.posts[post.id] === undefined;
    let state: ChatState = { ...before, posts: keepPost(before.posts, post) };
    if (post.root_id !== '') state = withReply(state, post, isNew);
    const window = state.windows[post.channel_id];
    // A window that does not reach the present gets the post when it is scrolled to.
    if (!window || window.hasNewer) return state;
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

function withoutPosts(window: PostWindow, gone: ReadonlySet<string>): PostWindow {
  return { ...window, order: window.order.filter((id) => !gone.has(id)) };
}

/** A deletion; a thread goes with its root. */
export const removePost =
  (postId: string): Change =>
  (state) => {
    const post = state.posts[postId];
    if (!post) return state;
    const gone = new Set([postId]);
    for (const other of Object.values(state.posts)) if (other.root_id === postId) gone.add(other.id);
    const posts = { ...state.posts };
    for (const id of gone) {
      const each = posts[id];
      if (each) posts[id] = { ...each, delete_at: each.delete_at || each.update_at || 1 };
    }
    const root = posts[post.root_id];
    if (root) posts[root.id] = { ...root, reply_count: Math.max(0, root.reply_count - 1) };
    const window = state.windows[post.channel_id];
    const windows = window ? withEntry(state.windows, post.channel_id, withoutPosts(window, gone)) : state.windows;
    const thread = state.threads[post.root_id];
    const threads = thread
      ? withEntry(
          state.threads,
          post.root_id,
          thread.filter((id) => !gone.has(id)),
        )
      : withoutEntry(state.threads, postId);
    return { ...state, posts, windows, threads };
  };

/** A thread as the server lists it. */
export const openThread =
  (rootId: string, page: PostList): Change =>
  (state) => {
    const posts = keepPosts(state.posts, Object.values(page.posts));
    return {
      ...state,
      posts,
      threads: withEntry(state.threads, rootId, mergeOrder(posts, [rootId], livingOrder(page))),
    };
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
