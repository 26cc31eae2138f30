import type { SqlVocabulary } from '../dialect/dialect.ts';
import type { SqlValue } from '../row.ts';

/**
 * A named statement. It is made once, at module level; its text is built once per dialect, and the server
 * prepares it once per connection under its name.
 */
export interface Statement {
  /** Unique in the product, `store.verb`, at most 63 bytes. */
  readonly name: string;
  readonly build: (sql: SqlVocabulary) => StatementText;
}

/**
 * One text, or what an engine needs several for: they are executed one after the other in one transaction and one round
 * trip, each with all the values, and answer with the rows of the last one. Only writes may have several.
 */
export type StatementText = string | readonly string[];

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
export function statement(name: string, text: string | ((sql: SqlVocabulary) => StatementText)): Statement {
  return { name, build: typeof text === 'string' ? () => text : text };
}

/** Binds values to a statement, for `writeAll` and `transaction`. */
export function bind(toBind: Statement, ...values: SqlValue[]): BoundStatement {
  return { statement: toBind, values };
}
