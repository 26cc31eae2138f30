import { z } from 'zod';

export const logLevel = z.enum(['debug', 'info', 'warn', 'error']);
export type LogLevel = z.infer<typeof logLevel>;

/** One line of the server's log, its secrets masked before it was kept. */
export const logLine = z.object({
  /** Rises by one with each line since the server started. */
  id: z.int().nonnegative(),
  /** ISO 8601 in UTC. */
  time: z.string(),
  level: logLevel,
  event: z.string(),
  fields: z.record(z.string(), z.unknown()),
});
export type LogLine = z.infer<typeof logLine>;

/** Answer of `GET /logs/lines?after=ID`: the kept lines with a higher id, oldest first; without `after` all of them. */
export const logPage = z.object({
  /** Tells this run of the server from another, whose ids begin anew. */
  run: z.string(),
  lines: z.array(logLine),
});
export type LogPage = z.infer<typeof logPage>;
