import { z } from 'zod';
import { id, millis } from './ids.ts';

/** A personal access token. `token` is there only in the answer to its making: after that nobody can see it any more. */
export const accessToken = z.object({
  id,
  token: z.string().optional(),
  user_id: id,
  description: z.string(),
  is_active: z.boolean(),
  /** When it ends by itself; absent when it does not. */
  expires_at: millis.optional(),
});
export type AccessToken = z.infer<typeof accessToken>;
