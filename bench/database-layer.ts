import pg from 'pg';
import type * as Database from '../server/database/index.ts';
import type { BenchResult } from './result.ts';
import { builtLayer, CONNECTIONS, type Layer, openLayer, timesOf } from './support/against-driver.ts';
import type { BenchContext } from './support/context.ts';
import { withCluster } from './support/with-cluster.ts';

const ROWS = 1_000;
const TEXT = 'x'.repeat(300);
const readText = 'SELECT id, n, text FROM bench_rows WHERE id = $1';
const writeText = 'INSERT INTO bench_rows (id, n, text) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING';
const positionText = 'SELECT pg_current_wal_flush_lsn()::text AS position';

interface Arms {
  readonly layer: Database.DatabaseLayer;
  readonly built: Layer;
  readonly context: BenchContext;
}

/** What the database layer costs: the same prepared statement by `Database` and by a bare pool of the same size. */
export async function databaseLayer(context: BenchContext): Promise<BenchResult[]> {
  const built = await builtLayer();
  return withCluster(1, async (cluster) => {
    const [master, replica] = cluster.nodes.map((node) => node.url());
    if (master === undefined || replica === undefined) throw new Error('The cluster has no replica.');
    const layer = await openLayer(built, 'postgres', `${master},${replica}`);
    const pools = {
      master: openPool(master),
      replica: openPool(replica),
      pipelined: openPool(master, { pipeline: true }),
    };
    try {
      await seed(pools.master);
      const arms = { layer, built, context };
      return [await benchRead(arms, pools.replica), ...(await benchWrite(arms, pools))];
    } finally {
      await Promise.all([layer.close(1_000), ...Object.values(pools).map((pool) => pool.end())]);
    }
  });
}

async function benchRead({ layer, built, context }: Arms, pool: pg.Pool): Promise<BenchResult> {
  const causality = layer.causalities.of('bench');
  const read = built.statement('bench.read', readText);
  let number = 0;
  const nextId = (): string => String(number++ % ROWS);
  const ours = () => layer.database.read(causality, read, nextId());
  const bare = () => pool.query({ name: 'bare.read', text: readText, values: [nextId()] });
  return timesOf('store read', { ours, bare, driver: 'pg' }, context);
}

/**
 * Twice: against the statement alone, which shows what the causal token costs, too; and against a bare connection that
 * asks for the flush position in the same packet, as every write of ours does.
 */
async function benchWrite(
  { layer, built, context }: Arms,
  pools: { readonly master: pg.Pool; readonly pipelined: pg.Pool },
): Promise<BenchResult[]> {
  const causality = layer.causalities.of('bench');
  const write = built.statement('bench.write', writeText);
  let number = ROWS;
  const values = (): [string, number, string] => [String(number++), 1, TEXT];
  const ours = () => layer.database.write(causality, built.bind(write, ...values()), { onUnknown: 'repeatable' });
  const bare = () => pools.master.query({ name: 'bare.write', text: writeText, values: values() });
  const bareWithPosition = async (): Promise<void> => {
    const client = await pools.pipelined.connect();
    const { stream } = (client as unknown as { connection: { stream: { cork(): void; uncork(): void } } }).connection;
    stream.cork();
    const answers = [
      client.query({ name: 'bare.write', text: writeText, values: values() }),
      client.query({ name: 'bare.position', text: positionText }),
    ];
    stream.uncork();
    await Promise.all(answers);
    client.release();
  };
  return [
    await timesOf('store write', { ours, bare, driver: 'pg' }, context),
    await timesOf(
      'store write, bare pg asks for the flush position too',
      { ours, bare: bareWithPosition, driver: 'pg' },
      context,
    ),
  ];
}

function openPool(connectionString: string, more: object = {}): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: CONNECTIONS, ...more });
  // `end` does not wait until the server has hung up: the stopping cluster may end the last connections first.
  pool.on('error', () => undefined);
  return pool;
}

async function seed(master: pg.Pool): Promise<void> {
  await master.query('CREATE TABLE bench_rows (id text PRIMARY KEY, n bigint NOT NULL, text text NOT NULL)');
  await master.query('INSERT INTO bench_rows SELECT i::text, i, $1 FROM generate_series(0, $2::int - 1) AS i', [
    TEXT,
    ROWS,
  ]);
  await master.query('VACUUM ANALYZE bench_rows');
}
