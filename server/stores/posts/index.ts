export type { StoredPost } from './change-posts.ts';
export type { Around, FlaggedFilter, PageOptions, ThreadPart } from './list-posts.ts';
export { postTexts } from './find-posts.ts';
export type { CountedPost, Person, PostContext } from './mention-reads.ts';
export { type CreatedPost, type Follow, type NewPost, type PostRefusal } from './new-post.ts';
export { type PostRow, postColumns } from './post-json.ts';
export type { PatchedFiles } from './patch-files.ts';
export type { PostPatch } from './patch-post.sql.ts';
export { createPostStore, type PostStore } from './post-store.ts';
