import type { SqlVocabulary } from '../dialect/dialect.ts';

/** A value that may be bound to a placeholder. Arrays and objects go through `sql.rows`, as JSON text. */
export type SqlValue = string | number | boolean | bigint | Date | null;

/** A row as the driver gives it: BIGINT columns are numbers (all of ours fit), booleans are booleans. */
export type Row = Record<string, unknown>;

/**
 * A named statement. It is made once, at module level; its text is built once per dialect, and the server
 * prepares it once per connection under its name.
 */
export interface Statement {
  /** Unique in the product, `store.verb`, at most 63 bytes. */
  readonly name: string;
  readonly build: (sql: SqlVocabulary) => string;
}

/** A statement with the values of its placeholders. */
export interface BoundStatement {
  readonly statement: Statement;
  readonly values: readonly SqlValue[];
}

/**
 * Declares a statement.
 *
 * @param name unique, `store.verb`; it is the prepared statement's name on the server.
 * @param text SQL with `$1`, `$2`, ... placeholders, or a function that builds it from the dialect's vocabulary.
 */
export function statement(name: string, text: string | ((sql: SqlVocabulary) => string)): Statement {
  return { name, build: typeof text === 'string' ? () => text : text };
}

/** Binds values to a statement, for `writeAll` and `transaction`. */
export function bind(toBind: Statement, ...values: SqlValue[]): BoundStatement {
  return { statement: toBind, values };
}
