import { ClusterError } from '../cluster/index.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };
const LONGEST_MS = 24 * 3_600_000;

/** Milliseconds of `500ms`, `5s`, `2m`; 0 for `off`. */
export function parseDelay(text: string | undefined): number {
  if (text === 'off') return 0;
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text ?? '') ?? [];
  const ms = Math.round(Number(amount) * (UNITS[unit] ?? Number.NaN));
  if (Number.isNaN(ms) || ms > LONGEST_MS)
    throw new ClusterError('How late? For example 500ms, 5s or 2m, at most a day; or off.');
  return ms;
}
