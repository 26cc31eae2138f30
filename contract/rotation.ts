import { z } from 'zod';
import { millis } from './ids.ts';

/**
 * Body of `POST /database/rotation`: takes a replica out of the rotation (`in: false`) or puts it back. It stays out over
 * recycles until it is put back or the server restarts.
 */
export const rotationRequest = z.object({
  /** Name of the data source, as in `database/status`. */
  source: z.string().min(1).max(512),
  in: z.boolean(),
  /** Takes it out although no other replica serves reads; the master then serves them all. Default false: refused. */
  accept_last: z.boolean().default(false),
});
export type RotationRequest = z.input<typeof rotationRequest>;

/** Who has taken a replica out of the rotation, and when (ms since 1970). */
export const takenOut = z.object({ by: z.string(), at: millis });

/** One line of `GET /database/errors?source=NAME`, newest first: a statement that failed on the source. No secret in it. */
export const sourceError = z.object({ at: millis, text: z.string() });
export type SourceError = z.infer<typeof sourceError>;
