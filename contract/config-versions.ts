import { z } from 'zod';
import { configChange } from './console.ts';

/** Answer of `GET /config/versions/{sha}/changes?to=`; in `changes`, `running` is the one value and `on_disk` the other. */
export const configComparisonResponse = z.object({ from: z.string(), to: z.string(), changes: z.array(configChange) });
export type ConfigComparisonResponse = z.infer<typeof configComparisonResponse>;

/**
 * Body of `POST /config/versions/{sha}/restore`: the SHA-256 of the file on disk that is to be replaced, null when it
 * cannot be read. A file that has become another one meanwhile is left alone.
 */
export const configRestoreRequest = z.object({ on_disk: z.string().max(64).nullable() });
export type ConfigRestoreRequest = z.infer<typeof configRestoreRequest>;

export const configRestoreResponse = z.object({ status: z.literal('OK'), sha: z.string() });
export type ConfigRestoreResponse = z.infer<typeof configRestoreResponse>;
