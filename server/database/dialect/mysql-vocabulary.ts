import type { ColumnType, SqlVocabulary } from './vocabulary.ts';

/**
 * Lists are read with the collation of the tables, on MariaDB by its comment that only it executes: there a list has the
 * collation of the database, which is anybody's, and two collations cannot be compared. MySQL 8 compares a text of any
 * collation with a column of a binary one as binary.
 */
const text = 'CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */';

const columnTypes: Readonly<Record<ColumnType, string>> = {
  text: `LONGTEXT ${text}`,
  key: `VARCHAR(190) ${text}`,
  bigint: 'BIGINT',
  boolean: 'TINYINT(1)',
  json: 'JSON',
};

/** `u.username` -> `u.lower_username`. */
function twin(prefix: string, column: string): string {
  const dot = column.lastIndexOf('.') + 1;
  return `${column.slice(0, dot)}${prefix}_${column.slice(dot)}`;
}

const memberOf = (parameter: string, name: string): string => `JSON_UNQUOTE(JSON_EXTRACT(${parameter}, '$.${name}'))`;

/** Neither engine makes a range of an index of a comparison of rows: the first column has to be bounded by itself. */
function compareRows(operator: '<' | '>'): SqlVocabulary['rowBefore'] {
  return ([a, b], [x, y]) => `(${a} ${operator}= ${x} AND (${a} ${operator} ${x} OR ${b} ${operator} ${y}))`;
}

/** The vocabulary that MariaDB 10.11 and MySQL 8 have in common. */
export const mysqlVocabulary: SqlVocabulary = {
  // MySQL 8 shares a common table expression and knows LATERAL, MariaDB does neither.
  can: { writeInCte: false, ignoreOneKey: false, shareCte: false, lateral: false },
  rows(parameter, columns, alias) {
    const list = Object.entries(columns).map(([name, type]) => `${name} ${columnTypes[type]} PATH '$.${name}'`);
    return `JSON_TABLE(${parameter}, '$[*]' COLUMNS (${list.join(', ')})) AS ${alias}`;
  },
  // A JSON value would be parsed by the driver on MySQL 8.
  jsonText(members) {
    const list = Object.entries(members).map(([name, expression]) => `'${name}', ${expression}`);
    return `CAST(JSON_OBJECT(${list.join(', ')}) AS CHAR)`;
  },
  // A column of type boolean is a number here; of a JSON value each engine knows what it is.
  jsonBoolean: (column) => `JSON_EXTRACT(IF(${column}, 'true', 'false'), '$')`,
  // INSERT IGNORE would pass over values that do not fit as well.
  orIgnore: (table, [column = '']) => `ON DUPLICATE KEY UPDATE ${column} = ${table}.${column}`,
  // VALUES() is the form that both engines have.
  orUpdate: (_key, columns) => `ON DUPLICATE KEY UPDATE ${columns.map((c) => `${c} = VALUES(${c})`).join(', ')}`,
  // GREATEST of a null is null here.
  greatest: (a, b) => `GREATEST(COALESCE(${a}, ${b}), COALESCE(${b}, ${a}))`,
  lower: (column) => twin('lower', column),
  byLower: (column) => twin('lower', column),
  startsWith: (column, parameter) => `${twin('lower', column)} LIKE LOWER(${parameter}) || '%'`,
  equalsFilled: (column, value) => `${twin('filled', column)} = ${value}`,
  hasWords: (column, parameter) =>
    `MATCH (${twin('words', column)}) AGAINST (${memberOf(parameter, 'boolean')} IN BOOLEAN MODE)`,
  answers: (column, parameter) => `${twin('words', column)} REGEXP ${memberOf(parameter, 'regexp')}`,
  rowBefore: compareRows('<'),
  rowAfter: compareRows('>'),
};
