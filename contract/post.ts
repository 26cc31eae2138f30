import { z } from 'zod';
import { fileInfo } from './file.ts';
import { id, millis } from './ids.ts';
import { limits } from './limits.ts';

export const emojiName = z
  .string()
  .regex(/^[a-zA-Z0-9+_-]+$/)
  .max(limits.emojiNameMax);

export const reaction = z.object({
  user_id: id,
  post_id: id,
  emoji_name: emojiName,
  create_at: millis,
  update_at: millis,
  delete_at: millis,
  channel_id: id,
});
export type Reaction = z.infer<typeof reaction>;
export const createReactionRequest = z.object({ user_id: id, post_id: id, emoji_name: emojiName });

export const postProps = z
  .record(z.string(), z.unknown())
  .refine((props) => JSON.stringify(props).length <= limits.propsMax);

/** A post as the API and the events show it. A deleted post has an empty message and `delete_at` set. */
export const post = z.object({
  id,
  create_at: millis,
  update_at: millis,
  edit_at: millis,
  delete_at: millis,
  is_pinned: z.boolean(),
  user_id: id,
  channel_id: id,
  /** The id of the thread's first post, or empty. */
  root_id: z.string(),
  original_id: z.string(),
  message: z.string(),
  type: z.string(),
  props: z.record(z.string(), z.unknown()),
  hashtags: z.string(),
  file_ids: z.array(id),
  pending_post_id: z.string(),
  reply_count: z.int(),
  last_reply_at: millis,
  participants: z.array(z.object({ id })).nullable(),
  has_reactions: z.boolean().optional(),
  /** Of a root in a list with collapsed threads: whether the caller follows its thread. */
  is_following: z.boolean().optional(),
  /** `files` in the order of `file_ids`; each is there only when it is not empty. */
  metadata: z.object({ files: z.array(fileInfo).optional(), reactions: z.array(reaction).optional() }),
});
export type Post = z.infer<typeof post>;

export const createPostRequest = z.object({
  channel_id: id,
  message: z.string().default(''),
  root_id: id.or(z.literal('')).default(''),
  props: postProps.default({}),
  /** Own uploads in this channel that hang on no post yet. */
  file_ids: z.array(id).max(limits.filesMax).default([]),
  /** Made by the client; unique per user for ever. A repeat returns the stored post. */
  pending_post_id: z.string().max(limits.pendingPostIdMax).default(''),
});
export type CreatePostRequest = z.input<typeof createPostRequest>;

export const patchPostRequest = z.object({
  message: z.string().optional(),
  props: postProps.optional(),
  is_pinned: z.boolean().optional(),
  /** The files that the post is to have: some of its own, and further uploads. */
  file_ids: z.array(id).max(limits.filesMax).optional(),
});
export type PatchPostRequest = z.infer<typeof patchPostRequest>;
export const updatePostRequest = patchPostRequest.extend({ id });

/** Where a post is, for a client that has only a link to it. */
export const postInfo = z.object({
  channel_id: id,
  channel_type: z.string(),
  channel_display_name: z.string(),
  has_joined_channel: z.boolean(),
  /** Empty, as what follows, for direct channels. */
  team_id: z.string(),
  team_type: z.string(),
  team_display_name: z.string(),
  has_joined_team: z.boolean(),
});
export type PostInfo = z.infer<typeof postInfo>;

/** A post that only `user_id` sees and that nobody keeps. */
export const ephemeralPostRequest = z.object({
  user_id: id,
  post: z.object({
    channel_id: id,
    message: z.string(),
    root_id: id.or(z.literal('')).default(''),
    props: postProps.nullish(),
  }),
});
export type EphemeralPostRequest = z.infer<typeof ephemeralPostRequest>;

export const postIdsRequest = z.array(id).min(1).max(limits.idsMax);

/** Body of `POST /posts/stored`: which of the caller's posts with these pending ids does the master have? At most 200. */
export const storedPostsRequest = z.object({
  pending_post_ids: z.array(z.string().min(1).max(limits.pendingPostIdMax)).min(1).max(limits.pendingIdsMax),
});
/** Its answer: those that are stored, deleted posts included. */
export const storedPostsResponse = z.object({ pending_post_ids: z.array(z.string()) });
export type StoredPostsResponse = z.infer<typeof storedPostsResponse>;

/** `order` is newest first; `posts` also holds the roots of replies. */
export const postList = z.object({
  order: z.array(id),
  posts: z.record(z.string(), post),
  next_post_id: z.string(),
  prev_post_id: z.string(),
  /** Up to when posts are hidden; 0 = none is. Mattermost's clients ask for it in every list. */
  first_inaccessible_post_time: z.int(),
  has_next: z.boolean().optional(),
});
export type PostList = z.infer<typeof postList>;

/** Posts of the server about comings and goings: nobody has to read them, so they are counted nowhere. */
export const uncountedTypes: ReadonlySet<string> = new Set([
  'system_join_channel',
  'system_leave_channel',
  'system_add_to_channel',
  'system_remove_from_channel',
  'system_join_team',
  'system_leave_team',
  'system_add_to_team',
  'system_remove_from_team',
]);
