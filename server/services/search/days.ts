import type { TimeRange } from '../../stores/search/index.ts';

const DAY_MS = 86_400_000;
const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;

/**
 * The day `2026-01-31` (`2026-1-31`) where the clocks are `offsetSeconds` ahead of UTC. Undefined when there is no such day,
 * or when it was before 1970.
 */
export function dayOf(text: string, offsetSeconds: number): TimeRange | undefined {
  const [, year, month, day] = (DATE.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const utc = new Date(Date.UTC(year, month - 1, day));
  if (utc.getUTCMonth() !== month - 1 || utc.getUTCDate() !== day || year < 1970) return undefined;
  const from = utc.getTime() - offsetSeconds * 1_000;
  return { from, until: from + DAY_MS };
}
