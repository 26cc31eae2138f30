import { inject } from 'vitest';
import { createDatabase } from '../../../tools/cluster/testing.ts';
import { type DatabaseLayer, type DatabaseSettings, openDatabase, parseSqlSettings } from '../index.ts';

/** An opened layer over a database of the test's own, migrated and empty. */
export interface OpenTestDatabase extends DatabaseLayer {
  readonly url: string;
  /** Closes the layer and drops the database. */
  stop(): Promise<void>;
}

/**
 * Settings as a test wants them: from the text of `DataSource`, with quick probes.
 *
 * @param overrides keys of the section SqlSettings.
 * @throws Error with all problems when the settings are not valid.
 */
export function testSettings(dataSource: string, overrides: Readonly<Record<string, unknown>> = {}): DatabaseSettings {
  const parsed = parseSqlSettings({
    DriverName: 'postgres',
    DataSource: dataSource,
    MonitorIntervalMilliseconds: 250,
    DrainLimitMilliseconds: 5_000,
    ...overrides,
  });
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.settings;
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
