import { afterEach, expect, it } from 'vitest';
import { bind, statement } from '../index.ts';
import { compareLedger, LedgerLoad, type Replicated, startReplicated, until } from '../testing/index.ts';

const sleep = statement('test.sleep', 'SELECT pg_sleep($1::float8)');
/** The default of `DrainLimitMilliseconds`. */
const drainLimitMs = 30_000;

let it3: Replicated | undefined;
afterEach(() => it3?.stop());

// It takes a minute, since the promise is about half a minute: the limit as it is shipped, and queries that run on each side of it.
it('a recycle lets a query of 30 s end in peace, and cuts one that runs on, while service goes on', async () => {
  it3 = await startReplicated({ overrides: { DrainLimitMilliseconds: drainLimitMs, QueryTimeout: 90 } });
  const { layer, settings, source } = it3;
  const load = new LedgerLoad(layer, 4);
  await load.more(200);
  const anns = layer.causalities.of('ann');
  const fits = layer.database.readLatest(sleep, 30);
  const fitsAndWrites = layer.database.write(anns, bind(sleep, 30));
  const tooLong = layer.database.write(anns, bind(sleep, 60)).catch((error: unknown) => error);
  await until('all three run', () => source('pg-a').in_use >= 3);

  const began = performance.now();
  // Another setting of the pools makes all of them new, so that none of the old may stay.
  const recycle = layer.control.recycle(settings(['pg-a', 'pg-b', 'pg-c'], { MaxOpenConns: 20 }), () => undefined);
  await until('the new pools serve', () => layer.control.status().generation === 2);
  const switched = performance.now() - began;
  const before = load.report;
  await expect(Promise.all([fits, fitsAndWrites])).resolves.toEqual([[expect.anything()], [expect.anything()]]);
  const { outcome } = await recycle;
  const took = performance.now() - began;
  const report = await load.stop();

  expect(outcome).toBe('succeeded');
  expect(took).toBeGreaterThanOrEqual(drainLimitMs);
  // The old pools wait for the long queries; nobody waits for the old pools.
  expect(switched).toBeLessThan(drainLimitMs / 3);
  expect(report.total - before.total).toBeGreaterThan(1_000);
  expect(await tooLong).toMatchObject({
    name: 'DatabaseError',
    outcome: 'unknown',
    message: expect.stringMatching(/^127\.0\.0\.1:\d+\/holdfast: Its connection was closed .* DrainLimitMilliseconds/),
  });
  expect(report).toMatchObject({ errors: [], stale: 0 });
  expect(await compareLedger(layer, report)).toEqual({ lost: [], disordered: 0 });
}, 120_000);
