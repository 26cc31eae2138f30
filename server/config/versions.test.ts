import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../observability/index.ts';
import { type ConfigStore, openConfigStore } from './index.ts';
import { shaOf } from './read-file.ts';
import { createConfigVersions } from './versions.ts';

let folder = '';
let path = '';
let store: ConfigStore;

const contentOf = (host: string, more: object = {}): Buffer =>
  Buffer.from(JSON.stringify({ SqlSettings: { DataSource: `postgres://ann:top-secret@${host}:5432/x`, ...more } }));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-versions-'));
  path = join(folder, 'etc', 'config.json');
  await mkdir(dirname(path));
  await writeFile(path, contentOf('a'));
  store = await openConfigStore({ path, env: {}, logger: silentLogger });
});
afterEach(async () => {
  store.close();
  await rm(folder, { recursive: true });
});

describe('contents of the past', () => {
  it('are kept byte for byte, for nobody but the user of the server, until they are forgotten', async () => {
    const kept = createConfigVersions(join(folder, 'kept'), silentLogger);
    const [a, b] = [contentOf('a'), Buffer.concat([Buffer.from('\uFEFF'), contentOf('b')])];
    await kept.keep(a);
    await kept.keep(b);
    await kept.keep(a);
    expect((await kept.list()).toSorted()).toEqual([shaOf(a), shaOf(b)].toSorted());
    expect(await kept.read(shaOf(b))).toEqual(b);
    const modes = await Promise.all(
      ['', `${shaOf(a)}.json`].map(async (name) => (await stat(join(folder, 'kept', name))).mode & 0o777),
    );
    expect(modes).toEqual([0o700, 0o600]);
    await kept.forgetAllBut(new Set([shaOf(b)]));
    expect(await kept.list()).toEqual([shaOf(b)]);
    expect(await kept.read(shaOf(a))).toBeUndefined();
  });

  it('are not taken for what they are not', async () => {
    const kept = createConfigVersions(join(folder, 'kept'), silentLogger);
    const sha = shaOf(contentOf('a'));
    await kept.keep(contentOf('a'));
    await writeFile(join(folder, 'kept', `${sha}.json`), contentOf('b'));
    expect(await kept.read(sha)).toBeUndefined();
    expect(await kept.read('../etc/config')).toBeUndefined();
    expect(await kept.read('f'.repeat(64))).toBeUndefined();
  });

  it('cost nothing when there is no room for them', async () => {
    const kept = createConfigVersions(join(path, 'below-a-file'), silentLogger);
    await kept.keep(contentOf('a'));
    await kept.forgetAllBut(new Set());
    expect(await kept.list()).toEqual([]);
  });
});

describe('two contents', () => {
  it('are compared part by part, without a secret', () => {
    const changed = Buffer.from(contentOf('b').toString().replace('top-secret', 'other-secret'));
    const comparison = store.compare(contentOf('a', { MaxOpenConns: 8 }), changed);
    expect(comparison).toMatchObject({
      changes: expect.arrayContaining([
        expect.objectContaining({ path: 'SqlSettings.DataSource[0].host', running: 'a', on_disk: 'b' }),
        expect.objectContaining({ path: 'SqlSettings.DataSource[0].password', running: '••••', on_disk: '••••' }),
      ]),
    });
    expect(JSON.stringify(comparison)).not.toMatch(/top-secret|other-secret/);
  });

  it('of which one cannot be used are told apart from equal ones', () => {
    expect(store.compare(contentOf('a'), contentOf('a'))).toEqual({ changes: [] });
    const broken = contentOf('a', { MaxOpenConns: 'many' });
    expect(store.compare(broken, contentOf('a'))).toEqual({ unusable: expect.stringContaining('MaxOpenConns') });
  });
});

describe('the file on disk', () => {
  it('is replaced when it is what was seen; what runs stays, and the old file beside it', async () => {
    const result = await store.replace(contentOf('b'), shaOf(contentOf('a')));
    expect(result).toBe('written');
    expect(await readFile(path)).toEqual(contentOf('b'));
    expect(await readFile(`${path}.bak`)).toEqual(contentOf('a'));
    expect(store.running().sha).toBe(shaOf(contentOf('a')));
    expect((await store.disk()).layer?.sha).toBe(shaOf(contentOf('b')));
  });

  it('is left alone when somebody has edited it meanwhile', async () => {
    await writeFile(path, contentOf('edited'));
    expect(await store.replace(contentOf('b'), shaOf(contentOf('a')))).toBe('changed');
    expect(await store.replace(contentOf('b'), null)).toBe('changed');
    expect(await readFile(path)).toEqual(contentOf('edited'));
  });

  it('comes back when it is gone, and is refused where nothing can be written', async () => {
    await rm(path);
    expect(await store.replace(contentOf('b'), shaOf(contentOf('a')))).toBe('changed');
    expect(await store.replace(contentOf('b'), null)).toBe('written');
    await rm(dirname(path), { recursive: true });
    expect(await store.replace(contentOf('b'), null)).toBe('not-writable');
  });

  it('stays when the backup cannot be made', async () => {
    await mkdir(`${path}.bak`);
    expect(await store.replace(contentOf('b'), shaOf(contentOf('a')))).toEqual({ failure: expect.any(String) });
    expect(await readFile(path)).toEqual(contentOf('a'));
  });
});
