import { z } from 'zod';
import { id, millis } from './ids.ts';
import { limits } from './limits.ts';
import { username } from './user.ts';

/** A bot: an account that nobody signs in to. It acts by access tokens. */
export const bot = z.object({
  user_id: id,
  username: z.string(),
  display_name: z.string(),
  description: z.string(),
  /** Who made it; for an account that was made a bot, itself. */
  owner_id: id,
  create_at: millis,
  update_at: millis,
  /** When it was disabled. */
  delete_at: millis,
});
export type Bot = z.infer<typeof bot>;

const displayName = z.string().trim().max(limits.displayNameMax);
const description = z.string().max(limits.botDescriptionMax);

export const createBotRequest = z.object({
  username,
  display_name: displayName.default(''),
  description: description.default(''),
});
export type NewBotRequest = z.output<typeof createBotRequest>;

/** What is left out stays as it is; an empty text clears. */
export const patchBotRequest = z.object({
  username: username.optional(),
  display_name: displayName.optional(),
  description: description.optional(),
});
export type PatchBotRequest = z.output<typeof patchBotRequest>;
