import { describe, expect, it } from 'vitest';
import { diffConfigs, diffPools } from './diff.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { type ParsedConfig, parseConfig } from './parse.ts';

const pg = (host: string, password = 'top-secret', tail = ''): string => `postgres://u:${password}@${host}/x${tail}`;
const parsed = (document: unknown, env: Environment = {}): ParsedConfig => {
  const result = parseConfig(JSON.stringify(document), readEnvironment(env));
  if ('problems' in result) throw new Error(JSON.stringify(result.problems));
  return result.parsed;
};
const sql = (DataSource: string, more: object = {}, env: Environment = {}): ParsedConfig =>
  parsed({ SqlSettings: { DataSource, ...more } }, env);
const texts = (running: ParsedConfig, disk: ParsedConfig): readonly string[] => {
  const changes = diffConfigs(running, disk);
  expect(JSON.stringify(changes)).not.toMatch(/secret/);
  return changes.map(({ takes_effect, text }) => `${takes_effect}: ${text}`);
};

describe('diffConfigs', () => {
  it('finds nothing where only the writing differs', () => {
    const url = sql(`${pg('a')},${pg('b')},${pg('c')}`, { MaxOpenConns: 8, Unknown: 1 });
    const other = sql('host=A dbname=x user=u password=top-secret', { DataSourceReplicas: [pg('c'), pg('b')] });
    expect(diffConfigs(url, other)).toEqual([]);
  });

  it('spells out new replicas', () => {
    expect(texts(sql(pg('a')), sql(`${pg('a')},${pg('b')}`, { DataSourceSearchReplicas: [pg('s')] }))).toEqual([
      'after-recycle: b:5432/x is new, as a replica.',
      'after-recycle: s:5432/x is new, as a search replica.',
    ]);
  });

  it('spells out the move of the master and what becomes of the others', () => {
    expect(texts(sql(`${pg('a')},${pg('b')},${pg('c')}`), sql(`${pg('b')},${pg('a')},${pg('d')}`))).toEqual([
      'after-recycle: Master: a:5432/x -> b:5432/x.',
      'after-recycle: a:5432/x becomes a replica.',
      'after-recycle: d:5432/x: host c -> d.',
    ]);
    expect(texts(sql(`${pg('a')},${pg('b')}`), sql(pg('b')))).toEqual([
      'after-recycle: Master: a:5432/x -> b:5432/x.',
      'after-recycle: a:5432/x is removed.',
    ]);
    expect(texts(sql(`${pg('a')},${pg('b')}`), sql(`${pg('d')},${pg('a')}`))).toEqual([
      'after-recycle: Master: a:5432/x -> d:5432/x.',
      'after-recycle: a:5432/x becomes a replica.',
      'after-recycle: b:5432/x is removed.',
    ]);
  });

  it('splits an edited connection string into its parts', () => {
    const changes = diffConfigs(
      sql(pg('pg-a')),
      sql(pg('pg-q:6000', 'other-secret', '?sslmode=disable&connect_timeout=3')),
    );
    expect(changes.map(({ path, running, on_disk }) => [path, running, on_disk])).toEqual([
      ['SqlSettings.DataSource[0]', 'pg-a:5432/x', 'pg-q:6000/x'],
      ['SqlSettings.DataSource[0].host', 'pg-a', 'pg-q'],
      ['SqlSettings.DataSource[0].port', '5432', '6000'],
      ['SqlSettings.DataSource[0].tls', 'prefer', 'disable'],
      ['SqlSettings.DataSource[0].options', '', 'connect_timeout=3'],
      ['SqlSettings.DataSource[0].password', '••••', '••••'],
    ]);
  });

  it('says that a password changed and nothing of it', () => {
    expect(texts(sql(`${pg('a')},${pg('b')}`), sql(`${pg('a')},${pg('b', 'new-secret')}`))).toEqual([
      'after-recycle: b:5432/x: the password changed.',
    ]);
  });

  it('knows when each setting takes effect', () => {
    const running = sql(pg('a'));
    const disk = parsed({
      SqlSettings: {
        DataSource: pg('a'),
        MaxOpenConns: 5,
        AtRestEncryptKey: 'secret',
        ReplicaMonitorIntervalSeconds: 9,
      },
      ServiceSettings: { ListenAddress: ':8065' },
      TeamSettings: { SiteName: 'Us' },
    });
    expect(texts(running, disk)).toEqual([
      'after-recycle: SqlSettings.MaxOpenConns: 8 -> 5.',
      'after-restart: ServiceSettings.ListenAddress: 127.0.0.1:8065 -> :8065.',
      'now: TeamSettings.SiteName: Holdfast -> Us.',
      'now: SqlSettings.AtRestEncryptKey changed.',
      'now: SqlSettings.ReplicaMonitorIntervalSeconds: 5 -> 9.',
    ]);
    expect(diffPools(running, disk).map(({ path }) => path)).toEqual(['SqlSettings.MaxOpenConns']);
  });

  it('says which edits the environment hides', () => {
    const env = { MM_SQLSETTINGS_DATASOURCE: pg('e'), MM_SQLSETTINGS_MAXOPENCONNS: '3' };
    const running = sql(pg('a'), { MaxOpenConns: 4 }, env);
    expect(texts(running, sql(pg('a'), { MaxOpenConns: 4 }, env))).toEqual([]);
    expect(diffConfigs(running, sql(pg('b'), { MaxOpenConns: 9 }, env))).toEqual([
      expect.objectContaining({
        path: 'SqlSettings.DataSource',
        takes_effect: 'ignored-environment',
        text: 'SqlSettings.DataSource was edited in the file, but the environment variable MM_SQLSETTINGS_DATASOURCE overrides it.',
      }),
      expect.objectContaining({
        path: 'SqlSettings.MaxOpenConns',
        running: '3',
        on_disk: '9',
        takes_effect: 'ignored-environment',
      }),
    ]);
  });
});
