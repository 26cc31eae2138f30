import { z } from 'zod';
import { assignedRole } from './console.ts';
import { millis } from './ids.ts';

/** What `GET /database/history?range=` takes: the last 15 minutes and the last hour in steps of 5 s, the last day of 60 s. */
export const historyRange = z.enum(['15m', '1h', '24h']);
export type HistoryRange = z.infer<typeof historyRange>;

const counts = z.array(z.number().nullable());

/** One data source over time; each list has one value per moment of `at`, null where the source was not part of the pools. */
export const sourceHistory = z.object({
  name: z.string(),
  /** The role it had last. */
  role: assignedRole,
  in_use: counts,
  waiting: counts,
  reads_per_second: counts,
  writes_per_second: counts,
  p95_ms: counts,
  lag_seconds: counts,
});
export type SourceHistory = z.infer<typeof sourceHistory>;

/** Of a step that stands for several readings: the largest for everything but the rates, which are means. */
export const databaseHistory = z.object({
  range: historyRange,
  step_ms: z.int().positive(),
  /** Ends of the steps, oldest first. */
  at: z.array(millis),
  /** Writes that waited at the gate. */
  writes_waiting: counts,
  sources: z.array(sourceHistory),
});
export type DatabaseHistory = z.infer<typeof databaseHistory>;
