import type {
  CreatePostRequest,
  PatchPostRequest,
  Post,
  PostList,
  Reaction,
  StoredPostsResponse,
} from '../../../contract/index.ts';
import type { Http } from './http.ts';

/** Posts, threads and reactions. */
export function createPostsClient(http: Http) {
  const page = (channelId: string, query: Record<string, string | number>, signal?: AbortSignal) =>
    http<PostList>({ path: `/channels/${channelId}/posts`, query, ...(signal ? { signal } : {}) });
  return {
    create: (body: CreatePostRequest) => http<Post>({ method: 'POST', path: '/posts', body }),
    /** Which of our own posts with these pending ids the master has; at most 200. */
    stored: (pendingIds: readonly string[]) =>
      http<StoredPostsResponse>({ method: 'POST', path: '/posts/stored', body: { pending_post_ids: pendingIds } }),
    byId: (postId: string) => http<Post>({ path: `/posts/${postId}` }),
    latest: (channelId: string, perPage: number) => page(channelId, { page: 0, per_page: perPage }),
    before: (channelId: string, postId: string, perPage: number) =>
      page(channelId, { before: postId, page: 0, per_page: perPage }),
    after: (channelId: string, postId: string, perPage: number) =>
      page(channelId, { after: postId, page: 0, per_page: perPage }),
    /** Everything that changed since `time` (ms), edits and deletions included. */
    since: (channelId: string, time: number) => page(channelId, { since: time }),
    /** The posts around the first one that the user has not read. */
    aroundUnread: (channelId: string, limits: { before: number; after: number }) =>
      http<PostList>({
        path: `/users/me/channels/${channelId}/posts/unread`,
        query: { limit_before: limits.before, limit_after: limits.after },
      }),
    thread: (rootId: string) => http<PostList>({ path: `/posts/${rootId}/thread` }),
    patch: (postId: string, body: PatchPostRequest) =>
      http<Post>({ method: 'PUT', path: `/posts/${postId}/patch`, body }),
    remove: (postId: string) => http<unknown>({ method: 'DELETE', path: `/posts/${postId}` }),
    addReaction: (body: { user_id: string; post_id: string; emoji_name: string }) =>
      http<Reaction>({ method: 'POST', path: '/reactions', body }),
    removeReaction: (userId: string, postId: string, name: string) =>
      http<unknown>({
        method: 'DELETE',
        path: `/users/${userId}/posts/${postId}/reactions/${encodeURIComponent(name)}`,
      }),
  };
}
