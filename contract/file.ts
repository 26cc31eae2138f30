import { z } from 'zod';
import { id, millis } from './ids.ts';
import { limits } from './limits.ts';

/** A file as the API shows it, in its own answers and in `metadata.files` of its post. */
export const fileInfo = z.object({
  id,
  /** Who uploaded it. */
  user_id: id,
  /** The post that it hangs on; empty until then. */
  post_id: z.string(),
  channel_id: id,
  create_at: millis,
  update_at: millis,
  delete_at: millis,
  /** As it was uploaded, any characters; without a path. */
  name: z.string(),
  /** What is behind the last dot of the name, in lower case; may be empty. */
  extension: z.string(),
  /** In bytes. */
  size: z.int().nonnegative(),
  mime_type: z.string(),
  /** In pixels, after turning it as the camera was held; 0 for what is no picture. */
  width: z.int().nonnegative(),
  height: z.int().nonnegative(),
  /** Whether `/thumbnail` and `/preview` answer with a picture. */
  has_preview_image: z.boolean(),
  /** Whether its bytes have been put away; here they never are. */
  archived: z.boolean(),
});
export type FileInfo = z.infer<typeof fileInfo>;

/** Answer of `POST /files`; `client_ids` are those of the request. */
export const uploadedFiles = z.object({ file_infos: z.array(fileInfo), client_ids: z.array(z.string()) });
export type UploadedFiles = z.infer<typeof uploadedFiles>;

export const fileLink = z.object({ link: z.string() });
export type FileLink = z.infer<typeof fileLink>;

/** Body of `POST /uploads`: the announcement of a file that is sent in pieces. */
export const createUploadRequest = z.object({
  channel_id: id,
  filename: z.string().min(1).max(limits.requestNameMax),
  /** In bytes; all of it has to come. */
  file_size: z.int().positive(),
});
export type CreateUploadRequest = z.infer<typeof createUploadRequest>;

/** A file on its way. Its next bytes go to `POST /uploads/{id}`, from `file_offset` on. */
export const uploadSession = z.object({
  id,
  type: z.literal('attachment'),
  create_at: millis,
  user_id: id,
  channel_id: id,
  filename: z.string(),
  file_size: z.int(),
  /** How many bytes are there. */
  file_offset: z.int(),
});
export type UploadSession = z.infer<typeof uploadSession>;
