import { randomBytes } from 'node:crypto';

import { type Cluster, createCluster } from './cluster.ts';
import { keepForTest } from './keep-for-test.ts';
import type { Parameters } from './parameters.ts';
import { withSession } from './session.ts';

/** A cluster of a test's own. Its data are gone when it stops, and when the test's process ends or dies. */
export interface TestCluster {
  readonly cluster: Cluster;
  /** Ends all processes and removes all files. */
  stop(): Promise<void>;
}

/** Starts a cluster in a temporary folder, with fsync off and time-outs of 2 s between the nodes. Default: no replica. */
export function startTestCluster(
  options: { readonly replicas?: number; readonly parameters?: Parameters } = {},
): Promise<TestCluster> {
  const names = ['pg-a', 'pg-b', 'pg-c', 'pg-d', 'pg-e', 'pg-f', 'pg-g', 'pg-h', 'pg-i'];
  const nodes = names.slice(0, 1 + (options.replicas ?? 0));
  const { parameters = {} } = options;
  return keepForTest((directory) =>
    createCluster({ directory, nodes, durable: false, discard: directory, parameters }),
  );
}

/** A database of a test's own. */
export interface TestDatabase {
  readonly name: string;
  /** Connection string of the user given to `createDatabase`. */
  readonly url: string;
  /** Drops the database, cutting the sessions that are still in it. */
  drop(): Promise<void>;
}

/** The database that new test databases are copied from, when the test run has made it. */
export const TEMPLATE_DATABASE = 'template_holdfast';

/**
 * Makes a new database as a copy of `template`.
 *
 * @param url any database of a running node, with a user that may create databases; the new one belongs to it.
 * @param template default: `template_holdfast` where it exists, else an empty database.
 */
export async function createDatabase(url: string, template?: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await withSession(url, async (session) => {
    const found = await session.query('SELECT datname FROM pg_database WHERE datname = $1', [
      template ?? TEMPLATE_DATABASE,
    ]);
    await session.query(
      `CREATE DATABASE ${name} TEMPLATE ${found.length > 0 || template ? (template ?? TEMPLATE_DATABASE) : 'template1'}`,
    );
  });
  const own = new URL(url);
  own.pathname = `/${name}`;
  const drop = async (): Promise<void> => {
    await withSession(url, (session) => session.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  };
  return { name, url: own.href, drop };
}
