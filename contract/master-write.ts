import { z } from 'zod';
import { configChange, masterConfiguration } from './console.ts';

/**
 * Body of `POST /config/master[?dry_run=true]`, which writes the master that was followed to the file: its name, so that no other one is
 * written than the admin has seen.
 */
export const masterWriteRequest = z.object({ master: z.string().min(1).max(1_000) });
export type MasterWriteRequest = z.infer<typeof masterWriteRequest>;

export const masterWriteResponse = z.object({
  status: z.literal('OK'),
  dry_run: z.boolean(),
  /** From the file as it is to the file as it is to be: `running` is the one value and `on_disk` the other. */
  changes: z.array(configChange),
  /** Not written and without a `reason`: it can be. */
  configuration: masterConfiguration,
});
export type MasterWriteResponse = z.infer<typeof masterWriteResponse>;
