import { describe, expect, it } from 'vitest';
import { tellsOfFullDisk } from './full-disk.ts';
import { mountBelow, spacesOf as mysqlSpaces } from './mysql-disk.ts';
import { spacesOf as postgresSpaces } from './postgres-disk.ts';

const mount = (path: string, available = 10) => ({ path, used: 1, available });

describe('the mount of a path', () => {
  it.each([
    ['/var/lib/mysql/', ['/', '/var', '/var/lib/mysql', '/var/lib/mysql2'], '/var/lib/mysql'],
    ['/var/lib/mysql', ['/', '/var/lib/mysql/'], '/var/lib/mysql/'],
    ['/var/lib/mysql2/', ['/', '/var/lib/mysql'], '/'],
    ['/data', ['/var', '/dev/shm'], undefined],
  ])('%s of %j is %s', (path, paths, expected) => {
    expect(
      mountBelow(
        path,
        paths.map((each) => mount(each)),
      )?.path,
    ).toBe(expected);
  });

  it('is the later one of two at one place, which covers the other', () => {
    expect(mountBelow('/data', [mount('/', 1), mount('/data', 2), mount('/data', 3)])?.available).toBe(3);
  });
});

describe('what MariaDB tells', () => {
  const facts = {
    db: 'chat',
    account: 'app@%',
    version: '10.11.19-MariaDB-log',
    datafolder: '/var/lib/mysql/',
    logname: '/var/log/mysql/binlog',
  };

  it('is the disk of the data, and that of the logs where it is another', () => {
    const { space, logSpace } = mysqlSpaces(facts, [mount('/', 5), mount('/var/log', 7)]);
    expect(space).toEqual({ usedBytes: 1024, freeBytes: 5120, source: 'the plugin disks (/)' });
    expect(logSpace).toMatchObject({ freeBytes: 7168 });
    expect(mysqlSpaces(facts, [mount('/')]).logSpace).toBeNull();
    expect(mysqlSpaces({ ...facts, logname: null }, [mount('/'), mount('/var/log')]).logSpace).toBeNull();
  });

  it.each([
    [
      'without the plugin',
      facts,
      undefined,
      /^Run config\/setup\/mariadb-disk.sql once, as root, in the database chat/,
    ],
    ['without the privilege', facts, [], /^app@% may not read .* needs the privilege FILE\. Run config/],
    ['without a mount that fits', facts, [mount('/dev')], /lists no disk that holds \/var\/lib\/mysql\//],
    ['as MySQL', { ...facts, version: '8.4.3' }, undefined, /docs\/guides\/disk-space\.md/],
  ])('%s, is how the room becomes known', (_, known, mounts, expected) => {
    expect(mysqlSpaces(known, mounts)).toMatchObject({ space: { unknown: expect.stringMatching(expected) } });
  });
});

describe('what holdfast_disk tells', () => {
  const row = (place: string, mounted: string) => ({ place, used_kb: '3', available_kb: '-2', mount: mounted });

  it('is the disk of the data, and that of the log where it is another; less than nothing is nothing', () => {
    const space = { usedBytes: 3072, freeBytes: 0, source: 'the table holdfast_disk (/)' };
    expect(postgresSpaces([row('.', '/'), row('pg_wal', '/')])).toEqual({ space, logSpace: null });
    expect(postgresSpaces([row('pg_wal', '/wal'), row('.', '/')]).logSpace).toMatchObject({
      source: 'the table holdfast_disk (/wal)',
    });
  });

  it('may be nothing, where there is no df', () => {
    expect(postgresSpaces([])).toMatchObject({ space: { unknown: expect.stringContaining('df is missing') } });
  });
});

describe('a full disk', () => {
  it.each([
    ['53100', 'could not extend file', true],
    ['1114', "The table 't' is full", true],
    ['ER_DISK_FULL', 'Disk full', true],
    ['58030', 'could not write to file: No space left on device', true],
    ['58030', 'could not read block: Input/output error', false],
    ['XX001', 'invalid page', false],
    [undefined, 'connect ECONNREFUSED', false],
  ])('is told by %s %s: %s', (code, text, expected) => {
    expect(tellsOfFullDisk({ text, ...(code === undefined ? {} : { code }) })).toBe(expected);
  });
});
