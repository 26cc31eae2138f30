import mysql from 'mysql2/promise';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { queryMariadb } from '../../tools/cluster/mariadb/session.ts';
import { createMariadbDatabase } from '../../tools/cluster/mariadb/testing.ts';
import { createDatabase, type TestDatabase } from '../../tools/cluster/testing.ts';
import { describeEngines } from '../database/testing/index.ts';
import {
  compareSchema,
  type Migration,
  type MigrationConnection,
  type MigrateOptions,
  migrate,
  migrations,
  schemaVersion,
} from './index.ts';

const step = (version: number, name: string, ...texts: string[]): Migration => ({
  version,
  name,
  statements: { postgres: texts, mysql: texts },
});
const one = step(1, 'one', 'CREATE TABLE IF NOT EXISTS one (id INTEGER)');
const two = step(2, 'two', 'CREATE TABLE IF NOT EXISTS two (id INTEGER)');

const ownTables = {
  postgres: `table_schema = 'public'`,
  mysql: 'table_schema = DATABASE()',
} as const;
const holdLock = {
  postgres: 'SELECT pg_advisory_lock(7463520918)',
  mysql: `SELECT GET_LOCK(CONCAT('holdfast.', MD5(DATABASE())), 0)`,
} as const;

let own: TestDatabase;
let ends: (() => Promise<void>)[];
let engine: MigrationConnection['driver'];

async function connect(): Promise<MigrationConnection> {
  return engine === 'postgres' ? connectPostgres() : connectMysql();
}

async function connectPostgres(): Promise<MigrationConnection> {
  const client = new pg.Client({ connectionString: own.url });
  ends.push(() => client.end());
  await client.connect();
  return {
    driver: 'postgres',
    execute: async (sql, values) => (await client.query<Record<string, unknown>>(sql, values)).rows,
  };
}

async function connectMysql(): Promise<MigrationConnection> {
  const client = await mysql.createConnection(own.url);
  ends.push(() => client.end());
  return {
    driver: 'mysql',
    // The runner's placeholders stand in the order of their numbers.
    async execute(sql, values = []) {
      const [rows] = await client.query(sql.replaceAll(/\$\d/g, '?'), values);
      return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
    },
  };
}

const options = (steps: readonly Migration[], more: Partial<MigrateOptions> = {}): MigrateOptions => ({
  steps,
  statementTimeoutMs: 30_000,
  ...more,
});

/** The names of all tables, or of all columns with their types. */
async function schemaOf(connection: MigrationConnection, what: 'tables' | 'columns'): Promise<unknown[]> {
  const columns = what === 'tables' ? 'table_name AS a' : 'table_name AS a, column_name AS b, data_type AS c';
  const rows = await connection.execute(
    `SELECT ${columns} FROM information_schema.${what} WHERE ${ownTables[engine]} ORDER BY 1 ${what === 'tables' ? '' : ', 2'}`,
  );
  return rows.map((row) => Object.values(row).join(' '));
}

async function emptyDatabase(): Promise<TestDatabase> {
  if (engine === 'postgres') return createDatabase(inject('postgresUrl'), 'template1');
  const made = await createMariadbDatabase(inject('mysqlUrl'));
  const tables = await queryMariadb(made.url, [
    'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
  ]);
  await queryMariadb(
    made.url,
    tables.map(({ name }) => `DROP TABLE ${String(name)}`),
  );
  return made;
}

/** A connection that is lost after each statement that has not been its last one before. */
function dying(connection: MigrationConnection, last: Set<string>): MigrationConnection {
  let lost = false;
  return {
    driver: connection.driver,
    async execute(sql, values) {
      if (lost) throw new Error('lost');
      const rows = await connection.execute(sql, values);
      if (last.has(sql) || /LOCK/i.test(sql)) return rows;
      last.add(sql);
      lost = true;
      throw new Error('lost');
    },
  };
}

describeEngines('migrate', (tested) => {
  beforeEach(async () => {
    engine = tested;
    ends = [];
    own = await emptyDatabase();
  });
  afterEach(async () => {
    await Promise.all(ends.map((end) => end()));
    await own.drop();
  });
  brings();
  waits();
  refuses();
});

