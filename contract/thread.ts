import { z } from 'zod';
import { id, millis } from './ids.ts';
import { post } from './post.ts';
import { user } from './user.ts';

/** A thread as one of its followers has it. `post` is its root. */
export const userThread = z.object({
  id,
  reply_count: z.int(),
  last_reply_at: millis,
  last_viewed_at: millis,
  /** Who has replied, in the order of their first replies: only their ids, unless the whole users are asked for. */
  participants: z.array(z.union([user, z.object({ id })])),
  post,
  unread_replies: z.int(),
  unread_mentions: z.int(),
  is_following: z.boolean(),
  is_urgent: z.boolean(),
  delete_at: millis,
});
export type UserThread = z.infer<typeof userThread>;

/** The threads that a user follows in a team and in direct channels. */
export const userThreads = z.object({
  total: z.int(),
  total_unread_threads: z.int(),
  total_unread_mentions: z.int(),
  total_unread_urgent_mentions: z.int(),
  threads: z.array(userThread),
});
export type UserThreads = z.infer<typeof userThreads>;
