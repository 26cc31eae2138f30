import type { Connection, DriverStatement } from './connection.ts';
import { classifyMysqlError } from './mysql-errors.ts';

/*
 * MariaDB and MySQL have no identity that all members of a cluster share, and do not count promotions. A small table
 * in the application's database holds both, and so goes wherever its data goes: to replicas, into dumps and backups
 * (docs/adr/0015-identity-of-a-mysql-cluster.md).
 *
 *   id       a number drawn when the database was first used
 *   history  how often the master has changed, and the server_id of the master that counted last
 */

const createTable: DriverStatement = {
  text: `CREATE TABLE IF NOT EXISTS holdfast_cluster (
  name VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  value BIGINT UNSIGNED NOT NULL,
  server BIGINT UNSIGNED NOT NULL
)`,
};
const insertFirst: DriverStatement = {
  text: `INSERT INTO holdfast_cluster (name, value, server) VALUES ('id', $1, $2), ('history', 1, $2)
  ON DUPLICATE KEY UPDATE name = VALUES(name)`,
};
const countMaster: DriverStatement = {
  text: `UPDATE holdfast_cluster SET value = value + 1, server = $1 WHERE name = 'history' AND server <> $1`,
};
const insertProof: DriverStatement = {
  text: `INSERT INTO holdfast_cluster (name, value, server) VALUES ('verify', 0, $1)
  ON DUPLICATE KEY UPDATE value = VALUES(value)`,
};
const deleteProof: DriverStatement = { text: `DELETE FROM holdfast_cluster WHERE name = 'verify'` };

const readMarks: DriverStatement = { name: 'holdfast.marks', text: 'SELECT name, value, server FROM holdfast_cluster' };
const readServer: DriverStatement = { text: 'SELECT @@server_id AS server' };

/** What the table says; `server` is that of the master that counted last. */
export interface ClusterMarks {
  readonly id: string;
  readonly history: number;
  readonly server: number;
}

const noSuchTable = 1146;
/** Denied on a table, a database, or altogether. */
const denied = new Set([1142, 1044, 1227]);

const numberOf = (error: unknown): unknown => (error as { errno?: unknown }).errno;

/** Reads the marks; null where there are none yet. */
export async function readClusterMarks(connection: Connection, timeoutMs: number): Promise<ClusterMarks | null> {
  try {
    const { rows } = await connection.execute(readMarks, [], timeoutMs);
    const row = (name: string) => rows.find((one) => one['name'] === name);
    const [id, history] = [row('id'), row('history')];
    if (id === undefined || history === undefined) return null;
    return { id: String(id['value']), history: Number(history['value']), server: Number(history['server']) };
  } catch (error) {
    if (numberOf(error) === noSuchTable || denied.has(Number(numberOf(error)))) return null;
    throw error;
  }
}

async function serverOf(connection: Connection, timeoutMs: number): Promise<number> {
  return Number((await connection.execute(readServer, [], timeoutMs)).rows[0]?.['server']);
}

/**
 * Marks a master that is taken into use: gives a new database its identity, and counts the change of master when it
 * was another server's before. Where we may not write such a table, nothing happens.
 *
 * @param draw makes the identity: a whole number from 1 to 2^53 - 1.
 */
export async function markMaster(connection: Connection, draw: () => number, timeoutMs: number): Promise<void> {
  const server = await serverOf(connection, timeoutMs);
  const marks = await readClusterMarks(connection, timeoutMs);
  if (marks?.server === server) return;
  try {
    if (marks === null) {
      await connection.execute(createTable, [], timeoutMs);
      await connection.execute(insertFirst, [draw(), server], timeoutMs);
    }
    await connection.execute(countMaster, [server], timeoutMs);
  } catch (error) {
    if (!denied.has(Number(numberOf(error)))) throw error;
  }
}

/** A real write that goes to the binary log, and leaves no row behind. */
export async function proveMasterWritable(connection: Connection, timeoutMs: number): Promise<void> {
  const server = await serverOf(connection, timeoutMs);
  const calls = [insertProof, deleteProof].map((statement) => ({ statement, values: [server] }));
  await connection.writeAll(calls, timeoutMs);
}

/** Whether an error says that a privilege is missing for what was asked. */
export function isDenied(error: unknown): boolean {
  return denied.has(Number(numberOf(error))) || classifyMysqlError(error, false).kind === 'misconfigured';
}
