import type { ColumnType, SqlVocabulary } from './vocabulary.ts';

const columnTypes: Readonly<Record<ColumnType, string>> = {
  text: 'LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
  bigint: 'BIGINT',
  boolean: 'TINYINT(1)',
  json: 'JSON',
};

/** What MariaDB and MySQL 8 have in common. */
export const mysqlVocabulary: SqlVocabulary = {
  can: { writeInCte: false, returning: false },
  rows(parameter, columns, alias) {
    const list = Object.entries(columns).map(([name, type]) => `${name} ${columnTypes[type]} PATH '$.${name}'`);
    return `JSON_TABLE(${parameter}, '$[*]' COLUMNS (${list.join(', ')})) AS ${alias}`;
  },
  jsonText(members) {
    const list = Object.entries(members).map(([name, expression]) => `'${name}', ${expression}`);
    return `JSON_OBJECT(${list.join(', ')})`;
  },
  // Not INSERT IGNORE: that ignores every other fault of the row, too.
  orIgnore: ([first = '']) => `ON DUPLICATE KEY UPDATE ${first} = VALUES(${first})`,
  orUpdate: (_key, columns) => `ON DUPLICATE KEY UPDATE ${columns.map((c) => `${c} = VALUES(${c})`).join(', ')}`,
  greatest: (a, b) => `GREATEST(${a}, ${b})`,
  startsWith: (column, parameter) => `lower(${column}) LIKE CONCAT(lower(${parameter}), '%')`,
};
