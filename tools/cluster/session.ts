import { Socket } from 'node:net';
import pg from 'pg';

/** A row as PostgreSQL's driver gives it. */
export type SessionRow = Readonly<Record<string, unknown>>;

/** One connection to one node, for the launcher's own statements. */
export interface Session {
  query(sql: string, values?: readonly unknown[]): Promise<SessionRow[]>;
}

/** How long connecting and each statement may take, in milliseconds. */
const DEFAULT_LIMIT_MS = 15_000;

/** Runs `work` on a new connection and closes it. A node that hangs fails the work after `limitMs`. */
export async function withSession<T>(
  url: string,
  work: (session: Session) => Promise<T>,
  limitMs: number = DEFAULT_LIMIT_MS,
): Promise<T> {
  const socket = new Socket();
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: limitMs,
    query_timeout: limitMs,
    stream: () => socket,
  });
  // A node may be killed while we are connected; the failed statement tells, the event has nothing to add.
  client.on('error', () => {});
  try {
    await client.connect();
    const result = await work({
      query: async (sql, values = []) => (await client.query<Record<string, unknown>>(sql, [...values])).rows,
    });
    await client.end();
    return result;
  } finally {
    // A frozen node never answers the goodbye, and an open socket would keep this process alive.
    socket.destroy();
  }
}

/** One statement on a connection of its own. */
export function queryOnce(url: string, sql: string, values: readonly unknown[] = []): Promise<SessionRow[]> {
  return withSession(url, (session) => session.query(sql, values));
}
