import { inject } from 'vitest';
import { createMariadbDatabase } from '../../../tools/cluster/mariadb/testing.ts';
import { createDatabase, type TestDatabase } from '../../../tools/cluster/testing.ts';
import type { DriverName } from '../data-source/data-source.ts';
import { type DatabaseLayer, openDatabase } from '../index.ts';
import { testSettings } from './test-settings.ts';

/** An opened layer over a database of the test's own. */
export interface OpenTestDatabase extends DatabaseLayer {
  readonly url: string;
  /** Closes the layer and drops the database. */
  stop(): Promise<void>;
}

function createOn(engine: DriverName): Promise<TestDatabase> {
  return engine === 'postgres' ? createDatabase(inject('postgresUrl')) : createMariadbDatabase(inject('mysqlUrl'));
}

/**
 * Makes a database on the shared test server (projects `database` and `mariadb` start it) and opens the layer
 * over it. It is migrated and empty.
 *
 * @param engine default: that of the project.
 */
export async function openTestDatabase({
  engine = inject('engine'),
}: {
  engine?: DriverName;
} = {}): Promise<OpenTestDatabase> {
  const own = await createOn(engine);
  const layer = await openDatabase(testSettings(own.url));
  return {
    ...layer,
    url: own.url,
    async stop() {
      await layer.close(1_000);
      await own.drop();
    },
  };
}
