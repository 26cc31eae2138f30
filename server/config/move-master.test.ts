import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../observability/index.ts';
import { readEnvironment } from './environment.ts';
import { moveMasterInText } from './move-master.ts';
import { openConfigStore } from './store.ts';

const url = (host: string): string => `postgres://chat:pass%2C${host}@${host}:5432/chat`;
const nameOf = (host: string): string => `${host}:5432/chat`;
const nothing = readEnvironment({});

function moved(section: object, host: string): unknown {
  const result = moveMasterInText(JSON.stringify({ SqlSettings: section }), nameOf(host), nothing);
  return 'text' in result ? (JSON.parse(result.text) as { SqlSettings: unknown }).SqlSettings : result.reason;
}

describe('moveMasterInText', () => {
  it('puts the new master first and the former one behind it, each as it was written', () => {
    expect(moved({ DataSource: ['a', 'b', 'c'].map(url).join(' , '), Trace: true }, 'c')).toEqual({
      DataSource: ['c', 'a', 'b'].map(url).join(','),
      Trace: true,
    });
  });

  it('takes it out of the other lists', () => {
    const lists = {
      DataSource: url('a'),
      DataSourceReplicas: [url('b'), url('c')],
      DataSourceSearchReplicas: [url('s')],
    };
    expect(moved(lists, 'c')).toEqual({
      DataSource: [url('c'), url('a')].join(','),
      DataSourceReplicas: [url('b')],
      DataSourceSearchReplicas: [url('s')],
    });
    expect(moved(lists, 's')).toEqual({
      DataSource: [url('s'), url('a')].join(','),
      DataSourceReplicas: [url('b'), url('c')],
      DataSourceSearchReplicas: [],
    });
  });

  it('understands the other forms', () => {
    const libpq = (host: string): string => `host=${host} dbname=chat user=chat password='a, b'`;
    expect(moved({ DataSource: [libpq('a'), libpq('b')].join(',') }, 'b')).toEqual({
      DataSource: [libpq('b'), libpq('a')].join(','),
    });
  });

  it('keeps everything else, and the indentation', () => {
    const text = `{\n    "Mine": [1, {"x": null}],\n    "SqlSettings": {\n        "DataSource": "${url('a')},${url('b')}"\n    }\n}\n`;
    const result = moveMasterInText(text, nameOf('b'), nothing);
    expect('text' in result && result.text).toContain('\n    "Mine": [\n');
    expect('text' in result && JSON.parse(result.text)).toMatchObject({ Mine: [1, { x: null }] });
  });

  it('says why it cannot', () => {
    expect(moveMasterInText('{', nameOf('b'), nothing)).toEqual({ reason: 'the file has problems' });
    const overridden = readEnvironment({ MM_SQLSETTINGS_DATASOURCE: `${url('a')},${url('b')}` });
    expect(moveMasterInText('{}', nameOf('b'), overridden)).toMatchObject({ reason: expect.any(String) });
  });
});

