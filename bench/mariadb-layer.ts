import mysql from 'mysql2/promise';
import { findMariadb, MARIADB_ADVICE, startMariadbCluster } from '../tools/cluster/mariadb/testing.ts';
import type { BenchResult } from './result.ts';
import { builtLayer, CONNECTIONS, openLayer, timesOf } from './support/against-driver.ts';
import type { BenchContext } from './support/context.ts';

const ROWS = 1_000;
const TEXT = 'x'.repeat(300);
const readText = 'SELECT id, n, text FROM bench_rows WHERE id = $1';
const writeText = 'INSERT INTO bench_rows (id, n, text) VALUES ($1, $2, $3)';
/** Durable, unlike the tests' servers. */
const options = { 'innodb-flush-log-at-trx-commit': '1', 'sync-binlog': '1', 'innodb-doublewrite': '1' };

/** What the database layer costs on MariaDB: the same prepared statement by `Database` and by a bare pool of the same size. */
export async function mariadbLayer(context: BenchContext): Promise<BenchResult[]> {
  if (findMariadb() === undefined) {
    context.log(MARIADB_ADVICE);
    return [];
  }
  const built = await builtLayer();
  const { cluster, stop } = await startMariadbCluster({ replicas: 1, options });
  const [master = '', replica = ''] = cluster.nodes.map((node) => node.url());
  const layer = await openLayer(built, 'mysql', `${master},${replica}`);
  const pools = [master, replica].map((uri) => mysql.createPool({ uri, connectionLimit: CONNECTIONS }));
  try {
    await seed(master);
    const [toMaster, toReplica] = pools;
    const causality = layer.causalities.of('bench');
    const [read, write] = [built.statement('bench.read', readText), built.statement('bench.write', writeText)];
    let number = 0;
    const nextId = (): string => String(number++ % ROWS);
    const nextRow = (): [string, number, string] => [String(ROWS + number++), 1, TEXT];
    const bareText = (text: string): string => text.replaceAll(/\$\d/g, '?');
    const reads = {
      ours: () => layer.database.read(causality, read, nextId()),
      bare: async () => toReplica?.execute(bareText(readText), [nextId()]),
      driver: 'mysql2',
    };
    const writes = {
      ours: () => layer.database.write(causality, built.bind(write, ...nextRow())),
      bare: async () => toMaster?.execute(bareText(writeText), nextRow()),
      driver: 'mysql2',
    };
    return [
      await timesOf('store read on MariaDB', reads, context),
      await timesOf('store write on MariaDB', writes, context),
    ];
  } finally {
    await Promise.all([layer.close(1_000), ...pools.map((pool) => pool.end())]);
    await stop();
  }
}

async function seed(url: string): Promise<void> {
  const connection = await mysql.createConnection(url);
  await connection.query('CREATE TABLE bench_rows (id VARCHAR(26) PRIMARY KEY, n BIGINT NOT NULL, text TEXT NOT NULL)');
  await connection.query('INSERT INTO bench_rows SELECT seq, seq, ? FROM seq_0_to_999', [TEXT]);
  await connection.end();
}
