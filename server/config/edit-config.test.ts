import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../observability/index.ts';
import { type ConfigStore, openConfigStore } from './index.ts';

let folder: string;
let path: string;
const stores: ConfigStore[] = [];

const a = 'postgres://u:secret-a@a/x?sslmode=disable';
const b = 'postgres://u:secret-b@b/x';
const salt = 'salt-of-at-least-thirty-two-characters';
const content = {
  Mine: { kept: [1] },
  SqlSettings: { DataSource: `${a}, ${b}`, AtRestEncryptKey: 'key-key', MaxOpenConns: 9 },
  FileSettings: { PublicLinkSalt: salt },
  TeamSettings: { SiteName: 'Us', Unknown: 1 },
};

const open = async (env: Record<string, string> = {}): Promise<ConfigStore> => {
  const store = await openConfigStore({ path, env, logger: silentLogger, now: () => 1_000 });
  stores.push(store);
  return store;
};
const written = async (): Promise<Record<string, Record<string, unknown>>> =>
  JSON.parse(await readFile(path, 'utf8')) as never;
/** What a client that was shown the configuration sends back. */
const shown = (store: ConfigStore): Record<string, Record<string, unknown>> =>
  structuredClone(store.masked()) as Record<string, Record<string, unknown>>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-edit-'));
  path = join(folder, 'config.json');
  await writeFile(path, JSON.stringify(content, null, 2), { mode: 0o600 });
});
afterEach(async () => {
  for (const store of stores.splice(0)) store.close();
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true, force: true });
});

