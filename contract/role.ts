import { z } from 'zod';
import { id, millis } from './ids.ts';

/** A role and what it permits, by Mattermost's names. */
export const role = z.object({
  id,
  name: z.string(),
  display_name: z.string(),
  description: z.string(),
  create_at: millis,
  update_at: millis,
  delete_at: millis,
  permissions: z.array(z.string()),
  scheme_managed: z.boolean(),
  built_in: z.boolean(),
});
export type Role = z.infer<typeof role>;
