import { z } from 'zod';
import { assignedRole, operation, sourceReport } from './console.ts';

/** What a recycle would do, with the outcome of its checks. */
export const recyclePlan = z.object({
  /** Per data source of the running configuration, and those that leave. */
  changes: z.array(
    z.object({
      name: z.string(),
      change: z.enum(['keep', 'add', 'remove', 'role']),
      assigned_role: assignedRole,
      text: z.string(),
    }),
  ),
  master_changes: z.boolean(),
  reports: z.array(sourceReport),
  /** False when a check that the recycle insists on has failed. */
  possible: z.boolean(),
  /** Why it is not possible, naming the data source; empty otherwise. */
  reason: z.string(),
  /** Set when an override would make it possible: the name to give with it, and what is accepted, a sentence or two a check. */
  overridable: z.object({ name: z.string(), accepts: z.array(z.string()) }).nullable(),
  effect: z.string(),
});
export type RecyclePlan = z.infer<typeof recyclePlan>;

/** Body of `POST /database/recycle`; may be left out. */
export const recycleRequest = z.object({
  /**
   * Goes on in spite of the red checks that a person may know better. The name of the coming master, as the plan shows it:
   * `host:port/database`; with any other one nothing is done.
   */
  override: z.string().max(512).optional(),
});
export type RecycleRequest = z.infer<typeof recycleRequest>;

/** Answer of `POST /database/recycle`: with `dry_run` only the plan, otherwise the ended operation (or the joined one). */
export const recycleResponse = z.object({
  status: z.literal('OK'),
  dry_run: z.boolean(),
  joined: z.boolean(),
  plan: recyclePlan.nullable(),
  operation: operation.nullable(),
});
export type RecycleResponse = z.infer<typeof recycleResponse>;
