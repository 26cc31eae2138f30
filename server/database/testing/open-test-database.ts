import { inject } from 'vitest';
import { createDatabase } from '../../../tools/cluster/testing.ts';
import { type DatabaseLayer, openDatabase } from '../index.ts';
import { testSettings } from './test-settings.ts';

/** An opened layer over a database of the test's own, migrated and empty. */
export interface OpenTestDatabase extends DatabaseLayer {
  readonly url: string;
  /** Closes the layer and drops the database. */
  stop(): Promise<void>;
}

/** Makes a database on the shared test server (project `database` starts it) and opens the layer over it. */
export async function openTestDatabase(): Promise<OpenTestDatabase> {
  const own = await createDatabase(inject('postgresUrl'));
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