describe('the store', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-move-'));
    path = join(folder, 'config.json');
    await writeFile(path, JSON.stringify({ SqlSettings: { DataSource: `${url('a')},${url('b')}` } }));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const open = (env: Record<string, string> = {}) => openConfigStore({ path, env, logger: silentLogger });
  const masterOf = (config: Awaited<ReturnType<typeof open>>) => config.running().database.sources[0].source.name;

  it('writes the file, keeps the former one, and runs what it wrote', async () => {
    const before = await readFile(path, 'utf8');
    const config = await open();
    const heard: string[] = [];
    config.onReload(({ running }) => heard.push(running.database.sources[0].source.name));
    expect(await config.moveMaster(nameOf('b'))).toMatchObject({ written: true, backup: `${path}.bak` });
    expect(masterOf(config)).toBe(nameOf('b'));
    expect(heard).toEqual([nameOf('b')]);
    expect(await readFile(`${path}.bak`, 'utf8')).toBe(before);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await config.disk()).toMatchObject({ changes: [], layer: { sha: config.running().sha } });
    expect(await config.reload({ dryRun: false })).toMatchObject({ succeeded: true, changes: [] });
  });

  it('hands out the text without its passwords when the environment decides', async () => {
    const config = await open({ MM_SQLSETTINGS_DATASOURCE: `${url('a')},${url('b')}` });
    const before = await readFile(path, 'utf8');
    expect(await config.moveMaster(nameOf('b'))).toEqual({
      written: false,
      reason: 'MM_SQLSETTINGS_DATASOURCE sets the data sources.',
      setting: 'MM_SQLSETTINGS_DATASOURCE',
      text: 'MM_SQLSETTINGS_DATASOURCE=postgres://chat:••••@b:5432/chat,postgres://chat:••••@a:5432/chat',
    });
    expect([masterOf(config), await readFile(path, 'utf8')]).toEqual([nameOf('b'), before]);
  });

  it('leaves a file alone that was edited and not reloaded', async () => {
    const config = await open();
    const edited = JSON.stringify({ SqlSettings: { DataSource: `${url('a')},${url('b')},${url('c')}` } });
    await writeFile(path, edited);
    const move = await config.moveMaster(nameOf('b'));
    expect(move).toMatchObject({ written: false, reason: `${path} has changes that were not reloaded.` });
    expect(await readFile(path, 'utf8')).toBe(edited);
    expect(masterOf(config)).toBe(nameOf('b'));
  });

  it('shows before it writes what the file would say, and then writes exactly that', async () => {
    const config = await open();
    const before = await readFile(path, 'utf8');
    const plan = await config.writeMaster(nameOf('b'), { dryRun: true });
    expect(plan).toMatchObject({ written: false, reason: '', changes: [expect.anything(), expect.anything()] });
    expect(JSON.stringify(plan)).not.toContain('pass');
    expect([masterOf(config), await readFile(path, 'utf8')]).toEqual([nameOf('a'), before]);
    const write = await config.writeMaster(nameOf('b'), { dryRun: false });
    expect(write).toMatchObject({ written: true, backup: `${path}.bak`, changes: plan.changes });
    expect([masterOf(config), (await config.disk()).master]).toEqual([nameOf('b'), nameOf('b')]);
    expect(await readFile(`${path}.bak`, 'utf8')).toBe(before);
  });

  it('writes the master that runs already, when only the file is behind', async () => {
    const config = await open();
    await chmod(path, 0o400);
    const edited = await readFile(path);
    await writeFile(path, '{}').catch(() => undefined);
    expect(await config.moveMaster(nameOf('b'))).toMatchObject({ written: false });
    await chmod(path, 0o600);
    await writeFile(path, edited);
    expect([masterOf(config), (await config.disk()).master]).toEqual([nameOf('b'), nameOf('a')]);
    const write = await config.writeMaster(nameOf('b'), { dryRun: false });
    expect(write.changes.length).toBeGreaterThan(0);
    expect(write).toMatchObject({ written: true });
    expect((await config.disk()).changes).toEqual([]);
  });

  it('changes nothing where the master cannot be written, and gives the text to paste', async () => {
    const config = await open({ MM_SQLSETTINGS_DATASOURCE: `${url('a')},${url('b')}` });
    for (const dryRun of [true, false]) {
      expect(await config.writeMaster(nameOf('b'), { dryRun })).toMatchObject({
        written: false,
        reason: 'MM_SQLSETTINGS_DATASOURCE sets the data sources.',
        text: 'MM_SQLSETTINGS_DATASOURCE=postgres://chat:••••@b:5432/chat,postgres://chat:••••@a:5432/chat',
      });
    }
    expect(masterOf(config)).toBe(nameOf('a'));
  });

  it('says that the folder cannot be written', async () => {
    const config = await open();
    await chmod(folder, 0o500);
    const move = await config.moveMaster(nameOf('b'));
    await chmod(folder, 0o700);
    // Root writes everywhere.
    expect(move.written || /cannot be written \(EACCES\)/.test(move.reason)).toBe(true);
  });
});
