import pg from 'pg';
import { bind, type DatabaseLayer, openDatabase, parseSqlSettings, statement } from '../server/database/index.ts';
import type { BenchResult } from './result.ts';
import type { BenchContext } from './support/context.ts';
import { compare, rateOf } from './support/rounds.ts';
import { summarise } from './support/statistics.ts';
import { withCluster } from './support/with-cluster.ts';

const CONNECTIONS = 8;
const ROWS = 1_000;
const TEXT = 'x'.repeat(300);
const readText = 'SELECT id, n, text FROM bench_rows WHERE id = $1';
const writeText = 'INSERT INTO bench_rows (id, n, text) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING';
const READ = statement('bench.read', readText);
const WRITE = statement('bench.write', writeText);

/** What the database layer costs: the same prepared statement by `Database` and by a bare pool of the same size. */
export async function databaseLayer(context: BenchContext): Promise<BenchResult[]> {
  return withCluster(1, async (cluster) => {
    const [master, replica] = cluster.nodes.map((node) => node.url());
    if (master === undefined || replica === undefined) throw new Error('The cluster has no replica.');
    const layer = await openLayer(`${master},${replica}`);
    const pools = { master: openPool(master), replica: openPool(replica) };
    try {
      await seed(pools.master);
      return [await benchRead(layer, pools.replica, context), await benchWrite(layer, pools.master, context)];
    } finally {
      await Promise.all([layer.close(1_000), pools.master.end(), pools.replica.end()]);
    }
  });
}

async function benchRead(layer: DatabaseLayer, pool: pg.Pool, context: BenchContext): Promise<BenchResult> {
  const causality = layer.causalities.of('bench');
  let number = 0;
  const nextId = (): string => String(number++ % ROWS);
  const ours = () => layer.database.read(causality, READ, nextId());
  const bare = () => pool.query({ name: 'bare.read', text: readText, values: [nextId()] });
  return timesOf('store read', ours, bare, context);
}

async function benchWrite(layer: DatabaseLayer, pool: pg.Pool, context: BenchContext): Promise<BenchResult> {
  const causality = layer.causalities.of('bench');
  let number = ROWS;
  const ours = () =>
    layer.database.write(causality, bind(WRITE, String(number++), 1, TEXT), { onUnknown: 'repeatable' });
  const bare = () => pool.query({ name: 'bare.write', text: writeText, values: [String(number++), 1, TEXT] });
  return timesOf('store write', ours, bare, context);
}

async function timesOf(
  name: string,
  ours: () => Promise<unknown>,
  bare: () => Promise<unknown>,
  { rounds, roundMs }: BenchContext,
): Promise<BenchResult> {
  const { ourRates, theirRates } = await compare(
    () => rateOf(ours, CONNECTIONS, roundMs),
    () => rateOf(bare, CONNECTIONS, roundMs),
    rounds,
  );
  const times = ourRates.map((rate, index) => (theirRates[index] ?? Number.NaN) / rate);
  const { ratio } = summarise(ourRates);
  return {
    name,
    ...summarise(times),
    goal: '<= 1.10',
    unit: 'time : bare pg',
    detail: `${Math.round(ratio)}/s with ${CONNECTIONS} at once, bare pg ${Math.round(summarise(theirRates).ratio)}/s`,
  };
}

function openLayer(dataSource: string): Promise<DatabaseLayer> {
  const parsed = parseSqlSettings({ DriverName: 'postgres', DataSource: dataSource, MaxOpenConns: CONNECTIONS });
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return openDatabase(parsed.settings);
}

function openPool(connectionString: string): pg.Pool {
  return new pg.Pool({ connectionString, max: CONNECTIONS });
}

async function seed(master: pg.Pool): Promise<void> {
  await master.query('CREATE TABLE bench_rows (id text PRIMARY KEY, n bigint NOT NULL, text text NOT NULL)');
  await master.query('INSERT INTO bench_rows SELECT i::text, i, $1 FROM generate_series(0, $2::int - 1) AS i', [
    TEXT,
    ROWS,
  ]);
  await master.query('VACUUM ANALYZE bench_rows');
}
