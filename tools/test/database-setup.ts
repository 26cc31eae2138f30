import type { TestProject } from 'vitest/node';

import { migrate, migrations } from '../../server/migrations/index.ts';
import { withSession } from '../cluster/session.ts';
import { startTestCluster, TEMPLATE_DATABASE, type TestCluster } from '../cluster/testing.ts';
import { provideMariadb, stopMariadb } from './mariadb.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The application's user, who may create databases here, on the database `postgres` of a running single master. */
    postgresUrl: string;
    /** The same for the superuser. */
    postgresAdminUrl: string;
    /** What `openTestDatabase` opens when it is not told. */
    engine: 'postgres' | 'mysql';
    /** The application's user on a running MariaDB, who may create databases `test_*`; empty where there is no MariaDB. */
    mysqlUrl: string;
  }
}

let running: TestCluster | undefined;

/** Starts the one server of each engine that all database tests share; each test makes databases of its own in it. */
export async function setup(project: TestProject): Promise<void> {
  project.provide('engine', 'postgres');
  await Promise.all([setupPostgres(project), provideMariadb(project)]);
}

async function setupPostgres(project: TestProject): Promise<void> {
  running = await startTestCluster();
  const node = running.cluster.master();
  await node.query('ALTER ROLE holdfast CREATEDB');
  await makeTemplate(node.url('postgres'), node.url(TEMPLATE_DATABASE));
  project.provide('postgresUrl', node.url('postgres'));
  project.provide('postgresAdminUrl', node.adminUrl());
}

export async function teardown(): Promise<void> {
  await Promise.all([running?.stop(), stopMariadb()]);
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
