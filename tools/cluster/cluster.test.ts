import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { findBinaries, restoreSymlinks } from './binaries.ts';
import { mergeParameters, renderParameters, replicaParameters } from './parameters.ts';
import { clusterNameMatcher, parsePsListing, processBegan } from './processes.ts';
import { mayEnter } from './run-as.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-unit-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('parameters', () => {
  test('quotes are doubled', () => {
    expect(renderParameters({ a: "it's", b: '1' })).toBe("a = 'it''s'\nb = '1'\n");
  });

  test('merging sets, replaces and removes, and keeps what others wrote', () => {
    const text = "# Do not edit\nwork_mem = '4MB'\nprimary_conninfo = 'old'\nrecovery_min_apply_delay = '5s'\n";
    const merged = mergeParameters(text, { primary_conninfo: 'new', recovery_min_apply_delay: undefined });
    expect(merged).toBe("# Do not edit\nwork_mem = '4MB'\nprimary_conninfo = 'new'\n");
  });

  test('merging removals into an empty file gives an empty file', () => {
    expect(mergeParameters('', { recovery_min_apply_delay: undefined })).toBe('');
  });

  test('the connection of a replica is bounded in time and its slot has a valid name', () => {
    const upstream = { port: 5, user: 'replicator', password: "a b'c\\", replica: 'pg-b' };
    const { primary_conninfo, primary_slot_name } = replicaParameters(upstream);
    expect(primary_conninfo).toContain("password='a b\\'c\\\\' application_name=pg-b connect_timeout=2");
    expect(primary_slot_name).toBe('pg_b');
  });
});

describe('processes', () => {
  test.each([
    ['/bin/postgres -D /x -c port=1 -c cluster_name=holdfast-1-pg-a', true],
    ['/bin/postgres -D /x -c cluster_name=holdfast-1-pg-a -c port=1', true],
    ['postgres: holdfast-1-pg-a: walsender replicator', true],
    ['postgres: holdfast-1-pg-ab: walsender replicator', false],
    ['/bin/postgres -D /x -c cluster_name=holdfast-1-pg-a-2', false],
    ['postgres: other: holdfast-1-pg-a: idle', false],
  ])('%s belongs to pg-a: %s', (command, expected) => {
    expect(clusterNameMatcher('holdfast-1-pg-a')(command)).toBe(expected);
  });

  test('the listing of ps is read where there is no /proc', () => {
    const listing = [
      '  501     1 Ss   /opt/bin/postgres -D /data -c cluster_name=x',
      '  502   501 Ts   postgres: x: checkpointer  ',
      '  503   501 Z    postgres: x: walwriter',
      '  504     1 S    grep postgres',
      '',
    ].join('\n');
    expect(parsePsListing(listing, 'postgres')).toEqual([
      { pid: 501, parent: 1, frozen: false, command: '/opt/bin/postgres -D /data -c cluster_name=x' },
      { pid: 502, parent: 501, frozen: true, command: 'postgres: x: checkpointer  ' },
    ]);
  });

  test('a process has a beginning that does not change, an unused id has none', () => {
    expect(processBegan(process.pid)).toBe(processBegan(process.pid));
    expect(processBegan(process.pid)).toBeTruthy();
    expect(processBegan(2 ** 30)).toBeUndefined();
  });
});

describe('binaries', () => {
  test('missing links are made again and existing ones are left', () => {
    const native = join(folder, 'native');
    mkdirSync(join(native, 'lib'), { recursive: true });
    writeFileSync(join(native, 'lib', 'libx.so.1.2'), 'library');
    const links = [
      { source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' },
      { source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so' },
    ];
    writeFileSync(join(native, 'pg-symlinks.json'), JSON.stringify(links));
    restoreSymlinks(native);
    restoreSymlinks(native);
    expect(readlinkSync(join(native, 'lib', 'libx.so'))).toBe('libx.so.1.2');
    expect(readFileSync(join(native, 'lib', 'libx.so.1'), 'utf8')).toBe('library');
  });

  test('a wrong HOLDFAST_POSTGRES_BIN is named, not passed over', () => {
    expect(() => findBinaries({ HOLDFAST_POSTGRES_BIN: folder })).toThrow(`HOLDFAST_POSTGRES_BIN names ${folder}`);
  });
});

describe('the databases user', () => {
  const stranger = { uid: 4_000_001, gid: 4_000_001 };

  test('may not enter what is below a closed folder, but what is below open ones', () => {
    const inner = join(folder, 'inner');
    mkdirSync(inner, { mode: 0o755 });
    // The temporary folder was made for its owner alone.
    expect(mayEnter(inner, stranger)).toBe(false);
    expect(mayEnter(tmpdir(), stranger)).toBe(true);
    expect(mayEnter(inner, undefined)).toBe(true);
  });
});
