import type { Call, Dialect, DriverStatement, Failure, ResultSet } from '../dialect/dialect.ts';
import { DatabaseError } from '../errors.ts';
import type { Row } from '../row.ts';
import type { BoundStatement, Statement, StatementText } from './statement.ts';

/** The texts of a statement in the order of their execution; mostly one. */
export type CompiledStatement = readonly [DriverStatement, ...DriverStatement[]];

const compiled = new Map<Dialect, WeakMap<Statement, CompiledStatement>>();

/** The statement in the dialect's words; built once, then remembered. */
export function compile(dialect: Dialect, statement: Statement): CompiledStatement {
  let ofDialect = compiled.get(dialect);
  if (ofDialect === undefined) {
    ofDialect = new WeakMap();
    compiled.set(dialect, ofDialect);
  }
  let found = ofDialect.get(statement);
  if (found === undefined) {
    found = named(statement.name, statement.build(dialect.vocabulary));
    ofDialect.set(statement, found);
  }
  return found;
}

function named(name: string, texts: StatementText): CompiledStatement {
  if (typeof texts === 'string') return [{ name, text: texts }];
  const [first, ...others] = texts.map((text, index) => ({ name: `${name}.${index + 1}`, text }));
  if (first === undefined) throw new Error(`The statement ${name} has no text.`);
  return [first, ...others];
}

/** All texts of these statements, in order. */
export function callsOf(dialect: Dialect, bound: readonly BoundStatement[]): readonly Call[] {
  return bound.flatMap(({ statement, values }) =>
    compile(dialect, statement).map((text) => ({ statement: text, values })),
  );
}

/** The rows of each statement: those of the last of its texts. `results` are the answers to `callsOf`. */
export function lastRows(dialect: Dialect, bound: readonly BoundStatement[], results: readonly ResultSet[]): Row[][] {
  let next = 0;
  return bound.map(({ statement }) => {
    next += compile(dialect, statement).length;
    return results[next - 1]?.rows ?? [];
  });
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
