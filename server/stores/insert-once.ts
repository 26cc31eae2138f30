import type { SqlVocabulary, StatementText } from '../database/index.ts';

/**
 * Inserts a row whose id ($1) was made before. A repeat, even of one that is still under way, passes over the row that is
 * there; a value that another row holds in a unique index is refused all the same.
 *
 * @param columns the first one is `id`. `values` are their expressions.
 */
export function insertOnce(sql: SqlVocabulary, table: string, columns: string, values: string): StatementText {
  const insert = `INSERT INTO ${table} (${columns}) VALUES (${values}) ${sql.orIgnore(table, ['id'])}`;
  if (sql.can.ignoreOneKey) return insert;
  // When the row is not there now, it was another one's value that was passed over: this insert is refused for it.
  const refused = `INSERT INTO ${table} (${columns})
    SELECT ${values} FROM (SELECT 1) AS one WHERE NOT EXISTS (SELECT 1 FROM ${table} t WHERE t.id = $1)`;
  return [insert, refused];
}
