/** The SQL column types that `rows` knows. */
export type ColumnType = 'text' | 'bigint' | 'boolean' | 'json';

/** The differences between the engines that a store's SQL may meet. A store never asks which engine it is. */
export interface SqlVocabulary {
  /** What the engine can do; a store may keep two texts of one statement and choose by these. */
  readonly can: {
    /** `WITH x AS (INSERT ... RETURNING ...)`. */
    readonly writeInCte: boolean;
    /** `INSERT ... RETURNING`. */
    readonly returning: boolean;
  };
  /**
   * A table of rows out of one JSON-array parameter: `FROM ${sql.rows('$1', { id: 'text', n: 'bigint' }, 'r')}`.
   * Bind `JSON.stringify([{ id: '..', n: 1 }, ...])`.
   */
  rows(parameter: string, columns: Readonly<Record<string, ColumnType>>, alias: string): string;
  /** One row as JSON *text*: `${sql.jsonText({ id: 'p.id', is_pinned: 'p.ispinned' })} AS json`. */
  jsonText(members: Readonly<Record<string, string>>): string;
  /** Tail of an insert: on a duplicate of `key` columns, do nothing. */
  orIgnore(key: readonly string[]): string;
  /** Tail of an insert: on a duplicate of `key` columns, take the new values of `columns`. */
  orUpdate(key: readonly string[], columns: readonly string[]): string;
  /** The larger of two expressions. */
  greatest(a: string, b: string): string;
  /** Case-insensitive "begins with": `lower(column) LIKE parameter`; the caller escapes `%`, `_` and `\`. */
  startsWith(column: string, parameter: string): string;
}
