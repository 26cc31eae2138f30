import { type SqlValue, type SqlVocabulary, type Statement, statement } from '../database/index.ts';

/** A statement that is made of what is asked for, with its values. */
export interface BuiltQuery {
  readonly statement: Statement;
  readonly values: readonly SqlValue[];
}

/** A part of such a statement that is there or not. */
export interface QueryPart {
  /** Its letters in the statement's name. */
  readonly code: string;
  readonly value?: SqlValue;
}

const made = new Map<string, Statement>();

/**
 * The statement of this name, which tells all that its text depends on but the engine. Each combination that is asked for becomes one
 * named statement with exactly its conditions: the database plans it for what it is, and there are few of them.
 */
export function statementOnce(name: string, text: (sql: SqlVocabulary) => string): Statement {
  const found = made.get(name) ?? statement(name, text);
  made.set(name, found);
  return found;
}

export const codeOf = (parts: readonly QueryPart[]): string => parts.map(({ code }) => code).join('-');
export const valuesOf = (parts: readonly QueryPart[]): SqlValue[] =>
  parts.flatMap(({ value }) => (value === undefined ? [] : [value]));
