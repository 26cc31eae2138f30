import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MariadbTestCluster, startMariadbCluster } from '../../../tools/cluster/mariadb/testing.ts';
import { parseDataSource } from '../data-source/index.ts';
import { hasEngine, until } from '../testing/index.ts';
import type { Connection, DriverStatement } from './connection.ts';
import { mysqlConnector } from './mysql-connector.ts';
import { classifyMysqlError } from './mysql-errors.ts';

const limitMs = 5_000;
const options = { connectTimeoutMs: 3_000, statementTimeoutMs: 3_000, applicationName: 'test' };

let started: MariadbTestCluster;
let connection: Connection;

function open(query = '', change: (url: URL) => void = () => undefined): Promise<Connection> {
  const url = new URL(`${started.cluster.node('my-a').url()}${query}`);
  change(url);
  const parsed = parseDataSource(url.href, 'mysql');
  if (!('source' in parsed) || parsed.source === undefined) throw new Error('The data source does not parse.');
  return mysqlConnector(parsed.source, options).open();
}

const named = (name: string, text: string): DriverStatement => ({ name, text });
const rows = async (text: string, ...values: unknown[]) => (await connection.execute({ text }, values, limitMs)).rows;

describe.skipIf(!hasEngine('mysql'))('mysqlConnector', () => {
  beforeAll(async () => {
    started = await startMariadbCluster();
    connection = await open();
    await rows('CREATE TABLE t (id VARCHAR(64) PRIMARY KEY, n BIGINT, b BOOLEAN, j JSON) COLLATE utf8mb4_bin');
  });
  afterAll(async () => {
    await connection.close();
    await started.stop();
  });

  describe('a session', () => {
    it('is the same whatever the defaults of the server are', async () => {
      const text = `SELECT @@sql_mode AS mode, @@tx_isolation AS isolation, @@time_zone AS zone,
        @@collation_connection AS collation, @@max_statement_time AS seconds`;
      expect(await rows(text)).toMatchObject([
        { isolation: 'READ-COMMITTED', zone: '+00:00', collation: 'utf8mb4_bin', seconds: 3 },
      ]);
      await expect(rows("INSERT INTO t (id, n) VALUES ('bad', 'word')")).rejects.toMatchObject({ errno: 1366 });
    });

    it('keeps every text as it is', async () => {
      const texts = ["it's", 'back\\slash \\\' "', 'ÄÖ 日本 🎉', 'a\n\r\0b', '$1 ? %', '; DROP TABLE t; --', ''];
      const insert = { text: 'INSERT INTO t (id, j) VALUES ($1, $2)' };
      for (const [at, text] of texts.entries()) {
        // By a prepared statement and as a text with the value in it.
        await connection.write(
          { statement: named('t.keep', insert.text), values: [`p${at}`, JSON.stringify(text)] },
          limitMs,
        );
        await connection.writeAll([{ statement: insert, values: [`t${at}`, JSON.stringify(text)] }], limitMs);
        const found = await rows('SELECT j FROM t WHERE id IN ($1, $2)', `p${at}`, `t${at}`);
        expect(found.map(({ j }): unknown => JSON.parse(String(j)))).toEqual([text, text]);
      }
    });

    it('never sends a file of ours', async () => {
      const load = rows("LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE t");
      await expect(load).rejects.toThrow('not allowed');
      expect(connection.usable).toBe(true);
    });

    it('compares byte by byte', async () => {
      await rows("INSERT INTO t (id) VALUES ('Ann'), ('ann')");
      expect(await rows('SELECT id FROM t WHERE id = $1', 'ann')).toEqual([{ id: 'ann' }]);
    });
  });

  describe('values', () => {
    it.each(['prepared', 'text'])(
      'of one digit are numbers unless they are the answer to a question (%s)',
      async (how) => {
        await rows('CREATE OR REPLACE TABLE digits (s SMALLINT(1), i INT(1), b BOOLEAN, n BIGINT)');
        await rows('INSERT INTO digits VALUES (1, 1, TRUE, 1)');
        const text = `SELECT 7 AS seven, s, i, b, n = 1 AS same, n IS NULL AS missing, EXISTS (SELECT * FROM digits) AS found,
        n = NULL AS unknown, b OR n > 1 AS combined FROM digits`;
        const statement = how === 'prepared' ? named('t.digits', text) : { text };
        expect((await connection.execute(statement, [], limitMs)).rows).toEqual([
          { seven: 7, s: 1, i: 1, b: true, same: true, missing: false, found: true, unknown: null, combined: true },
        ]);
      },
    );

    it.each(['prepared', 'text'])('are numbers, booleans and texts (%s)', async (how) => {
      await rows("REPLACE INTO t VALUES ('v', 1700000000000, TRUE, '{\"a\":1}')");
      const text =
        'SELECT n, b, j, COUNT(*) AS c, SUM(n) AS s, n = $1 AS same FROM t WHERE id = $2 GROUP BY id LIMIT $3';
      const statement = how === 'prepared' ? named('t.values', text) : { text };
      const { rows: found } = await connection.execute(statement, [1_700_000_000_000, 'v', 1], limitMs);
      expect(found).toEqual([{ n: 1_700_000_000_000, b: true, j: '{"a":1}', c: 1, s: 1_700_000_000_000, same: true }]);
    });

    it('go on without preparing when the server can prepare no more', async () => {
      const node = started.cluster.node('my-a');
      await node.query('SET GLOBAL max_prepared_stmt_count = 0');
      const { rows: found } = await connection.execute(named('t.unprepared', 'SELECT $1 AS x'), ['y'], limitMs);
      await node.query('SET GLOBAL max_prepared_stmt_count = 16382');
      expect(found).toEqual([{ x: 'y' }]);
    });
  });

  describe('a write', () => {
    const insert = named('t.insert', 'INSERT INTO t (id, n) VALUES ($1, 1) ON DUPLICATE KEY UPDATE id = VALUES(id)');
    const numberOf = (position: string | null): number => Number(position?.split('-')[2]);

    it('tells its own position, and the present one when it changed nothing', async () => {
      const first = await connection.write({ statement: insert, values: ['w1'] }, limitMs);
      expect(first.position).toMatch(/^0-1-\d+$/);
      const other = await open();
      const later = await other.write({ statement: insert, values: ['w2'] }, limitMs);
      await other.close();
      expect(numberOf(later.position)).toBe(numberOf(first.position) + 1);
      // Somebody else's row: whoever reads it next must find it.
      const again = await connection.write({ statement: insert, values: ['w2'] }, limitMs);
      expect(again.position).toBe(later.position);
    });

    it('that answers rows tells its position, too', async () => {
      const returning = named('t.returning', "INSERT INTO t (id) VALUES ($1) RETURNING CONCAT(id, '!') AS said");
      const { results, position } = await connection.write({ statement: returning, values: ['r1'] }, limitMs);
      expect(results[0]?.rows).toEqual([{ said: 'r1!' }]);
      expect(numberOf(position)).toBeGreaterThan(0);
    });

    it('of several statements saves nothing when one fails, and leaves no transaction open', async () => {
      const calls = ['a1', 'a2'].map((id) => ({ statement: insert, values: [id] }));
      const broken = { statement: { text: 'INSERT INTO no_such_table VALUES (1)' }, values: [] };
      const failing = connection.writeAll([calls[0] ?? broken, broken, calls[1] ?? broken], limitMs);
      await expect(failing).rejects.toMatchObject({ errno: 1146 });
      expect(await rows("SELECT id FROM t WHERE id IN ('a1', 'a2')")).toEqual([]);
      const { position } = await connection.writeAll(calls, limitMs);
      expect(numberOf(position)).toBeGreaterThan(0);
      expect(await rows("SELECT id FROM t WHERE id IN ('a1', 'a2')")).toHaveLength(2);
    });

    it('of several statements is of unknown outcome when its connection is lost on the way', async () => {
      const victim = await open();
      const { rows: found } = await victim.execute({ text: 'SELECT CONNECTION_ID() AS id' }, [], limitMs);
      const calls = ["INSERT INTO t (id) VALUES ('l1')", 'DO SLEEP(2)'].map((text) => ({
        statement: { text },
        values: [],
      }));
      const running = victim.writeAll(calls, limitMs).catch((error: unknown) => error);
      const node = started.cluster.node('my-a');
      await until('it sleeps', async () => {
        const sleeping = "SELECT id FROM information_schema.processlist WHERE info LIKE 'DO SLEEP%'";
        return (await node.query(sleeping)).length > 0;
      });
      await node.query(`KILL ${String(found[0]?.['id'])}`);
      expect(classifyMysqlError(await running, true)).toMatchObject({ kind: 'unreachable', outcome: 'unknown' });
      expect(victim.usable).toBe(false);
    });

    it('after a failed statement of its transaction is not sent: the server would keep it', async () => {
      await connection.begin(limitMs);
      await rows('INSERT INTO no_such_table VALUES (1)').catch(() => undefined);
      await expect(connection.execute(insert, ['f1'], limitMs)).rejects.toThrow('roll it back');
      await expect(connection.commit(limitMs)).rejects.toThrow('rolled back');
      expect(await rows("SELECT id FROM t WHERE id = 'f1'")).toEqual([]);
    });
  });

  describe('a server', () => {
    it('that falls silent while it prepares a statement is given up at the limit', async () => {
      const silent = await open();
      const node = started.cluster.node('my-a');
      node.freeze();
      const before = performance.now();
      const answer = await silent
        .execute(named('t.silent', 'SELECT 1 AS one'), [], 300)
        .catch((error: unknown) => error);
      const tookMs = performance.now() - before;
      node.thaw();
      expect(classifyMysqlError(answer, true)).toMatchObject({ kind: 'unreachable', outcome: 'unknown' });
      expect(tookMs).toBeLessThan(limitMs);
      expect(silent.usable).toBe(false);
    });

    it('that has fallen silent is parted from', async () => {
      const silent = await open();
      started.cluster.node('my-a').freeze();
      await silent.close();
      started.cluster.node('my-a').thaw();
      expect(silent.usable).toBe(false);
    });

    it('without TLS is spoken to, unless TLS is required', async () => {
      await (await open('?ssl-mode=PREFERRED')).close();
      const failure = classifyMysqlError(await open('?ssl-mode=REQUIRED').catch((error: unknown) => error), true);
      expect(failure).toMatchObject({ kind: 'misconfigured', outcome: 'not-executed' });
    });

    it('that refuses the password is named without it', async () => {
      const refused: unknown = await open('', (url) => {
        url.password = 'wrong-secret';
      }).catch((error: unknown) => error);
      expect(classifyMysqlError(refused, false)).toMatchObject({
        kind: 'misconfigured',
        code: 'ER_ACCESS_DENIED_ERROR',
      });
      expect(JSON.stringify(refused)).not.toContain('wrong-secret');
    });

    it('that ends a connection makes it unusable, and what was in flight unknown', async () => {
      const victim = await open();
      const { rows: found } = await victim.execute({ text: 'SELECT CONNECTION_ID() AS id' }, [], limitMs);
      const running = victim.execute({ text: 'SELECT SLEEP(30) AS x' }, [], 40_000).catch((error: unknown) => error);
      await started.cluster.node('my-a').query(`KILL ${String(found[0]?.['id'])}`);
      expect(classifyMysqlError(await running, true)).toMatchObject({ kind: 'unreachable', outcome: 'unknown' });
      expect(victim.usable).toBe(false);
      const late = await victim.execute({ text: 'SELECT 1' }, [], limitMs).catch((error: unknown) => error);
      expect(classifyMysqlError(late, true)).toMatchObject({ kind: 'unreachable', outcome: 'not-executed' });
    });
  });
});
