import type { Dialect, DriverStatement, Failure } from '../dialect/dialect.ts';
import { DatabaseError } from '../errors.ts';
import type { Statement } from './statement.ts';

const compiled = new Map<Dialect, WeakMap<Statement, DriverStatement>>();

/** The statement in the dialect's words; built once, then remembered. */
export function compile(dialect: Dialect, statement: Statement): DriverStatement {
  let ofDialect = compiled.get(dialect);
  if (ofDialect === undefined) {
    ofDialect = new WeakMap();
    compiled.set(dialect, ofDialect);
  }
  let found = ofDialect.get(statement);
  if (found === undefined) {
    found = { name: statement.name, text: statement.build(dialect.vocabulary) };
    ofDialect.set(statement, found);
  }
  return found;
}

/** A driver's error as the layer's own. */
export function toDatabaseError(failure: Failure, source: string, cause: unknown): DatabaseError {
  return new DatabaseError(`${source}: ${failure.text}`, {
    kind: failure.kind,
    outcome: failure.outcome,
    source,
    cause,
    ...(failure.code === undefined ? {} : { code: failure.code }),
    ...(failure.constraint === undefined ? {} : { constraint: failure.constraint }),
  });
}

/** What an error means, whether it came from the driver or from the layer itself. */
export function failureOf(dialect: Dialect, error: unknown, writing: boolean): Failure {
  if (!(error instanceof DatabaseError)) return dialect.classify(error, writing);
  return { kind: error.kind, outcome: error.outcome, text: error.message, connectionLost: false };
}
