import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSqlSettings, sqlSettings } from './index.ts';

const DATA_SOURCE = 'postgres://u:top-secret@a/d';
const paths = (section: unknown): readonly string[] => {
  const result = parseSqlSettings(section);
  return 'problems' in result ? result.problems.map((each) => each.path) : [];
};

describe('parseSqlSettings', () => {
  it('fills in defaults and converts to the units of the code', () => {
    const result = parseSqlSettings({ DataSource: DATA_SOURCE, QueryTimeout: 7, MaxOpenConns: 5, Trace: null });
    expect('settings' in result && { ...result.settings, sources: result.settings.sources.length }).toEqual({
      sources: 1,
      readFromMaster: false,
      maxOpenConnections: 5,
      maxIdleConnections: 5,
      connectionLifetimeMs: 3_600_000,
      connectionIdleMs: 300_000,
      connectTimeoutMs: 3_000,
      acquireTimeoutMs: 5_000,
      queryTimeoutMs: 7_000,
      analyticsQueryTimeoutMs: 300_000,
      migrationTimeoutMs: 100_000_000,
      monitorIntervalMs: 1_000,
      monitorTimeoutMs: 800,
      lagLimitMs: 5_000,
      followPromotion: true,
      automaticPromotion: false,
      automaticPromotionAfterMs: 10_000,
      lagLimitBytes: 16_777_216,
      writeHoldLimitMs: 10_000,
      writeHoldMaximum: 1_000,
      patroniUrls: [],
      drainLimitMs: 30_000,
      diskCheckIntervalMs: 60_000,
      slotLimitBytes: 1_073_741_824,
      dataFolders: new Map(),
      trace: false,
    });
    expect('settings' in result && [result.settings, result.settings.sources].every(Object.isFrozen)).toBe(true);
  });

  it('reads data folders by the name of their data source, with whatever their paths hold', () => {
    const result = parseSqlSettings({
      DataSource: DATA_SOURCE,
      DataFolders: ['a:5432/chat=/var/lib/a=b', 'gone:1/x=C:\\data'],
    });
    expect('settings' in result && [...result.settings.dataFolders]).toEqual([
      ['a:5432/chat', '/var/lib/a=b'],
      ['gone:1/x', 'C:\\data'],
    ]);
  });

  it.each([
    ['a number in quotes', { MaxOpenConns: '8' }, ['MaxOpenConns']],
    ['a fraction', { QueryTimeout: 1.5 }, ['QueryTimeout']],
    ['a number out of bounds', { MaxOpenConns: 0 }, ['MaxOpenConns']],
    ['a flag in quotes', { ReadFromMaster: 'true' }, ['ReadFromMaster']],
    ['a list that is a text', { DataSourceReplicas: 'postgres://u@b/d' }, ['DataSourceReplicas']],
    ['a list with a number in it', { DataSourceReplicas: [7] }, ['DataSourceReplicas[0]']],
    ['a data source that is a list', { DataSource: [DATA_SOURCE] }, ['DataSource']],
    ['a folder without its data source', { DataFolders: ['/var/lib/postgresql'] }, ['DataFolders[0]']],
    ['a folder that is not absolute', { DataFolders: ['a:5432/chat=data'] }, ['DataFolders[0]']],
    ['a Patroni without http', { PatroniUrls: ['db1:8008'] }, ['PatroniUrls[0]']],
    ['a Patroni with a password', { PatroniUrls: ['http://db1:8008', 'http://u:p@db2:8008'] }, ['PatroniUrls[1]']],
    ['no data source', { DataSource: '' }, ['DataSource[0]']],
    ['an unknown driver', { DriverName: 'sqlite3' }, ['DriverName']],
    ['a driver of another letter case', { DriverName: 'Postgres' }, ['DriverName']],
    ['lag queries of the wrong shape', { ReplicaLagSettings: ['x'] }, ['ReplicaLagSettings[0]']],
  ])('refuses %s', (_, over, expected) => {
    expect(paths({ DataSource: DATA_SOURCE, ...over })).toEqual(expected);
  });

  it('reports all problems at once, each with what to do and without a secret', () => {
    const result = parseSqlSettings({
      DataSource: 'postgres://u:top-secret@a:x/d',
      DataSourceReplicas: ['postgres://u:top-secret@b/d', 'postgres://u:top-secret@b/d'],
      DataSourceSearchReplicas: 'postgres://u:top-secret@s/d',
      AtRestEncryptKey: ['top-secret'],
      MaxOpenConns: -1,
      MonitorTimeoutMilliseconds: 1e9,
    });
    expect('problems' in result && result.problems.map((each) => [each.path, each.value])).toEqual([
      ['DataSourceSearchReplicas', '••••'],
      ['MaxOpenConns', '-1'],
      ['MonitorTimeoutMilliseconds', '1000000000'],
      ['AtRestEncryptKey', '••••'],
      ['DataSource[0]', '••••'],
      ['DataSourceReplicas[1]', 'postgres://u:••••@b:5432/d'],
    ]);
    expect(JSON.stringify(result)).not.toContain('top-secret');
  });

  it('accepts MySQL, and judges its data sources', () => {
    const good = parseSqlSettings({ DriverName: 'mysql', DataSource: 'u:p@tcp(a:3306)/d,mysql://u:p@b/d' });
    expect('settings' in good && good.settings.sources.map(({ source }) => source.name)).toEqual([
      'a:3306/d',
      'b:3306/d',
    ]);
    expect(paths({ DriverName: 'mysql', DataSource: 'u:p@tcp(a:3306)/' })).toEqual(['DataSource[0]']);
    expect(paths({ DriverName: 'mysql', DataSource: DATA_SOURCE })).toEqual(['DataSource[0]']);
  });

  it('never throws', () => {
    const key = fc.constantFrom(...Object.keys(sqlSettings.shape), 'x', '__proto__');
    const section = fc.oneof(fc.anything(), fc.dictionary(key, fc.oneof(fc.anything(), fc.string(), fc.integer())));
    fc.assert(
      fc.property(section, (given) => {
        const result = parseSqlSettings(given);
        expect('settings' in result || result.problems.every((each) => each.path !== '' && each.message !== '')).toBe(
          true,
        );
      }),
      { numRuns: 500 },
    );
  });
});
