import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { newestChange } from '../build.mjs';
import type { EmbeddedCluster, Engine, NodeStatus } from '../cluster/index.ts';
import { renderStatus } from './cluster-status.ts';
import { configuredList, firstNamedNode, keptConfig, provideConfig } from './config-file.ts';
import { parseDelay } from './delay.ts';
import { engineIn, lastEngine, rememberEngine } from './engines.ts';
import { readLock, releaseLock, takeLock } from './lock.ts';
import { findPlaces, type Places } from './places.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-unit-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['500ms', 500],
  ['5s', 5000],
  ['1.5s', 1500],
  ['2m', 120_000],
  ['off', 0],
])('the delay %s is %i ms', (text, ms) => expect(parseDelay(text)).toBe(ms));

test.each([undefined, '', '5', 's', '-1s', '5h', '99999m', '1e9s'])('the delay %s is refused', (text) => {
  expect(() => parseDelay(text)).toThrow('How late?');
});

describe('places', () => {
  test('are in the project by default', () => {
    const { data, config } = findPlaces({}, '/project');
    expect([data, config]).toEqual(['/project/data', '/project/config/config.json']);
  });

  test('move as a whole with HOLDFAST_DATA_DIR', () => {
    const { data, config, clusters, engine, lock, server } = findPlaces(
      { HOLDFAST_DATA_DIR: '/elsewhere' },
      '/project',
    );
    expect([data, config]).toEqual(['/elsewhere', '/elsewhere/config.json']);
    expect([clusters.postgres, clusters.mysql, engine, lock, server]).toEqual([
      '/elsewhere/cluster',
      '/elsewhere/cluster-mysql',
      '/elsewhere/engine',
      '/elsewhere/running.json',
      '/project/dist/server/main.js',
    ]);
  });
});

describe('the configured master', () => {
  const nodes = [
    { name: 'pg-a', port: 20001 },
    { name: 'pg-b', port: 20002 },
  ];

  test.each([
    ['postgres://u:p@127.0.0.1:20002/d,postgres://u:p@127.0.0.1:20001/d', 'pg-b'],
    ['host=127.0.0.1 port=20001 dbname=d, host=127.0.0.1 port=20002', 'pg-a'],
    ['postgres://u:p@other:5432/d,postgres://u:p@127.0.0.1:20002/d', 'pg-b'],
    ['postgres://u:p@127.0.0.1:200019/d', undefined],
    ['', undefined],
  ])('of %s is %s', (list, expected) => expect(firstNamedNode(list, nodes)?.name).toBe(expected));

  test('comes from the environment before the file, and from a broken file not at all', () => {
    const path = join(folder, 'config.json');
    expect(configuredList(path, {})).toBe('');
    writeFileSync(path, '{"SqlSettings":{"DataSource":"from file"}}');
    expect(configuredList(path, {})).toBe('from file');
    expect(configuredList(path, { MM_SQLSETTINGS_DATASOURCE: 'from environment' })).toBe('from environment');
    writeFileSync(path, '{"SqlSettings":');
    expect(configuredList(path, {})).toBe('');
  });
});

describe('the engine', () => {
  test.each([
    [[], undefined],
    [['--engine', 'mysql'], 'mysql'],
    [['--engine=postgres'], 'postgres'],
  ])('of %j is %s', (words, expected) => expect(engineIn(words)).toBe(expected));

  test.each([
    [['--engine', 'oracle'], 'There is no engine "oracle". Engines: postgres, mysql.'],
    [['--engine'], 'npm start -- --engine postgres|mysql'],
    [['mysql'], 'npm start -- --engine postgres|mysql'],
  ])('cannot be %j', (words, message) => expect(() => engineIn(words)).toThrow(message));

  test('is PostgreSQL until another one was started', () => {
    const places = findPlaces({ HOLDFAST_DATA_DIR: join(folder, 'data') });
    expect(lastEngine(places)).toBe('postgres');
    rememberEngine(places, 'mysql');
    expect(lastEngine(places)).toBe('mysql');
    writeFileSync(places.engine, 'nonsense');
    expect(lastEngine(places)).toBe('postgres');
  });
});

