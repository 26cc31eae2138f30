import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { ClusterError } from '../errors.ts';
import { Guard } from '../guard.ts';
import { chooseDataRoot } from '../placement.ts';
import { findFreePorts } from '../ports.ts';
import { chooseRunAs } from '../run-as.ts';
import { newClusterId, newSecrets } from '../state.ts';
import type { TestDatabase } from '../testing.ts';
import { findMariadb, MARIADB_PACKAGES } from './binaries.ts';
import { initialiseMariadb, type MariadbSetup } from './data.ts';
import { MariadbNode } from './node.ts';
import { queryMariadb } from './session.ts';

export { MARIADB_PACKAGES, findMariadb } from './binaries.ts';
export { queryMariadb } from './session.ts';
export type { MariadbNode } from './node.ts';

/** What to say where MariaDB is missing. */
export const MARIADB_ADVICE = `No MariaDB found. Install it (Debian: apt-get install ${MARIADB_PACKAGES.join(' ')}) or set HOLDFAST_MARIADB_BIN.`;

/** The nodes of a test's MariaDB cluster. */
export interface MariadbCluster {
  /** In the order of their names; the first was the first master. */
  readonly nodes: readonly MariadbNode[];
  node(name: string): MariadbNode;
}

export interface MariadbTestCluster {
  readonly cluster: MariadbCluster;
  /** Ends all processes and removes all files. */
  stop(): Promise<void>;
}

const NAMES = ['my-a', 'my-b', 'my-c', 'my-d', 'my-e', 'my-f', 'my-g', 'my-h', 'my-i'];

/** Starts a MariaDB cluster in a temporary folder, with fsync off and short time-outs. Default: no replica. */
export async function startMariadbCluster(
  options: { readonly replicas?: number; readonly options?: Readonly<Record<string, string>> } = {},
): Promise<MariadbTestCluster> {
  const binaries = findMariadb();
  if (binaries === undefined) throw new ClusterError(MARIADB_ADVICE);
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-test-')));
  // The databases' user must pass through it when the tests run as root.
  chmodSync(directory, 0o755);
  const runAs = chooseRunAs();
  const dataRoot = chooseDataRoot(directory, runAs);
  const setup = { binaries, runAs, dataRoot, secrets: newSecrets(), options: options.options ?? {} };
  const clusterId = newClusterId();
  const nodes = await makeNodes(setup, { directory, clusterId }, 1 + (options.replicas ?? 0));
  const guard = new Guard({ clusterId, directory, dataRoot, durable: false, discard: directory, program: 'mariadbd' });
  const abandon = (): void => {
    for (const node of nodes) node.killNow();
    rmSync(directory, { recursive: true, force: true });
  };
  process.once('exit', abandon);
  const stop = async (): Promise<void> => {
    process.off('exit', abandon);
    await Promise.all(nodes.map((node) => node.kill()));
    guard.dismiss();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await startAll(nodes);
  } catch (error) {
    await stop();
    throw error;
  }
  const cluster = {
    nodes,
    node(name: string) {
      const found = nodes.find((node) => node.name === name);
      if (found === undefined) throw new ClusterError(`There is no node "${name}".`);
      return found;
    },
  };
  return { cluster, stop };
}

async function makeNodes(
  setup: MariadbSetup,
  place: { directory: string; clusterId: string },
  count: number,
): Promise<MariadbNode[]> {
  const ports = await findFreePorts(count);
  // Made once for all nodes; a node that is rebuilt begins with it again.
  const template = join(setup.dataRoot, 'template');
  await initialiseMariadb(template, setup);
  const makeData = async (to: string): Promise<void> => {
    // -a keeps the owner, which matters when root copies.
    await promisify(execFile)('cp', ['-a', template, to]);
  };
  return ports.map((port, at) => {
    const name = NAMES[at] ?? `my-${at}`;
    return new MariadbNode({ name, port, serverId: at + 1, ...place, setup, makeData });
  });
}

async function startAll(nodes: readonly MariadbNode[]): Promise<void> {
  const [master, ...replicas] = nodes;
  if (master === undefined) return;
  await Promise.all(nodes.map((node) => node.start()));
  await Promise.all(replicas.map((replica) => replica.restoreReplication(master)));
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
