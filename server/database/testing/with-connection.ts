import { systemClock } from '../clock.ts';
import type { Connection, Dialect } from '../dialect/dialect.ts';
import { dialectOf } from '../dialect/index.ts';
import { testSettings } from './test-settings.ts';

/** Works on a connection of its own, past the layer: for what another server, or a person, does to a database. */
export async function withConnection<T>(
  url: string,
  work: (connection: Connection, dialect: Dialect) => Promise<T>,
): Promise<T> {
  const [{ source }] = testSettings(url).sources;
  const dialect = dialectOf(source.driver);
  const options = { connectTimeoutMs: 5_000, statementTimeoutMs: 30_000, applicationName: 'holdfast test' };
  const connection = await dialect.connector(source, options).open();
  try {
    return await work(connection, dialect);
  } finally {
    await connection.close();
  }
}

/** Whether the database refuses writes although it follows nobody. */
export function isFenced(url: string): Promise<boolean> {
  return withConnection(
    url,
    async (connection, dialect) => (await dialect.probe(connection, 5_000)).role === 'read-only',
  );
}

/** Fences the database as a switchover does. */
export function setFence(url: string): Promise<void> {
  return withConnection(url, (connection, dialect) =>
    dialect.switching.fence(connection, { clock: systemClock, ms: 5_000 }),
  );
}
