import mysql from 'mysql2';

/** A row as MariaDB's driver gives it. */
export type MariadbRow = Readonly<Record<string, unknown>>;

const DEFAULT_LIMIT_MS = 15_000;

/** Runs statements one after the other on a connection of its own; the rows of the last. A node that hangs fails them after `limitMs`. */
export async function queryMariadb(
  url: string,
  statements: readonly string[],
  limitMs: number = DEFAULT_LIMIT_MS,
): Promise<MariadbRow[]> {
  const connection = mysql.createConnection({ uri: url, connectTimeout: limitMs });
  // A node may be killed while we are connected; the failed statement tells, the event has nothing to add.
  connection.on('error', () => {});
  try {
    let rows: unknown = [];
    for (const sql of statements) {
      rows = await new Promise((resolve, reject) => {
        connection.query({ sql, timeout: limitMs }, (error, result) => (error ? reject(error) : resolve(result)));
      });
    }
    return Array.isArray(rows) ? (rows as MariadbRow[]) : [];
  } finally {
    connection.destroy();
  }
}
