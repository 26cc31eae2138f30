export type { StoredPost } from './change-posts.ts';
export type { PageOptions, ThreadPart } from './list-posts.ts';
export type { CountedPost, Person, PostContext } from './mention-reads.ts';
export { type CreatedPost, type NewPost, type PostRefusal } from './new-post.ts';
export { createPostStore, type PostStore } from './post-store.ts';
