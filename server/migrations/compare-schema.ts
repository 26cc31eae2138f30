import type { MigrationConnection, MigrationDriver } from './migration.ts';

/** Whether the ledger of steps is where the statements of this server would look for it. */
const ledgerExists: Readonly<Record<MigrationDriver, string>> = {
  postgres: `SELECT count(*) AS n FROM information_schema.tables
    WHERE table_name = 'db_migrations' AND table_schema = ANY (current_schemas(false))`,
  mysql: `SELECT count(*) AS n FROM information_schema.tables
    WHERE table_name = 'db_migrations' AND table_schema = DATABASE()`,
};

/**
 * Compares the schema of a database with the one that this server's statements are written for. For a recycle: pools
 * of another schema must not go live. It changes nothing.
 */
export async function compareSchema(
  { driver, execute }: MigrationConnection,
  wanted: number,
): Promise<{ ok: boolean; text: string; unusable?: boolean }> {
  const [table] = await execute(ledgerExists[driver]);
  if (Number(table?.['n'] ?? 0) === 0) {
    return {
      ok: false,
      unusable: true,
      text: `It has no schema of this server; wanted is version ${wanted}. Is it a copy of the master?`,
    };
  }
  const [row] = await execute('SELECT max(version) AS version FROM db_migrations');
  const version = Number(row?.['version'] ?? 0);
  return version === wanted
    ? { ok: true, text: `Schema version ${version}, as this server.` }
    : { ok: false, text: `Its schema has version ${version}; this server works with version ${wanted}.` };
}
