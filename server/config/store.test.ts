import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { configStatus } from '../../contract/index.ts';
import { silentLogger } from '../observability/index.ts';
import { checkConfigFile, ConfigError, type ConfigStore, openConfigStore, writeConfigFile } from './index.ts';

let folder: string;
let path: string;
const stores: ConfigStore[] = [];

const pg = (host: string): string => `postgres://u:top-secret@${host}/x`;
const fileOf = (DataSource: string, more: object = {}): string =>
  JSON.stringify({ SqlSettings: { DataSource }, ...more });
const open = async (env: Record<string, string> = {}): Promise<ConfigStore> => {
  const watch = { pollMs: 20, settleMs: 5 };
  const store = await openConfigStore({ path, env, logger: silentLogger, now: () => 1_000, watch });
  stores.push(store);
  return store;
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-config-'));
  path = join(folder, 'config.json');
  await writeFile(path, fileOf(pg('a')));
});
afterEach(async () => {
  for (const store of stores.splice(0)) store.close();
  await rm(folder, { recursive: true, force: true });
});

describe('opening', () => {
  it('makes the file the running configuration', async () => {
    const running = (await open()).running();
    expect(running).toMatchObject({ version: 1, at: 1_000 });
    expect(running.database.sources[0].source.name).toBe('a:5432/x');
  });

  it('ignores a byte order mark', async () => {
    await writeFile(path, `\uFEFF${fileOf(pg('a'))}`);
    expect((await open()).running().version).toBe(1);
  });

  it.each([
    ['a missing file', () => rm(path), 'The file does not exist.'],
    ['a folder', () => rm(path).then(() => mkdir(path)), 'This is no file.'],
    [
      'another encoding',
      () => writeFile(path, Buffer.from(`\uFEFF${fileOf(pg('a'))}`, 'utf16le')),
      'The file is not UTF-8.',
    ],
    ['bytes that are no text', () => writeFile(path, Buffer.from([0x7b, 0xff, 0xfe, 0x7d])), 'The file is not UTF-8.'],
    ['a huge file', () => writeFile(path, Buffer.alloc(5 * 1024 * 1024, 32)), 'The file is larger than'],
    ['several faults', () => writeFile(path, '{"SqlSettings":{"MaxOpenConns":"8"}}'), 'MaxOpenConns.*\n.*DataSource'],
  ])('refuses %s', async (_, prepare, message) => {
    await prepare();
    const failure = await open().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigError);
    expect((failure as ConfigError).message).toMatch(new RegExp(message));
    expect((failure as ConfigError).message).toContain(path);
  });
});

describe('reloading', () => {
  it('changes the running configuration, tells the listeners and never writes the file', async () => {
    const store = await open();
    const heard: string[] = [];
    store.onReload(() => {
      throw new Error('a listener that fails');
    });
    store.onReload(({ running, previous, changes }) =>
      heard.push(`${previous.version} ${running.version} ${changes.length}`),
    );
    const text = `  ${fileOf(`${pg('a')},${pg('b')}`, { Mine: { kept: true } })}\n\n`;
    await writeFile(path, text);
    const before = await stat(path);
    const attempt = await store.reload({ dryRun: false });
    expect(attempt).toMatchObject({
      succeeded: true,
      changes: [{ path: 'SqlSettings.DataSource[1]', on_disk: 'b:5432/x' }],
    });
    expect(attempt).toMatchObject({ warnings: [{ path: 'Mine', severity: 'warning' }] });
    expect(heard).toEqual(['1 2 1']);
    expect(store.running().document['Mine']).toEqual({ kept: true });
    expect(await readFile(path, 'utf8')).toBe(text);
    expect((await stat(path)).mtimeMs).toBe(before.mtimeMs);
    expect(await readdir(folder)).toEqual(['config.json']);
  });

  it('leaves everything alone on a dry run', async () => {
    const store = await open();
    await writeFile(path, fileOf(pg('b')));
    expect(await store.reload({ dryRun: true })).toMatchObject({ succeeded: true });
    expect(store.running().version).toBe(1);
  });

  it.each([
    ['half of a file', '{\n  "SqlSettings": {', 'line 2, column 19: The text ends too early'],
    ['one fault', fileOf('nonsense'), 'SqlSettings.DataSource[0] = •••• (line 1, column 30): This is no data source.'],
    ['two faults', fileOf(pg('a'), { LogSettings: { ConsoleJson: 1, ConsoleLevel: 2 } }), '2 problems. LogSettings.'],
  ])('keeps the running configuration on %s', async (_, text, reason) => {
    const store = await open();
    const running = store.running();
    await writeFile(path, text);
    const attempt = await store.reload({ dryRun: false });
    expect(attempt.succeeded).toBe(false);
    expect(!attempt.succeeded && attempt.reason).toContain(reason);
    expect(store.running()).toBe(running);
  });

  it('gives the same content the same number', async () => {
    const store = await open();
    const versions: number[] = [];
    for (const host of ['b', 'a', 'c', 'b']) {
      await writeFile(path, fileOf(pg(host)));
      await store.reload({ dryRun: false });
      versions.push(store.running().version);
    }
    expect(versions).toEqual([2, 1, 3, 2]);
  });

  it('runs several reloads one after the other', async () => {
    const store = await open();
    await writeFile(path, fileOf(pg('b')));
    const attempts = await Promise.all([1, 2, 3].map(() => store.reload({ dryRun: false })));
    const counts = attempts.map((each) => (each.succeeded ? each.changes.length > 0 : undefined));
    expect(counts).toEqual([true, false, false]);
  });

  it('knows what a recycle would bring into effect', async () => {
    const store = await open();
    const live = store.running();
    await writeFile(path, fileOf(pg('b'), { TeamSettings: { SiteName: 'Us' } }));
    await store.reload({ dryRun: false });
    expect(store.poolChanges(live, store.running()).map(({ path: at }) => at)).toEqual([
      'SqlSettings.DataSource[0]',
      'SqlSettings.DataSource[0].host',
    ]);
    await writeFile(path, fileOf(pg('a')));
    await store.reload({ dryRun: false });
    expect(store.poolChanges(live, store.running())).toEqual([]);
  });

  it('survives any bytes in the file', async () => {
    const store = await open();
    const running = store.running();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        await writeFile(path, bytes);
        const attempt = await store.reload({ dryRun: false });
        const { file, changes } = await store.disk();
        expect([attempt.succeeded, file.valid, changes]).toEqual([false, false, []]);
        expect(file.problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 100 },
    );
    expect(store.running()).toBe(running);
  });
});

