import { type DatabaseSettings, parseSqlSettings } from '../settings/index.ts';

/**
 * Settings as a test wants them: from the text of `DataSource`, with quick probes.
 *
 * @param overrides keys of the section SqlSettings.
 * @throws Error with all problems when the settings are not valid.
 */
export function testSettings(dataSource: string, overrides: Readonly<Record<string, unknown>> = {}): DatabaseSettings {
  const parsed = parseSqlSettings({
    DriverName: dataSource.startsWith('postgres') ? 'postgres' : 'mysql',
    DataSource: dataSource,
    MonitorIntervalMilliseconds: 250,
    DrainLimitMilliseconds: 5_000,
    ...overrides,
  });
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.settings;
}
