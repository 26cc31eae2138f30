import { z } from 'zod';
import { id, millis } from './ids.ts';

/** A role and what it permits, by Mattermost's names. A later version of the server may know more of them. */
export const role = z.object({
  id,
  name: z.string(),
  display_name: z.string(),
  description: z.string(),
  create_at: millis,
  update_at: millis,
  delete_at: millis,
  permissions: z.array(z.string()),
  /** Given by a place in a team or a channel, or by having an account; the others are given by name. */
  scheme_managed: z.boolean(),
  built_in: z.boolean(),
});
export type Role = z.infer<typeof role>;

/** Names of roles; unknown ones are left out of the answer. */
export const roleNamesRequest = z.array(z.string().max(64)).max(100);

/** All permissions of the role from now on. */
export const patchRoleRequest = z.object({ permissions: z.array(z.string().max(128)).max(1_000).optional() });

/** Permissions of parts of the System Console. */
export const ancillaryRequest = z.array(z.string().max(128)).max(1_000);
