import { postgresWords } from './search-words.ts';
import type { ColumnType, SqlVocabulary } from './vocabulary.ts';

const columnTypes: Readonly<Record<ColumnType, string>> = {
  text: 'text',
  key: 'text',
  bigint: 'bigint',
  boolean: 'boolean',
  json: 'json',
};

/** As a query of its own it is computed once, and not for every row. */
const queryOf = (parameter: string, member: string): string =>
  `(SELECT to_tsquery('simple', ${parameter}::json->>'${member}'))`;

/** The vocabulary of PostgreSQL. */
export const postgresVocabulary: SqlVocabulary = {
  can: { writeInCte: true, ignoreOneKey: true, shareCte: true, lateral: true },
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
  // The order of text_pattern_ops.
  byLower: (column) => `lower(${column}) USING ~<~`,
  startsWith: (column, parameter) => `lower(${column}) LIKE lower(${parameter}) || '%'`,
  // Said twice, so that the partial index is known to hold the row.
  equalsFilled: (column, value) => `(${column} = ${value} AND ${column} <> '')`,
  hasWords: (column, parameter) => `${postgresWords(column)} @@ ${queryOf(parameter, 'tsquery')}`,
  // Another expression than the index has, so that it is not looked up there; and a cheap test before the dear one.
  answers: (column, parameter) =>
    `(lower(${column}) LIKE (SELECT lower(${parameter}::json->>'like'))
      AND ${postgresWords(`(${column} || '')`)} @@ ${queryOf(parameter, 'tsexact')})`,
  rowBefore: (columns, values) => `(${columns.join(', ')}) < (${values.join(', ')})`,
  rowAfter: (columns, values) => `(${columns.join(', ')}) > (${values.join(', ')})`,
};
