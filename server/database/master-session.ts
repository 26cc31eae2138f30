import type { Connection, Dialect } from './dialect/dialect.ts';
import type { Live } from './lifecycle/live.ts';

/** A plain connection to the master, for migrations: texts with values, no preparation. */
export interface MasterSession {
  readonly driver: 'postgres' | 'mysql';
  execute(sql: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
}

/** Where the master is found, and how it is spoken to. */
interface Place {
  readonly live: Live;
  readonly dialect: Dialect;
}

/** Runs `work` on a connection of its own to the master, outside of gate, journal and retries. */
export async function onMaster<T>(place: Place, work: (connection: Connection) => Promise<T>): Promise<T> {
  const { topology, settings } = place.live.current;
  const connector = place.dialect.connector(topology.master.source, {
    connectTimeoutMs: settings.connectTimeoutMs,
    statementTimeoutMs: settings.migrationTimeoutMs,
    applicationName: 'holdfast migration',
  });
  let connection: Connection | undefined;
  try {
    connection = await connector.open();
    return await work(connection);
  } finally {
    await connection?.close();
  }
}

/** The same for those who know no connections. */
export function inSession<T>(place: Place, work: (session: MasterSession) => Promise<T>): Promise<T> {
  const { migrationTimeoutMs } = place.live.current.settings;
  return onMaster(place, (connection) =>
    work({
      driver: place.dialect.driver,
      execute: async (sql, values = []) => (await connection.execute({ text: sql }, values, migrationTimeoutMs)).rows,
    }),
  );
}
