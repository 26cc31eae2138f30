import { describe, expect, it } from 'vitest';
import type { Connection } from '../dialect/dialect.ts';
import { postgresDialect } from '../dialect/postgres.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { clockCheck, measureClockSkew } from './clock-skew.ts';

/** A database whose clock is ahead; its answers take as long as told, half there and half back. */
function databaseAhead(
  clock: ManualClock,
  aheadMs: number,
  roundTrips: readonly number[],
): Pick<Connection, 'execute'> {
  let round = 0;
  return {
    async execute() {
      const half = (roundTrips[round++] ?? 0) / 2;
      await clock.advance(half);
      const ms = String(clock.now() + aheadMs);
      await clock.advance(half);
      return { rows: [{ ms }], command: 'SELECT' };
    },
  };
}

describe('the skew of a clock', () => {
  it.each([
    [3, [2, 2, 2], 1],
    [-2_500, [40, 4, 30], 2],
    [0, [10, 10, 10], 5],
  ])('of %d ms is found over round trips of %j ms', async (aheadMs, roundTrips, withinMs) => {
    const clock = new ManualClock();
    const connection = databaseAhead(clock, aheadMs, roundTrips);
    const found = await measureClockSkew(connection, { dialect: postgresDialect, clock, timeoutMs: 1_000 });
    expect(found).toEqual({ aheadMs, withinMs });
  });

  it.each([
    [3.04, 1, 'passed', "Its clock is 3 ms ahead of this server's, give or take 1 ms."],
    [-0.4, 0.5, 'passed', "Its clock agrees with this server's within 0.5 ms."],
    [
      -2_460,
      1,
      'warning',
      /^Its clock is 2\.5 s behind this server's, give or take 1 ms\. Let both follow a time server/,
    ],
  ])('of %d ms, give or take %d, is told in words', (aheadMs, withinMs, outcome, text) => {
    const check = clockCheck({ aheadMs, withinMs });
    expect(check).toMatchObject({ name: 'Clock', outcome });
    expect(check.text).toMatch(text);
  });
});
