import { z } from 'zod';
import { id, millis } from './ids.ts';
import { limits } from './limits.ts';
import { emojiName } from './post.ts';

/** An emoji that somebody has made. */
export const emoji = z.object({
  id,
  create_at: millis,
  update_at: millis,
  delete_at: millis,
  creator_id: id,
  name: z.string(),
});
export type Emoji = z.infer<typeof emoji>;

/** The field `emoji` of the form that makes one, as JSON. */
export const createEmojiRequest = z.object({ name: emojiName.min(1), creator_id: id.or(z.literal('')).default('') });
export type CreateEmojiRequest = z.output<typeof createEmojiRequest>;

export const emojiNamesRequest = z.array(z.string().max(limits.emojiNameMax)).min(1).max(limits.perPageMax);
export const emojiSearchRequest = z.object({
  term: z.string().trim().min(1).max(limits.emojiNameMax),
  /** Only names that begin with the term; otherwise it may stand anywhere. */
  prefix_only: z.boolean().default(false),
});