describe('the configuration of an engine', () => {
  let places: Places;
  const ports: Readonly<Record<Engine, number>> = { postgres: 20_001, mysql: 20_002 };
  const url = (engine: Engine): string => `${engine}://u:p@127.0.0.1:${ports[engine]}/d`;
  const provide = (engine: Engine) => {
    const cluster = { master: () => ({ url: () => url(engine) }), replicas: () => [] };
    return provideConfig(places, engine, cluster as unknown as EmbeddedCluster);
  };
  const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
  const configOf = (engine: Engine) => ({ SqlSettings: { DriverName: engine, DataSource: url(engine) } });

  beforeEach(() => {
    places = findPlaces({ HOLDFAST_DATA_DIR: join(folder, 'data') });
    for (const engine of ['postgres', 'mysql'] as const) {
      mkdirSync(places.clusters[engine], { recursive: true });
      const state = { format: 1, nodes: [{ name: 'a', port: ports[engine] }] };
      writeFileSync(join(places.clusters[engine], 'cluster.json'), JSON.stringify(state));
    }
  });

  test('is written for a first start, for its owner alone, and then left as it is', () => {
    expect(provide('mysql')).toEqual({ outcome: 'written', aside: undefined });
    expect(read(places.config)).toEqual(configOf('mysql'));
    expect(statSync(places.config).mode & 0o777).toBe(0o600);
    expect(provide('mysql')).toEqual({ outcome: 'kept', aside: undefined });
  });

  test('goes aside for the other engine, with its other settings taken along, and comes back', () => {
    const own = { ServiceSettings: { ListenAddress: ':9000' }, ...configOf('postgres') };
    writeFileSync(places.config, JSON.stringify(own));
    expect(provide('mysql')).toEqual({ outcome: 'written', aside: 'postgres' });
    expect(read(keptConfig(places.config, 'postgres'))).toEqual(own);
    expect(read(places.config)).toEqual({ ...own, ...configOf('mysql') });
    expect(provide('postgres')).toEqual({ outcome: 'restored', aside: 'mysql' });
    expect(read(places.config)).toEqual(own);
    expect(existsSync(keptConfig(places.config, 'postgres'))).toBe(false);
    expect(provide('mysql')).toEqual({ outcome: 'restored', aside: 'postgres' });
    expect(read(places.config)).toEqual({ ...own, ...configOf('mysql') });
  });

  test('is not touched when it names databases of somebody else, or cannot be read', () => {
    for (const text of ['{"SqlSettings":{"DataSource":"postgres://u:p@db.example.com:5432/d"}}', '{"SqlSettings":']) {
      writeFileSync(places.config, text);
      expect(provide('mysql')).toEqual({ outcome: 'kept', aside: undefined });
      expect(readFileSync(places.config, 'utf8')).toBe(text);
    }
  });

  test('never takes the place of another one that is kept', () => {
    writeFileSync(places.config, JSON.stringify(configOf('postgres')));
    writeFileSync(keptConfig(places.config, 'postgres'), 'older');
    provide('mysql');
    expect(readFileSync(`${keptConfig(places.config, 'postgres')}.bak`, 'utf8')).toBe('older');
    expect(read(keptConfig(places.config, 'postgres'))).toEqual(configOf('postgres'));
  });
});

describe('the lock', () => {
  test('is held until it is released', () => {
    const path = join(folder, 'new', 'lock.json');
    expect(takeLock(path)).toBeUndefined();
    expect(takeLock(path)).toMatchObject({ pid: process.pid });
    releaseLock(path);
    expect(readLock(path)).toBeUndefined();
    expect(takeLock(path)).toBeUndefined();
  });

  test.each([
    ['of a process that ended', { pid: 2 ** 30, began: '1' }],
    ['of a process whose id is in use again', { pid: process.pid, began: 'earlier' }],
    ['that was half written', 'pid'],
  ])('%s is taken over', (_, content) => {
    const path = join(folder, 'lock.json');
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    expect(readLock(path)).toBeUndefined();
    expect(takeLock(path)).toBeUndefined();
  });
});

test('the newest change below a folder is that of its deepest file', () => {
  const inner = join(folder, 'a', 'b');
  mkdirSync(inner, { recursive: true });
  writeFileSync(join(inner, 'file'), '');
  for (const path of [inner, join(folder, 'a'), folder]) utimesSync(path, 1000, 1000);
  utimesSync(join(inner, 'file'), 5000, 5000);
  expect(newestChange(folder)).toBe(5_000_000);
  rmSync(join(inner, 'file'));
  expect(newestChange(folder)).toBeGreaterThan(5_000_000);
  expect(newestChange(join(folder, 'nothing'))).toBe(0);
});

describe('the status', () => {
  const replica: NodeStatus = {
    name: 'pg-b',
    port: 5001,
    state: 'running',
    role: 'replica',
    position: 'timeline 2',
    superseded: false,
    pid: 12,
    receiving: true,
    unapplied: undefined,
    replayPaused: false,
    applyDelayMs: 0,
  };
  const master: NodeStatus = { ...replica, name: 'pg-a', role: 'master', receiving: undefined };
  const lastColumn = (...nodes: NodeStatus[]) =>
    renderStatus(nodes)
      .split('\n')
      .slice(1)
      .map((line) => line.split(/ {2,}/)[5]);

  test('lines up the nodes below the names of the columns', () => {
    expect(renderStatus([master, { ...replica, name: 'pg-longer', pid: undefined, state: 'stopped' }])).toBe(
      [
        'NAME       ROLE     STATE    PORT  PID  REPLICATION',
        'pg-a       master   running  5001  12   timeline 2',
        'pg-longer  replica  stopped  5001  -    -',
      ].join('\n'),
    );
  });

  test('tells what is wrong with a replica', () => {
    const late = { ...replica, unapplied: '7 bytes', replayPaused: true, applyDelayMs: 5000 };
    expect(
      lastColumn(master, replica, { ...replica, receiving: false, position: 'timeline 1', superseded: true }, late),
    ).toEqual([
      'timeline 2',
      'receiving',
      'receives nothing, still on timeline 1',
      'receiving, 7 bytes not applied yet, replay paused, applies 5000 ms late',
    ]);
  });

  test('tells a superseded master from the master', () => {
    expect(lastColumn(master, { ...master, superseded: true })).toEqual(['timeline 2', 'superseded: rebuild it']);
  });
});
