import { z } from 'zod';
import { fileInfo } from './file.ts';
import { id, millis } from './ids.ts';
import { limits } from './limits.ts';
import { postProps } from './post.ts';

/** What somebody has begun to write in a channel, or in a thread of it. */
export const draft = z.object({
  create_at: millis,
  update_at: millis,
  /** Set in the answer and the event of a draft that was emptied. */
  delete_at: millis,
  user_id: id,
  channel_id: id,
  /** The id of the thread's first post, or empty. */
  root_id: z.string(),
  type: z.string(),
  message: z.string(),
  props: z.record(z.string(), z.unknown()),
  file_ids: z.array(id),
  priority: z.record(z.string(), z.unknown()),
  metadata: z.object({ files: z.array(fileInfo).optional() }),
});
export type Draft = z.infer<typeof draft>;

/** Clients send the whole draft back; times and owner are the server's. */
export const saveDraftRequest = z.object({
  channel_id: id,
  root_id: id.or(z.literal('')).default(''),
  type: z.string().max(limits.postTypeMax).default(''),
  message: z.string().default(''),
  props: postProps.nullish(),
  file_ids: z.array(id).max(limits.filesMax).nullish(),
  priority: postProps.nullish(),
});
export type SaveDraftRequest = z.infer<typeof saveDraftRequest>;