describe('the report on the file', () => {
  it('has the parts of the console page, without a secret', async () => {
    const store = await open({ MM_SQLSETTINGS_MAXOPENCONNS: '5' });
    const text = fileOf(`${pg('a')},${pg('b')}`, { Mine: 1 });
    await writeFile(path, text);
    const { file, layer, changes } = await store.disk();
    expect(configStatus.shape.file.parse(file)).toMatchObject({ path, size: text.length, writable: true, valid: true });
    expect(file.problems).toMatchObject([{ path: 'Mine', severity: 'warning' }]);
    expect(configStatus.shape.layers.shape.on_disk.parse(layer)).toMatchObject({ version: 2 });
    expect(configStatus.shape.changes.parse(changes)).toMatchObject([{ path: 'SqlSettings.DataSource[1]' }]);
    expect(store.environment()).toEqual([
      { path: 'SqlSettings.MaxOpenConns', variable: 'MM_SQLSETTINGS_MAXOPENCONNS' },
    ]);
    expect(JSON.stringify([file, changes, store.masked()])).not.toContain('top-secret');
  });

  it('says what is wrong with a broken file, and that there is none', async () => {
    const store = await open();
    await writeFile(path, '{ "SqlSettings" ');
    const broken = await store.disk();
    expect(broken).toMatchObject({
      file: { valid: false, problems: [{ line: 1, column: 17 }] },
      layer: { version: 2 },
    });
    await rm(path);
    expect(await store.disk()).toMatchObject({ file: { valid: false, size: null, modified_at: null }, layer: null });
  });

  it('is told to listeners when the file is written, replaced, removed and made', async () => {
    const store = await open();
    let told = 0;
    const stop = store.onDiskChange(() => {
      told += 1;
    });
    const change = async (act: () => Promise<unknown>): Promise<void> => {
      const before = told;
      // Written again until it is seen: the first look at the file may still be under way.
      await vi.waitFor(
        async () => {
          await act();
          await vi.waitFor(() => expect(told).toBeGreaterThan(before), { timeout: 300 });
        },
        { timeout: 5_000 },
      );
    };
    let number = 0;
    await change(() => writeFile(path, fileOf(pg(`h${(number += 1)}`))));
    await change(() => writeConfigFile(path, fileOf(pg(`h${(number += 1)}`))));
    await change(() => rm(path, { force: true }));
    await change(() => writeFile(path, fileOf(pg(`h${(number += 1)}`))));
    stop();
  });
});

describe('writeConfigFile', () => {
  it('replaces the file, keeps the old one beside it, and lets only the owner read both', async () => {
    await chmod(path, 0o644);
    await writeConfigFile(path, 'new');
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readFile(`${path}.bak`, 'utf8')).toBe(fileOf(pg('a')));
    const modes = await Promise.all([path, `${path}.bak`].map(async (each) => (await stat(each)).mode & 0o777));
    expect(modes).toEqual([0o600, 0o600]);
    expect((await readdir(folder)).toSorted()).toEqual(['config.json', 'config.json.bak']);
  });

  it('makes a file that was not there', async () => {
    await rm(path);
    await writeConfigFile(path, 'first');
    expect(await readdir(folder)).toEqual(['config.json']);
  });

  it('writes through a symbolic link', async () => {
    const real = join(folder, 'real.json');
    await rename(path, real);
    await symlink(real, path);
    await writeConfigFile(path, 'new');
    expect(await readFile(real, 'utf8')).toBe('new');
    expect(await readFile(path, 'utf8')).toBe('new');
  });

  it('leaves the file and no litter when it cannot write', async () => {
    await expect(writeConfigFile(join(folder, 'missing', 'config.json'), 'x')).rejects.toThrow('ENOENT');
    await mkdir(`${path}.bak`);
    await expect(writeConfigFile(path, 'x')).rejects.toThrow(/EISDIR|ENOTSUP|EINVAL|operation not permitted|directory/);
    expect(await readFile(path, 'utf8')).toBe(fileOf(pg('a')));
    expect((await readdir(folder)).toSorted()).toEqual(['config.json', 'config.json.bak']);
  });
});

describe('checkConfigFile', () => {
  it('lists errors and warnings', async () => {
    expect(await checkConfigFile(path, {})).toEqual([]);
    await writeFile(path, fileOf(pg('a'), { Mine: 1 }));
    expect(await checkConfigFile(path, { MM_LOGSETTINGS_CONSOLEJSON: 'x' })).toMatchObject([
      { path: 'LogSettings.ConsoleJson', severity: 'error' },
      { path: 'Mine', severity: 'warning' },
    ]);
  });
});
