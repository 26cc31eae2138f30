/**
 * Compares the schema of a database with the one that this server's statements are written for. For a recycle: pools
 * of another schema must not go live.
 *
 * @param execute runs one statement on the database in question; it changes nothing.
 */
export async function compareSchema(
  execute: (sql: string) => Promise<Record<string, unknown>[]>,
  wanted: number,
): Promise<{ ok: boolean; text: string }> {
  const [table] = await execute(
    "SELECT count(*) AS n FROM information_schema.tables WHERE table_name = 'db_migrations'",
  );
  if (Number(table?.['n'] ?? 0) === 0) {
    return {
      ok: false,
      text: `It has no schema of this server; wanted is version ${wanted}. Is it a copy of the master?`,
    };
  }
  const [row] = await execute('SELECT max(version) AS version FROM db_migrations');
  const version = Number(row?.['version'] ?? 0);
  return version === wanted
    ? { ok: true, text: `Schema version ${version}, as this server.` }
    : { ok: false, text: `Its schema has version ${version}; this server works with version ${wanted}.` };
}
