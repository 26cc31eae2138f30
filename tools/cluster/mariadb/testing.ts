import { randomBytes } from 'node:crypto';

import { keepForTest } from '../keep-for-test.ts';
import type { TestDatabase } from '../testing.ts';
import { createMariadbCluster, type MariadbCluster } from './cluster.ts';
import type { MariadbOptions } from './options.ts';
import { queryMariadb } from './session.ts';

export { MARIADB_ADVICE, MARIADB_PACKAGES, findMariadb } from './binaries.ts';
export { queryMariadb } from './session.ts';
export type { MariadbCluster } from './cluster.ts';
export type { MariadbNode } from './node.ts';

export interface MariadbTestCluster {
  readonly cluster: MariadbCluster;
  /** Ends all processes and removes all files. */
  stop(): Promise<void>;
}

const NAMES = ['my-a', 'my-b', 'my-c', 'my-d', 'my-e', 'my-f', 'my-g', 'my-h', 'my-i'];

/** Starts a MariaDB cluster in a temporary folder, with fsync off and short time-outs. Default: no replica. */
export function startMariadbCluster(
  options: { readonly replicas?: number; readonly options?: MariadbOptions } = {},
): Promise<MariadbTestCluster> {
  return keepForTest((directory) =>
    createMariadbCluster({
      directory,
      nodes: NAMES.slice(0, 1 + (options.replicas ?? 0)),
      durable: false,
      discard: directory,
      options: options.options ?? {},
    }),
  );
}

/** The database that new test databases get their tables from, when the test run has made it. */
export const MARIADB_TEMPLATE = 'test_template';

/** Makes a database on a running node, with the application's user: with the template's tables, empty but for the steps. */
export async function createMariadbDatabase(url: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const tables = await queryMariadb(url, [
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = '${MARIADB_TEMPLATE}'`,
  ]);
  await queryMariadb(url, [
    `CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
    ...tables
      .map((table) => String(table['name']))
      .map((table) => `CREATE TABLE ${name}.${table} LIKE ${MARIADB_TEMPLATE}.${table}`),
    ...(tables.length > 0 ? [`INSERT INTO ${name}.db_migrations SELECT * FROM ${MARIADB_TEMPLATE}.db_migrations`] : []),
  ]);
  const own = new URL(url);
  own.pathname = `/${name}`;
  const drop = async (): Promise<void> => {
    await queryMariadb(url, [`DROP DATABASE IF EXISTS ${name}`]);
  };
  return { name, url: own.href, drop };
}
