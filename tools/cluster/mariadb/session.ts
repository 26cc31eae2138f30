import mysql from 'mysql2';

/** A row as MariaDB's driver gives it. */
export type MariadbRow = Readonly<Record<string, unknown>>;

const DEFAULT_LIMIT_MS = 15_000;

/** Runs one statement on the session at hand; its rows. */
export type RunMariadb = (sql: string) => Promise<MariadbRow[]>;

/** Opens a connection for what belongs to one session. A node that hangs fails a statement after `limitMs`. */
export async function withMariadb<T>(
  url: string,
  work: (run: RunMariadb) => Promise<T>,
  limitMs: number = DEFAULT_LIMIT_MS,
): Promise<T> {
  const connection = mysql.createConnection({ uri: url, connectTimeout: limitMs });
  // A node may be killed while we are connected; the failed statement tells, the event has nothing to add.
  connection.on('error', () => {});
  const run: RunMariadb = (sql) =>
    new Promise((resolve, reject) => {
      connection.query({ sql, timeout: limitMs }, (error, result) => {
        if (error) reject(error);
        else resolve(Array.isArray(result) ? (result as MariadbRow[]) : []);
      });
    });
  try {
    return await work(run);
  } finally {
    connection.destroy();
  }
}

/** Runs statements one after the other on a connection of its own; the rows of the last. */
export function queryMariadb(url: string, statements: readonly string[], limitMs?: number): Promise<MariadbRow[]> {
  return withMariadb(
    url,
    async (run) => {
      let rows: MariadbRow[] = [];
      for (const sql of statements) rows = await run(sql);
      return rows;
    },
    limitMs,
  );
}