describe('the whole configuration', () => {
  it('as it was shown changes nothing and writes nothing', async () => {
    const store = await open();
    const before = await stat(path);
    const heard: unknown[] = [];
    store.onReload((event) => heard.push(event));
    expect(await store.edit({ given: shown(store), whole: true })).toEqual({ outcome: 'unchanged', changes: [] });
    expect([(await stat(path)).mtimeMs, await readdir(folder), heard]).toEqual([before.mtimeMs, ['config.json'], []]);
  });

  it('keeps the masked secrets and what the server does not know, writes no default, and is running at once', async () => {
    const store = await open();
    const given = shown(store);
    given['TeamSettings'] = { ...given['TeamSettings'], SiteName: 'They' };
    given['SqlSettings'] = { ...given['SqlSettings'], AtRestEncryptKey: '*'.repeat(32), MaxOpenConns: 8 };
    const edited = await store.edit({ given, whole: true });
    expect(edited).toMatchObject({
      outcome: 'written',
      changes: [{ path: 'SqlSettings.MaxOpenConns', takes_effect: 'after-recycle' }, { path: 'TeamSettings.SiteName' }],
    });
    const after = { ...content, TeamSettings: { SiteName: 'They', Unknown: 1 } };
    expect(await written()).toEqual({ ...after, SqlSettings: { ...content.SqlSettings, MaxOpenConns: 8 } });
    expect(store.running().config.TeamSettings.SiteName).toBe('They');
    expect((await store.disk()).changes).toEqual([]);
    expect(JSON.parse(await readFile(`${path}.bak`, 'utf8'))).toEqual(content);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('lets what is not given return to its default, but for secrets', async () => {
    const store = await open();
    expect(await store.edit({ given: {}, whole: true })).toMatchObject({ outcome: 'written' });
    const { MaxOpenConns: _, ...sql } = content.SqlSettings;
    expect(await written()).toEqual({
      ...content,
      SqlSettings: sql,
      FileSettings: { PublicLinkSalt: salt },
      TeamSettings: { Unknown: 1 },
    });
  });
});

describe('a patch', () => {
  it('changes what it gives, whole lists and nulls as Mattermost takes them', async () => {
    const store = await open();
    const given = {
      TeamSettings: { SiteName: null, Unknown: 7 },
      ServiceSettings: { TrustedProxyIPHeader: ['X-Real-IP'] },
    };
    expect(await store.edit({ given, whole: false })).toMatchObject({
      outcome: 'written',
      changes: [{ path: 'ServiceSettings.TrustedProxyIPHeader' }],
    });
    expect(await written()).toEqual({ ...content, ServiceSettings: { TrustedProxyIPHeader: ['X-Real-IP'] } });
  });

  it('moves data sources that were shown masked, with their passwords', async () => {
    const store = await open();
    const masked = String(shown(store)['SqlSettings']?.['DataSource']).split(',');
    const given = { SqlSettings: { DataSource: `${masked[1]},${masked[0]},postgres://u:new@c/x` } };
    const edited = await store.edit({ given, whole: false });
    expect(edited).toMatchObject({ outcome: 'written' });
    expect(JSON.stringify(edited)).not.toContain('secret-');
    expect((await written())['SqlSettings']).toEqual({
      ...content.SqlSettings,
      DataSource: `${b},${a},postgres://u:new@c/x`,
    });
    expect(store.running().database.sources.map(({ source }) => source.password.reveal())).toEqual([
      'secret-b',
      'secret-a',
      'new',
    ]);
  });

  it('refuses a mask with nothing behind it, and says all problems at once without a secret', async () => {
    const store = await open();
    const before = store.running();
    const masked = String(shown(store)['SqlSettings']?.['DataSource']).split(',');
    const given = {
      SqlSettings: { DataSource: `${masked[0]},${masked[1]?.replace('@b', '@elsewhere')}`, MaxOpenConns: 'many' },
      TeamSettings: { MaxNotificationsPerChannel: -1 },
      LogSettings: [],
    };
    const refused = await store.edit({ given, whole: false });
    expect(refused.outcome).toBe('invalid');
    const reason = 'reason' in refused ? refused.reason : '';
    expect(reason).toContain('4 problems');
    for (const at of ['SqlSettings.DataSource', 'MaxOpenConns', 'MaxNotificationsPerChannel', 'LogSettings']) {
      expect(reason).toContain(at);
    }
    expect(reason).not.toMatch(/secret-|line \d/);
    expect(store.running()).toBe(before);
    expect(await written()).toEqual(content);
  });

  it('keeps what an environment variable sets out of the file', async () => {
    const store = await open({ MM_TEAMSETTINGS_SITENAME: 'Env', MM_SQLSETTINGS_DATASOURCE: 'postgres://u:hidden@e/x' });
    const given = shown(store);
    given['ServiceSettings'] = { ...given['ServiceSettings'], EnableDeveloper: true };
    given['TeamSettings'] = { ...given['TeamSettings'], SiteName: 'Other' };
    expect(await store.edit({ given, whole: true })).toMatchObject({ outcome: 'written' });
    expect(await written()).toEqual({ ...content, ServiceSettings: { EnableDeveloper: true } });
    expect(store.running().config.TeamSettings.SiteName).toBe('Env');
  });

  it('leaves settings alone that the sender may not write', async () => {
    const store = await open();
    const given = { TeamSettings: { SiteName: 'x' }, SqlSettings: { MaxOpenConns: 3 } };
    await store.edit({ given, whole: false, mayWrite: (section) => section !== 'SqlSettings' });
    expect(await written()).toEqual({ ...content, TeamSettings: { SiteName: 'x', Unknown: 1 } });
  });

  it('is ended by its check before anything is written', async () => {
    const store = await open();
    const check = (): never => {
      throw new Error('not you');
    };
    await expect(store.edit({ given: { TeamSettings: { SiteName: 'x' } }, whole: false, check })).rejects.toThrow(
      'not you',
    );
    expect(await written()).toEqual(content);
    expect(await store.edit({ given: { TeamSettings: { SiteName: 'y' } }, whole: false })).toMatchObject({
      outcome: 'written',
    });
  });

  it('does not write over an edit that was not reloaded', async () => {
    const store = await open();
    const edited = JSON.stringify({ ...content, TeamSettings: { SiteName: 'by hand' } });
    await writeFile(path, edited);
    expect(await store.edit({ given: { TeamSettings: { SiteName: 'x' } }, whole: false })).toEqual({
      outcome: 'changed',
    });
    expect(await readFile(path, 'utf8')).toBe(edited);
  });

  it('keeps a followed master that the file does not name', async () => {
    const store = await open({ MM_SQLSETTINGS_DATASOURCE: `${a},${b}` });
    expect(await store.moveMaster('b:5432/x')).toMatchObject({ written: false });
    await store.edit({ given: { TeamSettings: { SiteName: 'x' } }, whole: false });
    expect(store.running().database.sources[0].source.name).toBe('b:5432/x');
  });

  it('writes one of two edits after the other, and loses none', async () => {
    const store = await open();
    await Promise.all([
      store.edit({ given: { TeamSettings: { SiteName: 'x' } }, whole: false }),
      store.edit({ given: { ServiceSettings: { EnableDeveloper: true } }, whole: false }),
    ]);
    expect(await written()).toMatchObject({
      TeamSettings: { SiteName: 'x' },
      ServiceSettings: { EnableDeveloper: true },
    });
  });
});
