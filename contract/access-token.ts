import { z } from 'zod';
import { id, millis } from './ids.ts';
import { limits } from './limits.ts';

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

export const createAccessTokenRequest = z.object({
  description: z.string().trim().min(1).max(limits.tokenDescriptionMax),
  /** Milliseconds since 1970; 0 = it does not end by itself. */
  expires_at: millis.max(8_640_000_000_000_000).default(0),
});
export const accessTokenIdRequest = z.object({ token_id: id });
/** Finds tokens by their id, by the id of their user, and by the beginning of the user's name. */
export const accessTokenSearchRequest = z.object({ term: z.string().trim().min(1).max(128) });
