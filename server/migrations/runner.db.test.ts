import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../tools/cluster/testing.ts';
import { type Migration, type MigrationConnection, type MigrateOptions, migrate, migrations } from './index.ts';

const step = (version: number, name: string, ...postgres: string[]): Migration => ({
  version,
  name,
  statements: { postgres, mysql: undefined },
});
const one = step(1, 'one', 'CREATE TABLE one (id INTEGER)');
const two = step(2, 'two', 'CREATE TABLE two (id INTEGER)');

describe('migrate', () => {
  let own: TestDatabase;
  let clients: pg.Client[];

  beforeEach(async () => {
    clients = [];
    own = await createDatabase(inject('postgresUrl'), 'template1');
  });
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.end()));
    await own.drop();
  });

  async function connect(): Promise<MigrationConnection> {
    const client = new pg.Client({ connectionString: own.url });
    clients.push(client);
    await client.connect();
    return {
      driver: 'postgres',
      execute: async (sql, values) => (await client.query<Record<string, unknown>>(sql, values)).rows,
    };
  }

  const options = (steps: readonly Migration[], more: Partial<MigrateOptions> = {}): MigrateOptions => ({
    steps,
    statementTimeoutMs: 30_000,
    ...more,
  });
  const tables = async (connection: MigrationConnection) =>
    (await connection.execute(`SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`)).map(
      (row) => row['tablename'],
    );

  it('brings an empty database to the newest schema, and leaves it there', async () => {
    const connection = await connect();
    const report = await migrate(connection, options(migrations));
    expect(report).toMatchObject({ from: 0, to: migrations.length });
    expect(await tables(connection)).toEqual(expect.arrayContaining(['channels', 'posts', 'users']));
    expect(await migrate(connection, options(migrations))).toEqual({ ...report, from: report.to, applied: [] });
  });

  it('lets one of two servers do the work while the other waits', async () => {
    const reports = await Promise.all(
      [await connect(), await connect()].map((connection) => migrate(connection, options([one, two]))),
    );
    expect(new Set(reports.map((report) => report.applied.length))).toEqual(new Set([0, 2]));
  });

  it('gives up after a bounded wait', async () => {
    const [holder, waiter] = [await connect(), await connect()];
    let now = 0;
    await holder.execute('SELECT pg_advisory_lock(7463520918)');
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

  it('undoes a step that fails and goes on there the next time', async () => {
    const connection = await connect();
    const broken = step(2, 'two', 'CREATE TABLE two (id INTEGER)', 'CREATE TABLE broken (');
    await expect(migrate(connection, options([one, broken]))).rejects.toThrow('Step 2 "two"');
    expect(await tables(connection)).toEqual(['db_migrations', 'one']);
    expect(await migrate(connection, options([one, two]))).toMatchObject({ from: 1, applied: ['two'] });
  });

  it('limits each statement', async () => {
    const slow = step(1, 'slow', 'SELECT pg_sleep(60)');
    await expect(migrate(await connect(), options([slow], { statementTimeoutMs: 20 }))).rejects.toThrow('timeout');
  });

  it('refuses a schema that is newer or foreign, and a step without text for the engine', async () => {
    const connection = await connect();
    await migrate(connection, options([one, two]));
    await expect(migrate(connection, options([one]))).rejects.toThrow('version 2, this server knows 1');
    await expect(migrate(connection, options([step(1, 'other'), two]))).rejects.toThrow('another program');
    const later: Migration = { version: 3, name: 'later', statements: { postgres: undefined, mysql: [] } };
    await expect(migrate(connection, options([one, two, later]))).rejects.toThrow('no text for postgres');
  });
});
