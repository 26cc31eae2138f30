import type { TestProject } from 'vitest/node';

import { migrate, migrations } from '../../server/migrations/index.ts';
import { withSession } from '../cluster/session.ts';
import { startTestCluster, TEMPLATE_DATABASE, type TestCluster } from '../cluster/testing.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The application's user, who may create databases here, on the database `postgres` of a running single master. */
    postgresUrl: string;
    /** The same for the superuser. */
    postgresAdminUrl: string;
  }
}

let running: TestCluster | undefined;

/** Starts the one PostgreSQL that all database tests share; each makes databases of its own in it with `createDatabase`. */
export async function setup(project: TestProject): Promise<void> {
  running = await startTestCluster();
  const node = running.cluster.master();
  await node.query('ALTER ROLE holdfast CREATEDB');
  await makeTemplate(node.url('postgres'), node.url(TEMPLATE_DATABASE));
  project.provide('postgresUrl', node.url('postgres'));
  project.provide('postgresAdminUrl', node.adminUrl());
}

export async function teardown(): Promise<void> {
  await running?.stop();
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
