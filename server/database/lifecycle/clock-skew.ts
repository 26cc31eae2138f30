import type { Clock } from '../clock.ts';
import type { Connection, Dialect } from '../dialect/dialect.ts';

/** How far a database's clock is ahead of ours, and by how much that may be wrong: half the round trip. */
export interface ClockSkew {
  readonly aheadMs: number;
  readonly withinMs: number;
}

/** The round trip that is least disturbed tells most. */
const rounds = 3;
/** Above this, times of the two cannot be compared by eye any more. */
const tolerableMs = 1_000;

const tenths = (value: number): number => Math.round(value * 10) / 10;
const inWords = (ms: number): string => (ms < 1_000 ? `${tenths(ms)} ms` : `${tenths(ms / 1_000)} s`);

/** Asks the database what time it is, and takes its answer for the middle of the question's way there and back. */
export async function measureClockSkew(
  connection: Pick<Connection, 'execute'>,
  { dialect, clock, timeoutMs }: { dialect: Pick<Dialect, 'serverTime'>; clock: Clock; timeoutMs: number },
): Promise<ClockSkew> {
  let best: ClockSkew | undefined;
  for (let round = 0; round < rounds; round++) {
    const sentAt = clock.now();
    const { rows } = await connection.execute(dialect.serverTime, [], timeoutMs);
    const withinMs = (clock.now() - sentAt) / 2;
    if (best === undefined || withinMs < best.withinMs) {
      best = { aheadMs: Number(rows[0]?.['ms']) - sentAt - withinMs, withinMs };
    }
  }
  return best as ClockSkew;
}

/** The line of a test about it. Nothing here depends on equal clocks, so that a wrong one is worth no more than a warning. */
export function clockCheck({ aheadMs, withinMs }: ClockSkew): {
  readonly name: string;
  readonly outcome: 'passed' | 'warning';
  readonly text: string;
} {
  const size = Math.abs(aheadMs);
  if (size <= withinMs) {
    return {
      name: 'Clock',
      outcome: 'passed',
      text: `Its clock agrees with this server's within ${inWords(withinMs)}.`,
    };
  }
  const side = aheadMs > 0 ? 'ahead of' : 'behind';
  const text = `Its clock is ${inWords(size)} ${side} this server's, give or take ${inWords(withinMs)}.`;
  return size <= tolerableMs
    ? { name: 'Clock', outcome: 'passed', text }
    : {
        name: 'Clock',
        outcome: 'warning',
        text: `${text} Let both follow a time server, so that their logs can be compared.`,
      };
}
