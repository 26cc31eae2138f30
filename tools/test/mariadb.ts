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

let running: MariadbTestCluster | undefined;

/** Starts the MariaDB that the tests of a project share, where there is one. */
export async function provideMariadb(project: TestProject): Promise<void> {
  if (findMariadb() === undefined) {
    if (['1', 'true'].includes(process.env['CI'] ?? '')) throw new Error(MARIADB_ADVICE);
    process.stderr.write(`Tests on MariaDB are skipped. ${MARIADB_ADVICE}\n`);
    return project.provide('mysqlUrl', '');
  }
  running = await startMariadbCluster();
  const url = running.cluster.nodes[0]?.url() ?? '';
  await makeTemplate(url);
  project.provide('mysqlUrl', url);
}

export async function stopMariadb(): Promise<void> {
  await running?.stop();
}

/** Migrated the way the server does it, through the layer. */
async function makeTemplate(url: string): Promise<void> {
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
