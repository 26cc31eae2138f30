import type { TestProject } from 'vitest/node';

import { openDatabase } from '../../server/database/index.ts';
import { testSettings } from '../../server/database/testing/test-settings.ts';
import { migrate, migrations } from '../../server/migrations/index.ts';
import { queryMariadb } from '../cluster/mariadb/session.ts';
import {
  findMariadb,
  MARIADB_ADVICE,
  MARIADB_TEMPLATE,
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
  const url = mariadb.cluster.nodes[0]?.url() ?? '';
  await makeMariadbTemplate(url);
  project.provide('mysqlUrl', url);
}

export async function teardown(): Promise<void> {
  await Promise.all([running?.stop(), mariadb?.stop()]);
}

/** Migrated the way the server does it, through the layer. */
async function makeMariadbTemplate(url: string): Promise<void> {
  await queryMariadb(url, [`CREATE DATABASE ${MARIADB_TEMPLATE}`]);
  const own = new URL(url);
  own.pathname = `/${MARIADB_TEMPLATE}`;
  const layer = await openDatabase(testSettings(own.href));
  await layer.onMaster(({ driver, execute }) =>
    migrate(
      { driver, execute: (sql, values = []) => execute(sql, values) },
      { steps: migrations, statementTimeoutMs: 60_000 },
    ),
  );
  await layer.close(1_000);
  // The identity of a cluster is not for copying.
  await queryMariadb(own.href, ['DROP TABLE holdfast_cluster']);
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
