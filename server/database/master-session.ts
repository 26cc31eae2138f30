import type { Connection, Dialect } from './dialect/dialect.ts';
import type { Live } from './lifecycle/live.ts';

/** A plain connection to the master, for migrations: texts with values, no preparation. */
export interface MasterSession {
  readonly driver: 'postgres' | 'mysql';
  execute(sql: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
}

/** Runs `work` on a connection of its own to the master, outside of gate, journal and retries. */
export async function onMaster<T>(
  { live, dialect }: { readonly live: Live; readonly dialect: Dialect },
  work: (session: MasterSession) => Promise<T>,
): Promise<T> {
  const { topology, settings } = live.current;
  const { source } = topology.master;
  const connector = dialect.connector(source, {
    connectTimeoutMs: settings.connectTimeoutMs,
    statementTimeoutMs: settings.migrationTimeoutMs,
    applicationName: 'holdfast migration',
  });
  let connection: Connection | undefined;
  try {
    const opened = await connector.open();
    connection = opened;
    return await work({
      driver: source.driver,
      execute: async (sql, values = []) =>
        (await opened.execute({ text: sql }, values, settings.migrationTimeoutMs)).rows,
    });
  } finally {
    await connection?.close();
  }
}
