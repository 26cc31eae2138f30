import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type MariadbNode,
  type MariadbTestCluster,
  startMariadbCluster,
} from '../../../tools/cluster/mariadb/testing.ts';
import { parseDataSource } from '../data-source/index.ts';
import { hasEngine, until } from '../testing/index.ts';
import type { ProbeReading } from './dialect.ts';
import { mysqlDialect } from './mysql.ts';

const limitMs = 5_000;
const options = { connectTimeoutMs: 3_000, statementTimeoutMs: 3_000, applicationName: 'test' };

let started: MariadbTestCluster;
let a: MariadbNode;
let b: MariadbNode;
let c: MariadbNode;

async function on<T>(url: string, work: (connection: Awaited<ReturnType<typeof opened>>) => Promise<T>): Promise<T> {
  const connection = await opened(url);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

function opened(url: string) {
  const parsed = parseDataSource(url, 'mysql');
  if (!('source' in parsed) || parsed.source === undefined) throw new Error('The data source does not parse.');
  return mysqlDialect.connector(parsed.source, options).open();
}

const probe = (node: MariadbNode, url = node.url()): Promise<ProbeReading> =>
  on(url, (connection) => mysqlDialect.probe(connection, limitMs));
const adopt = (node: MariadbNode): Promise<void> =>
  on(node.url(), (connection) => mysqlDialect.adopt(connection, limitMs));

/** The same server for a user who has nothing but rights on the application's tables. */
function plain(node: MariadbNode): string {
  const url = new URL(node.url());
  url.username = 'plain';
  url.password = 'plain';
  return url.href;
}

describe.skipIf(!hasEngine('mysql'))('the probe of MariaDB', () => {
  beforeAll(async () => {
    started = await startMariadbCluster({ replicas: 2 });
    [a, b, c] = started.cluster.nodes as [MariadbNode, MariadbNode, MariadbNode];
    await a.query(
      "CREATE USER plain@'%' IDENTIFIED BY 'plain'",
      "GRANT SELECT, INSERT, UPDATE, DELETE ON holdfast.* TO plain@'%'",
    );
    await Promise.all([b.catchUp(a), c.catchUp(a)]);
  });
  afterAll(() => started.stop());

  it('finds no identity in a new database, and says so', async () => {
    const reading = await probe(a);
    expect(reading).toMatchObject({ role: 'master', clusterId: '0', timeline: null, durability: 'asynchronous' });
    expect(reading.remark).toContain('holdfast_cluster is missing');
    await on(plain(a), (connection) => mysqlDialect.adopt(connection, limitMs));
    expect((await probe(a)).clusterId).toBe('0');
  });

  it('finds the same identity on all members once the master is in use', async () => {
    await Promise.all([adopt(a), adopt(a)]);
    await Promise.all([b.catchUp(a), c.catchUp(a)]);
    const readings = await Promise.all([a, b, c].map((node) => probe(node)));
    const [first] = readings;
    expect(first).toMatchObject({ role: 'master', timeline: 1, receiving: true, replayPaused: false, remark: '' });
    expect(first?.clusterId).toMatch(/^[1-9]\d*$/);
    for (const reading of readings) {
      expect(reading).toMatchObject({ timeline: 1, clusterId: first?.clusterId, position: first?.position });
      expect(reading.versionNumber).toBeGreaterThanOrEqual(100_600);
      expect(reading.connectionsAllowed).toBe(200);
    }
    expect(readings.map(({ role }) => role)).toEqual(['master', 'replica', 'replica']);
  });

  it('tells one run of a server from the next, and not two probes of one run', async () => {
    const { instance } = await probe(c);
    expect((await probe(c)).instance).toBe(instance);
    await until('a second has passed', async () => (await a.query('SELECT SLEEP(1.1)')).length === 1);
    expect((await probe(c)).instance).toBe(instance);
    await c.stopFast();
    await c.start();
    expect((await probe(c)).instance).not.toBe(instance);
  });

  it('sees a link that is down and changes that are not applied', async () => {
    await b.cutReplication();
    await until('the link is down', async () => !(await probe(b)).receiving);
    expect((await probe(b)).role).toBe('replica');
    await b.restoreReplication(a);
    await until('the link is up', async () => (await probe(b)).receiving);
    await b.pauseReplay();
    expect(await probe(b)).toMatchObject({ receiving: true, replayPaused: true });
    await b.resumeReplay();
  });

  /** Probes twice on one connection, the second time with one question that fails. */
  const probeWithout = (node: MariadbNode, question: RegExp, error: Error): Promise<ProbeReading> =>
    on(node.url(), async (connection) => {
      let isWhole = true;
      const execute: typeof connection.execute = (statement, ...rest) =>
        isWhole || !question.test(statement.text) ? connection.execute(statement, ...rest) : Promise.reject(error);
      const wrapped = { ...connection, execute };
      await mysqlDialect.probe(wrapped, limitMs);
      isWhole = false;
      return mysqlDialect.probe(wrapped, limitMs);
    });

  it('takes a link for down whose state stays untold while the rest is answered, on a replica alone', async () => {
    const silent = Object.assign(new Error('No answer'), { code: 'PROTOCOL_SEQUENCE_TIMEOUT' });
    const told = await probe(b);
    const { connectionsUsed: _, ...same } = told;
    expect(await probeWithout(b, /SHOW REPLICA/, silent)).toMatchObject({ ...same, receiving: false });
    await expect(probeWithout(a, /SHOW REPLICA/, silent)).rejects.toBe(silent);
  });

  it('needs no disk, and nothing else is forgiven', async () => {
    const full = Object.assign(new Error('Disk got full writing a table'), { errno: 1021 });
    const { connectionsUsed: _, ...same } = await probe(a);
    expect(await probeWithout(a, /global_status/, full)).toMatchObject(same);
    const denied = Object.assign(new Error('Access denied'), { errno: 1045 });
    await expect(probeWithout(a, /global_status/, denied)).rejects.toBe(denied);
  });

  it('sees that applying has failed, and does not show the row', async () => {
    await a.query('CREATE TABLE holdfast.f (id INT PRIMARY KEY)');
    await b.catchUp(a);
    await b.query('SET SESSION sql_log_bin = 0', 'INSERT INTO holdfast.f VALUES (4711)');
    await a.query('INSERT INTO holdfast.f VALUES (4711)');
    await until('it has failed', async () => !(await probe(b)).receiving);
    const { remark } = await probe(b);
    expect(remark).toMatch(/stopped with error 1062/);
    expect(remark).not.toContain('4711');
    await b.query('SET SESSION sql_log_bin = 0', 'DELETE FROM holdfast.f', 'START REPLICA');
    await b.catchUp(a);
  });

  it('does with the rights of the application alone, and says what it cannot see', async () => {
    const replica = await probe(b, plain(b));
    expect(replica).toMatchObject({ role: 'replica', receiving: true });
    expect(replica.remark).toContain('grant SLAVE MONITOR');
    expect((await probe(a, plain(a))).role).toBe('master');
    await b.cutReplication();
    await until('the link is down', async () => !(await probe(b, plain(b))).receiving);
    expect((await probe(b, plain(b))).role).toBe('replica');
    await b.restoreReplication(a);
  });

  it('says why a master refuses writes', async () => {
    await a.query('SET GLOBAL read_only = 1');
    const reading = await probe(a);
    await a.query('SET GLOBAL read_only = 0');
    expect(reading).toMatchObject({ role: 'read-only', remark: 'read_only is on.' });
  });

  it('knows a synchronous master by its replicas, and not by its settings', async () => {
    await a.query('SET GLOBAL rpl_semi_sync_master_timeout = 100', 'SET GLOBAL rpl_semi_sync_master_enabled = 1');
    await a.query('CREATE TABLE holdfast.s1 (id INT)');
    const unkept = { required: 1, connected: 0, weakened: true, confirmers: null };
    const seen = await probe(a);
    expect(seen).toMatchObject({ durability: 'asynchronous', synchronous: unkept });
    expect(seen.synchronous?.gap).toMatch(
      /wait_point = 'AFTER_SYNC'; SET GLOBAL rpl_semi_sync_master_timeout = 3600000;$/,
    );
    await b.query('SET GLOBAL rpl_semi_sync_slave_enabled = 1', 'STOP REPLICA', 'START REPLICA');
    await until('it waits for its replica', async () => {
      // The master trusts a replica again at a commit.
      await a.query('INSERT INTO holdfast.s1 VALUES (1)');
      return (await probe(a)).durability === 'synchronous';
    });
    await a.query(
      "SET GLOBAL rpl_semi_sync_master_wait_point = 'AFTER_SYNC'",
      'SET GLOBAL rpl_semi_sync_master_timeout = 3600000',
    );
    const kept = { required: 1, connected: 1, weakened: false, confirmers: null, gap: '' };
    expect((await probe(a)).synchronous).toEqual(kept);
    await a.query('SET GLOBAL rpl_semi_sync_master_enabled = 0');
    expect(await probe(a)).not.toHaveProperty('synchronous');
  });

  it('sees a promotion before anything is written, and its replicas follow when it is in use', async () => {
    await b.catchUp(a);
    await b.promote();
    expect(await probe(b)).toMatchObject({ role: 'master', timeline: 2 });
    expect(await probe(a)).toMatchObject({ role: 'master', timeline: 1 });
    const fork = await on(b.url(), (connection) => mysqlDialect.forkPosition(connection, limitMs));
    await on(b.url(), (connection) => mysqlDialect.proveWritable(connection, limitMs));
    expect(await probe(b)).toMatchObject({ role: 'master', timeline: 2 });
    expect(await on(b.url(), (connection) => mysqlDialect.forkPosition(connection, limitMs))).toBe(fork);
    expect(fork).toBe((await probe(a)).position);
    await c.follow(b);
    await c.catchUp(b);
    expect(await probe(c)).toMatchObject({ role: 'replica', timeline: 2 });
    await expect(on(c.url(), (connection) => mysqlDialect.proveWritable(connection, limitMs))).rejects.toMatchObject({
      errno: 1290,
    });
  });
});
