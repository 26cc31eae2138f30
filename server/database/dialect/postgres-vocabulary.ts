import type { ColumnType, SqlVocabulary } from './vocabulary.ts';

const columnTypes: Readonly<Record<ColumnType, string>> = {
  text: 'text',
  key: 'text',
  bigint: 'bigint',
  boolean: 'boolean',
  json: 'json',
};

/** The vocabulary of PostgreSQL. */
export const postgresVocabulary: SqlVocabulary = {
  can: { writeInCte: true, ignoreOneKey: true, shareCte: true },
  rows(parameter, columns, alias) {
    const list = Object.entries(columns).map(([name, type]) => `${name} ${columnTypes[type]}`);
    return `json_to_recordset(${parameter}::json) AS ${alias}(${list.join(', ')})`;
  },
  jsonText(members) {
    const list = Object.entries(members).map(([name, expression]) => `'${name}', ${expression}`);
    return `json_build_object(${list.join(', ')})::text`;
  },
  jsonBoolean: (column) => column,
  orIgnore: (_table, key) => `ON CONFLICT (${key.join(', ')}) DO NOTHING`,
  orUpdate: (key, columns) =>
    `ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${columns.map((c) => `${c} = EXCLUDED.${c}`).join(', ')}`,
  greatest: (a, b) => `GREATEST(${a}, ${b})`,
  lower: (column) => `lower(${column})`,
  startsWith: (column, parameter) => `lower(${column}) LIKE lower(${parameter}) || '%'`,
  // Said twice, so that the partial index is known to hold the row.
  equalsFilled: (column, value) => `(${column} = ${value} AND ${column} <> '')`,
  rowBefore: (columns, values) => `(${columns.join(', ')}) < (${values.join(', ')})`,
  rowAfter: (columns, values) => `(${columns.join(', ')}) > (${values.join(', ')})`,
};
