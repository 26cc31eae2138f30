import type { TestProject } from 'vitest/node';

import { migrate, migrations } from '../../server/migrations/index.ts';
import {
  findMariadb,
  MARIADB_ADVICE,
  type MariadbTestCluster,
  startMariadbCluster,
} from '../cluster/mariadb/testing.ts';
import { withSession } from '../cluster/session.ts';
import { startTestCluster, TEMPLATE_DATABASE, type TestCluster } from '../cluster/testing.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The application's user, who may create databases here, on the database `postgres` of a running single master. */
    postgresUrl: string;
    /** The same for the superuser. */
    postgresAdminUrl: string;
    /** The application's user on a running MariaDB, who may create databases `test_*`; empty where there is no MariaDB. */
    mysqlUrl: string;
  }
}

let running: TestCluster | undefined;
let mariadb: MariadbTestCluster | undefined;

/** Starts the one server of each engine that all database tests share; each test makes databases of its own in it. */
export async function setup(project: TestProject): Promise<void> {
  await Promise.all([setupPostgres(project), setupMariadb(project)]);
}

async function setupPostgres(project: TestProject): Promise<void> {
  running = await startTestCluster();
  const node = running.cluster.master();
  await node.query('ALTER ROLE holdfast CREATEDB');
  await makeTemplate(node.url('postgres'), node.url(TEMPLATE_DATABASE));
  project.provide('postgresUrl', node.url('postgres'));
  project.provide('postgresAdminUrl', node.adminUrl());
}

async function setupMariadb(project: TestProject): Promise<void> {
  if (findMariadb() === undefined) {
    if (['1', 'true'].includes(process.env['CI'] ?? '')) throw new Error(MARIADB_ADVICE);
    process.stderr.write(`Tests on MariaDB are skipped. ${MARIADB_ADVICE}\n`);
    return project.provide('mysqlUrl', '');
  }
  mariadb = await startMariadbCluster();
  const [node] = mariadb.cluster.nodes;
  project.provide('mysqlUrl', node?.url() ?? '');
}

export async function teardown(): Promise<void> {
  await Promise.all([running?.stop(), mariadb?.stop()]);
}

// Copying a migrated database takes a tenth of the time of migrating a new one.
async function makeTemplate(url: string, templateUrl: string): Promise<void> {
  await withSession(url, (session) => session.query(`CREATE DATABASE ${TEMPLATE_DATABASE}`));
  await withSession(templateUrl, (session) =>
    migrate(
      {
        driver: 'postgres',
        execute: async (sql, values = []) => (await session.query(sql, values)).map((row) => ({ ...row })),
      },
      { steps: migrations, statementTimeoutMs: 60_000 },
    ),
  );
}
