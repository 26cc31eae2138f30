/** The SQL column types that `rows` knows. `key` is a text of at most 190 characters: ids and names that are grouped by. */
export type ColumnType = 'text' | 'key' | 'bigint' | 'boolean' | 'json';

/** The differences between the engines that a store's SQL may meet. A store never asks which engine it is. */
export interface SqlVocabulary {
  /** What the engine can do; a store may keep two texts of one statement and choose by these. */
  readonly can: {
    /** `WITH x AS (INSERT ... RETURNING ...)`. */
    readonly writeInCte: boolean;
    /** `orIgnore` passes over duplicates of its key only; otherwise over those of any unique index. */
    readonly ignoreOneKey: boolean;
    /** A common table expression that is used several times is computed once. */
    readonly shareCte: boolean;
    /** `CROSS JOIN LATERAL (SELECT ... LIMIT n)`: as many rows for each row. */
    readonly lateral: boolean;
  };
  /**
   * A table of rows out of one JSON-array parameter: `FROM ${sql.rows('$1', { id: 'text', n: 'bigint' }, 'r')}`.
   * Bind `JSON.stringify([{ id: '..', n: 1 }, ...])`. The rows keep their order.
   */
  rows(parameter: string, columns: Readonly<Record<string, ColumnType>>, alias: string): string;
  /** One row as JSON *text*: `${sql.jsonText({ id: 'p.id', is_pinned: sql.jsonBoolean('p.ispinned') })} AS json`. */
  jsonText(members: Readonly<Record<string, string>>): string;
  /** A boolean column as a member of `jsonText`, so that it becomes `true` or `false`. */
  jsonBoolean(column: string): string;
  /** Tail of an insert into `table`: on a duplicate of `key` columns, do nothing. See `can.ignoreOneKey`. */
  orIgnore(table: string, key: readonly string[]): string;
  /** Tail of an insert: on a duplicate of `key` columns, take the new values of `columns`. */
  orUpdate(key: readonly string[], columns: readonly string[]): string;
  /** The larger of two expressions; the other one when one of them is null. */
  greatest(a: string, b: string): string;
  /**
   * The column in lower case, as its index has it. Where an index cannot hold an expression, a migration has made a
   * column `lower_<column>`.
   */
  lower(column: string): string;
  /** For ORDER BY: by the column in lower case and by bytes, in the order of the index that `startsWith` uses. */
  byLower(column: string): string;
  /**
   * Case-insensitive "begins with"; the caller escapes `%`, `_` and `\` in `parameter`. The column must be one that `lower`
   * can be used on.
   */
  startsWith(column: string, parameter: string): string;
  /**
   * The column is `value`, which an empty text never is; by an index that leaves empty texts out. Where an index cannot do
   * that, a migration has made a column `filled_<column>`.
   */
  equalsFilled(column: string, value: string): string;
  /**
   * By a full-text index: the column has the words of a question (`searchParameter`), and maybe not in its order. A
   * migration has made the index, and where it needs one a column `words_<column>`.
   */
  hasWords(column: string, parameter: string): string;
  /** The column answers the question, looked at row by row: for rows that were found by other means. */
  answers(column: string, parameter: string): string;
  /** `(a, b) < (x, y)` for two columns, as a range of an index that begins with them. */
  rowBefore(columns: readonly [string, string], values: readonly [string, string]): string;
  /** The same for `>`. */
  rowAfter(columns: readonly [string, string], values: readonly [string, string]): string;
}
