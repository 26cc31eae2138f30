import { afterAll, beforeAll, expect, it } from 'vitest';
import { bind, type Database, type DatabaseLayer, statement } from '../index.ts';
import { createLedger, describeEngines, type OpenTestDatabase, openTestDatabase } from '../testing/index.ts';

const add = statement('t.add', 'INSERT INTO ledger (id, author, n) VALUES ($1, $2, $3)');
const addOnce = statement(
  't.addOnce',
  (sql) => `INSERT INTO ledger (id, author, n) VALUES ($1, 1, 1) ${sql.orIgnore('ledger', ['id'])}`,
);
const get = statement('t.get', 'SELECT id, author, n FROM ledger WHERE id = $1');
const rowsOf = statement(
  't.rows',
  (sql) => `SELECT r.id, r.n, r.b FROM ${sql.rows('$1', { id: 'text', n: 'bigint', b: 'boolean' }, 'r')}`,
);
const jsonOf = statement(
  't.json',
  (sql) => `SELECT ${sql.jsonText({ id: 'l.id', n: 'l.n' })} AS json FROM ledger l WHERE l.id = $1`,
);
const broken = statement('t.broken', 'SELECT * FROM no_such_table');

/** What the engines call the same things, and how all connections of the layer are ended on each. */
const own = {
  postgres: {
    token: /^\d+\.\d+\.[0-9A-F]{16}$/,
    primaryKey: 'ledger_pkey',
    noSuchTable: '42P01',
    pools:
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'holdfast' AND datname = current_database()",
  },
  mysql: {
    token: /^\d+\.\d+\.0-1-\d+$/,
    primaryKey: 'PRIMARY',
    noSuchTable: 'ER_NO_SUCH_TABLE',
    pools:
      "SELECT CONCAT('KILL ', id) AS kill_it FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()",
  },
} as const;

describeEngines('Database', (engine) => {
  let opened: OpenTestDatabase;
  let layer: DatabaseLayer;
  let database: Database;
  beforeAll(async () => {
    opened = await openTestDatabase({ engine });
    layer = opened;
    database = opened.database;
    await createLedger(layer);
  });
  afterAll(() => opened.stop());

  it('writes, raises the token, and reads back numbers as numbers', async () => {
    const ann = layer.causalities.of('ann');
    await database.write(ann, bind(add, 'a', 1, 1_700_000_000_000));
    expect(ann.token).toMatch(own[engine].token);
    expect(database.latestToken).toBe(ann.token);
    expect(await database.read(ann, get, 'a')).toEqual([{ id: 'a', author: 1, n: 1_700_000_000_000 }]);
  });

  it('takes lists as one parameter and gives rows as ready JSON text', async () => {
    const list = JSON.stringify([{ id: 'x', n: 2, b: true }]);
    expect(await database.readLatest(rowsOf, list)).toEqual([{ id: 'x', n: 2, b: true }]);
    await database.write(layer.causalities.of('ann'), bind(addOnce, 'json'));
    const [row] = await database.readLatest<{ json: string }>(jsonOf, 'json');
    expect(JSON.parse(row?.json ?? '')).toEqual({ id: 'json', n: 1 });
  });

  it('names the violated index', async () => {
    const ann = layer.causalities.of('ann');
    await database.write(ann, bind(addOnce, 'twice'));
    const again = database.write(ann, bind(add, 'twice', 1, 1));
    await expect(again).rejects.toMatchObject({ kind: 'unique', constraint: own[engine].primaryKey, outcome: 'final' });
  });

  it('saves all of several statements or none', async () => {
    const ann = layer.causalities.of('ann');
    const answers = await database.writeAll(ann, [bind(add, 'm1', 1, 1), bind(get, 'm1')]);
    expect(answers[1]).toHaveLength(1);
    const failing = database.writeAll(ann, [bind(add, 'm2', 1, 1), bind(add, 'm1', 1, 1), bind(add, 'm3', 1, 1)]);
    await expect(failing).rejects.toMatchObject({ kind: 'unique' });
    expect(await database.readLatest(get, 'm2')).toEqual([]);
    expect(await database.readLatest(get, 'm3')).toEqual([]);
  });

  it('does not take a rolled-back transaction for a success when its error was swallowed', async () => {
    const ann = layer.causalities.of('ann');
    const swallowed = database.transaction(ann, async (tx) => {
      await tx.query(addOnce, 'swallowed');
      await tx.query(broken).catch(() => undefined);
      return 'ok';
    });
    await expect(swallowed).rejects.toThrow('rolled back');
    expect(await database.readLatest(get, 'swallowed')).toEqual([]);
  });

  it('rolls a transaction back with the error of its callback, and goes on', async () => {
    const ann = layer.causalities.of('ann');
    const failing = database.transaction(ann, async (tx) => {
      await tx.query(addOnce, 'thrown');
      throw new Error('mine');
    });
    await expect(failing).rejects.toThrow('mine');
    expect(await database.readLatest(get, 'thrown')).toEqual([]);
    expect(await database.transaction(ann, (tx) => tx.query(get, 'a'))).toHaveLength(1);
  });

  it('runs a transaction again after a deadlock', async () => {
    const ann = layer.causalities.of('ann');
    const lock = statement('t.lock', 'SELECT n FROM ledger WHERE id = $1 FOR UPDATE');
    await database.write(ann, bind(addOnce, 'l1'));
    await database.write(ann, bind(addOnce, 'l2'));
    let bothHold: () => void = () => undefined;
    const meeting = new Promise<void>((resolve) => {
      bothHold = resolve;
    });
    let holders = 0;
    const crossing = (first: string, second: string) =>
      database.transaction(ann, async (tx) => {
        await tx.query(lock, first);
        holders += 1;
        if (holders === 2) bothHold();
        await meeting;
        return tx.query(lock, second);
      });
    const both = await Promise.all([crossing('l1', 'l2'), crossing('l2', 'l1')]);
    expect(both.map((rows) => rows.length)).toEqual([1, 1]);
    expect(holders).toBeGreaterThan(2);
  });

  it('gives a refused statement as an error without the values of rows', async () => {
    const refused = database.readLatest(broken).catch((error: unknown) => error);
    expect(await refused).toMatchObject({ kind: 'statement', outcome: 'final', code: own[engine].noSuchTable });
  });

  it('survives the death of its connection in the middle of everything', async () => {
    const ann = layer.causalities.of('ann');
    const writes = Array.from({ length: 50 }, (_, n) =>
      database.write(ann, bind(addOnce, `killed-${n}`), { onUnknown: 'repeatable' }),
    );
    await layer.onMaster(async (session) => {
      // MariaDB ends a connection by a statement of its own, PostgreSQL by a function.
      for (const { kill_it: text } of await session.execute(own[engine].pools)) {
        if (typeof text === 'string') await session.execute(text).catch(() => undefined);
      }
    });
    await Promise.all(writes);
    for (let n = 0; n < 50; n++) expect(await database.readLatest(get, `killed-${n}`)).toHaveLength(1);
  });
});
