import { describe, expect, it } from 'vitest';
import type { Row } from '../row.ts';
import type { Connection, DriverStatement } from './connection.ts';
import { tellsOfFullDisk } from './full-disk.ts';
import { mountBelow, readMysqlDisk, spacesOf as mysqlSpaces } from './mysql-disk.ts';
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

describe('asking MariaDB', () => {
  const facts = {
    db: 'chat',
    account: 'app@%',
    version: '10.11.19-MariaDB-log',
    databasebytes: '16384',
    datafolder: '/var/lib/mysql/',
    logname: '/var/lib/mysql/binlog',
    plugins: '1',
    functions: '1',
  };
  const disks = [{ path: '/', used: 4, available: 8 }];

  /** A server that answers each text by its beginning, and refuses the others as one without the privilege does. */
  function server(
    answers: Readonly<Record<string, Row[]>>,
    usable = true,
  ): { connection: Connection; asked: string[] } {
    const asked: string[] = [];
    const execute = async ({ text }: DriverStatement) => {
      asked.push(text.trim());
      const [, rows] = Object.entries(answers).find(([begin]) => text.trim().startsWith(begin)) ?? [];
      if (rows === undefined)
        throw Object.assign(new Error('Access denied'), { code: 'ER_SPECIFIC_ACCESS_DENIED_ERROR' });
      return { rows, command: '' };
    };
    const nothing = () => Promise.resolve();
    const connection = { usable, execute, together: <T>(send: () => T) => send(), close: nothing, destroy: nothing };
    return { connection, asked };
  }

  it('takes the function before the plugin, and adds up the binary logs', async () => {
    const { connection, asked } = server({
      'SELECT DATABASE()': [facts],
      'SELECT holdfast_disk()': [{ disks: JSON.stringify(disks) }],
      'SHOW BINARY LOGS': [{ File_size: 100 }, { File_size: '11' }],
    });
    expect(await readMysqlDisk(connection, 1)).toMatchObject({
      databaseBytes: 16_384,
      logBytes: 111,
      logFolder: '/var/lib/mysql',
      space: { usedBytes: 4096, freeBytes: 8192 },
    });
    expect(asked.some((text) => text.includes('FROM information_schema.DISKS'))).toBe(false);
  });

  it('takes the plugin where there is no function, and misses nothing that the privileges hide', async () => {
    const { connection } = server({
      'SELECT DATABASE()': [{ ...facts, functions: 0 }],
      'SELECT Path': disks,
    });
    expect(await readMysqlDisk(connection, 1)).toMatchObject({ logBytes: null, space: { freeBytes: 8192 } });
  });

  it('asks for no log where none is written', async () => {
    const { connection, asked } = server({
      'SELECT DATABASE()': [{ ...facts, logname: null, plugins: 0, functions: 0 }],
    });
    expect(await readMysqlDisk(connection, 1)).toMatchObject({
      logBytes: null,
      space: { unknown: expect.any(String) },
    });
    expect(asked).toHaveLength(1);
  });

  it('fails when the connection is lost', async () => {
    const { connection } = server({ 'SELECT DATABASE()': [facts] }, false);
    await expect(readMysqlDisk(connection, 1)).rejects.toThrow('Access denied');
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
