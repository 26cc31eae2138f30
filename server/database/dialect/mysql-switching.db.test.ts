import mysql from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type MariadbNode,
  type MariadbTestCluster,
  startMariadbCluster,
} from '../../../tools/cluster/mariadb/testing.ts';
import { systemClock } from '../clock.ts';
import { hasEngine, until, withConnection } from '../testing/index.ts';
import { mysqlSwitching } from './mysql-switching.ts';

const limitMs = 5_000;
const rows = 200;

let started: MariadbTestCluster;
let a: MariadbNode;
let b: MariadbNode;

const on = <T>(node: MariadbNode, work: (connection: Parameters<typeof mysqlSwitching.lock>[0]) => Promise<T>) =>
  withConnection(node.url(), work);
const fence = (ms = limitMs): Promise<void> =>
  on(a, (connection) => mysqlSwitching.fence(connection, { clock: systemClock, ms }));

async function setting(node: MariadbNode, name: string): Promise<unknown> {
  return (await node.query(`SELECT @@global.${name} AS value`))[0]?.['value'];
}

describe.skipIf(!hasEngine('mysql'))('the fence of MariaDB', () => {
  const sessions: mysql.Connection[] = [];
  beforeAll(async () => {
    started = await startMariadbCluster();
    [a] = started.cluster.nodes as [MariadbNode];
    await a.query('CREATE TABLE holdfast.kept (id INT PRIMARY KEY)');
  });
  afterEach(async () => {
    for (const session of sessions.splice(0)) session.destroy();
    await a.query('SET GLOBAL read_only = 0', 'DELETE FROM holdfast.kept');
  });
  afterAll(() => started.stop());

  /** A session of somebody else, of the superuser's or of our own user's rights; what it runs, one after the other. */
  async function session(url: string, ...texts: string[]): Promise<mysql.Connection> {
    const opened = await mysql.createConnection(url);
    opened.on('error', () => {});
    sessions.push(opened);
    for (const text of texts) await opened.query(text);
    return opened;
  }
  const kept = async (): Promise<unknown> => (await a.query('SELECT COUNT(*) AS n FROM holdfast.kept'))[0]?.['n'];

  it('ends the sessions of strangers, who could write in spite of it, and what they have open', async () => {
    const stranger = await session(a.adminUrl(), 'BEGIN', 'INSERT INTO holdfast.kept VALUES (1)');
    const idle = await session(a.adminUrl());
    await fence();
    expect(await setting(a, 'read_only')).toBe(1);
    for (const one of [stranger, idle]) await expect(one.query('COMMIT')).rejects.toThrow(/closed|lost|killed/i);
    expect(await kept()).toBe(0);
  });

  it('leaves our own sessions alone, whose transactions cannot commit any more', async () => {
    const own = await session(a.url(), 'BEGIN', 'INSERT INTO kept VALUES (2)');
    await fence();
    await expect(own.query('COMMIT')).rejects.toThrow(/--read-only option/);
    await expect(own.query('INSERT INTO kept VALUES (3)')).rejects.toThrow(/--read-only option/);
    expect(await kept()).toBe(0);
  });

  it.each([
    ['a lock on tables', 'LOCK TABLES holdfast.kept WRITE', []],
    ['a statement that writes and does not end', 'SELECT 1', ['INSERT INTO holdfast.kept SELECT SLEEP(60)']],
  ])('is complete at the second attempt when a stranger holds it up by %s', async (_, first, rest) => {
    const stranger = await session(a.adminUrl(), first);
    const endless = rest.map((text) => stranger.query(text).catch((error: Error) => error.message));
    await until('it runs', async () => {
      const busy = await a.query(
        "SELECT 1 FROM information_schema.processlist WHERE info LIKE '%SLEEP(60)' AND id <> CONNECTION_ID()",
      );
      return busy.length === rest.length;
    });
    await fence();
    expect(await setting(a, 'read_only')).toBe(1);
    for (const text of await Promise.all(endless)) expect(text).toMatch(/closed|lost|killed/i);
    expect(await kept()).toBe(0);
  });

  it('gives up in time when one of our own sessions holds a lock, and leaves nothing behind', async () => {
    const own = await session(a.url(), 'LOCK TABLES kept WRITE');
    const began = Date.now();
    await expect(fence(1_000)).rejects.toThrow(/does not end on it.*SHOW PROCESSLIST/);
    expect(Date.now() - began).toBeLessThan(1_500);
    await own.query('INSERT INTO kept VALUES (4)');
    await own.query('UNLOCK TABLES');
    expect([await setting(a, 'read_only'), await kept()]).toEqual([0, 1]);
    await session(a.url(), 'INSERT INTO kept VALUES (5)');
  });
});

describe.skipIf(!hasEngine('mysql'))('a promotion of MariaDB', () => {
  beforeEach(async () => {
    started = await startMariadbCluster({ replicas: 1 });
    [a, b] = started.cluster.nodes as [MariadbNode, MariadbNode];
    await a.query('CREATE TABLE holdfast.kept (id INT PRIMARY KEY)');
    await b.catchUp(a);
  });
  afterEach(() => started.stop());

  const facts = () => on(b, (connection) => mysqlSwitching.candidateFacts(connection, limitMs));

  /** The replica has received what it has not applied, and its master is gone. */
  async function receive(): Promise<void> {
    await b.pauseReplay();
    for (let id = 1; id <= rows; id++) await a.query(`INSERT INTO holdfast.kept VALUES (${id})`);
    const written = await setting(a, 'gtid_binlog_pos');
    await until('it has received all', async () => (await facts()).received === written);
    await a.kill();
    expect(await b.query('SELECT COUNT(*) AS n FROM holdfast.kept')).toEqual([{ n: 0 }]);
  }

  const whole = { role: 'a master with everything', n: rows, locked: 0, links: 0 };
  async function state(): Promise<unknown> {
    const [row] = await b.query('SELECT COUNT(*) AS n, @@global.read_only AS locked FROM holdfast.kept');
    return { role: 'a master with everything', ...row, links: (await b.query('SHOW ALL REPLICAS STATUS')).length };
  }

  it('applies what was received before it leaves its master', async () => {
    await receive();
    await on(b, (connection) => mysqlSwitching.promote(connection, limitMs));
    expect(await state()).toEqual(whole);
  });

  it('by a person does so too, by the commands that are shown', async () => {
    await receive();
    await b.query(...mysqlSwitching.commands.promote((await facts()).received));
    expect(await state()).toEqual(whole);
  });

  it('that cannot apply what was received in time leaves a replica, and says so', async () => {
    await receive();
    const reader = await mysql.createConnection(b.adminUrl());
    await reader.query('LOCK TABLES holdfast.kept READ');
    await expect(on(b, (connection) => mysqlSwitching.promote(connection, 1_000))).rejects.toThrow(
      /did not apply what it has received/,
    );
    expect(await setting(b, 'read_only')).toBe(1);
    reader.destroy();
    expect((await b.query('SHOW ALL REPLICAS STATUS')).length).toBe(1);
  });
});