function brings(): void {
  it('brings an empty database to the newest schema, and leaves it there', async () => {
    const connection = await connect();
    expect(await compareSchema(connection, schemaVersion)).toMatchObject({ ok: false });
    const report = await migrate(connection, options(migrations));
    expect(report).toMatchObject({ from: 0, to: migrations.length });
    expect(await schemaOf(connection, 'tables')).toEqual(expect.arrayContaining(['channels', 'posts', 'users']));
    expect(await migrate(connection, options(migrations))).toEqual({ ...report, from: report.to, applied: [] });
    expect(await compareSchema(connection, schemaVersion)).toMatchObject({ ok: true });
    expect(await compareSchema(connection, schemaVersion + 1)).toMatchObject({ ok: false });
  });

  it('comes to the same schema when it is cut short after every single statement', async () => {
    const connection = await connect();
    await migrate(connection, options(migrations));
    const whole = await schemaOf(connection, 'columns');
    await Promise.all(ends.splice(0).map((end) => end()));
    await own.drop();
    own = await emptyDatabase();
    const last = new Set<string>();
    for (let runs = 0; ; runs++) {
      const mortal = dying(await connect(), last);
      const done = await migrate(mortal, options(migrations)).catch(() => undefined);
      // The connection is gone, and with it its lock and its transaction.
      if (done === undefined) await Promise.all(ends.splice(0).map((end) => end()));
      else break;
      expect(runs).toBeLessThan(200);
    }
    expect(last.size).toBeGreaterThan(migrations.flatMap((each) => each.statements[engine] ?? []).length);
    expect(await schemaOf(await connect(), 'columns')).toEqual(whole);
  });

  it('goes on at a step that has failed', async () => {
    const connection = await connect();
    const broken = step(2, 'two', 'CREATE TABLE IF NOT EXISTS two (id INTEGER)', 'CREATE TABLE broken (');
    await expect(migrate(connection, options([one, broken]))).rejects.toThrow('Step 2 "two"');
    const left = engine === 'postgres' ? [] : ['two'];
    expect(await schemaOf(connection, 'tables')).toEqual(['db_migrations', 'one', ...left]);
    expect(await migrate(connection, options([one, two]))).toMatchObject({ from: 1, applied: ['two'] });
  });
}

function waits(): void {
  it('lets one of two servers do the work while the other waits', async () => {
    const reports = await Promise.all(
      [await connect(), await connect()].map((connection) => migrate(connection, options([one, two]))),
    );
    expect(new Set(reports.map((report) => report.applied.length))).toEqual(new Set([0, 2]));
  });

  it('gives up after a bounded wait', async () => {
    const [holder, waiter] = [await connect(), await connect()];
    let now = 0;
    await holder.execute(holdLock[engine]);
    const attempt = migrate(
      waiter,
      options([one], {
        lockWaitMs: 1_000,
        now: () => now,
        pause: async (ms) => {
          now += ms;
        },
      }),
    );
    await expect(attempt).rejects.toThrow('more than 1000 ms');
  });
}

function refuses(): void {
  it('refuses a schema that is newer or foreign, and a step without text for the engine', async () => {
    const connection = await connect();
    await migrate(connection, options([one, two]));
    await expect(migrate(connection, options([one]))).rejects.toThrow('version 2, this server knows 1');
    await expect(migrate(connection, options([step(1, 'other'), two]))).rejects.toThrow('another program');
    const later: Migration = { version: 3, name: 'later', statements: { postgres: undefined, mysql: undefined } };
    await expect(migrate(connection, options([one, two, later]))).rejects.toThrow(`no text for ${engine}`);
  });
}

describe('migrate on PostgreSQL', () => {
  beforeEach(async () => {
    engine = 'postgres';
    ends = [];
    own = await emptyDatabase();
  });
  afterEach(async () => {
    await Promise.all(ends.map((end) => end()));
    await own.drop();
  });

  // MySQL has no limit for changes of the schema.
  it('limits each statement', async () => {
    const slow = step(1, 'slow', 'SELECT pg_sleep(60)');
    await expect(migrate(await connect(), options([slow], { statementTimeoutMs: 20 }))).rejects.toThrow('timeout');
  });
});
