/**
 * What is known about a statement that failed (MaxScale and the AWS wrapper draw the same lines).
 * - `not-executed`: the server has not done it; anything may be sent again.
 * - `read-safe`: it may have run; a read may be sent again, a write may not.
 * - `unknown`: a write that may have been committed; only its app-made id can tell.
 * - `final`: sending it again would fail again.
 */
export type Outcome = 'not-executed' | 'read-safe' | 'unknown' | 'final';

/** What failed. Callers decide by this and by `outcome`, never by message texts. */
export type FailureKind =
  | 'unreachable' // the server or the network: counts against the data source's health
  | 'not-writable' // the database refuses writes: the master has moved or is fenced
  | 'misconfigured' // password, database or permission to connect
  | 'conflict' // serialization, deadlock, cancelled by recovery: the same again may succeed
  | 'overload' // no free connection, too many connections, the gate is full
  | 'timeout' // the statement's own limit
  | 'disk' // no space, I/O error, corruption
  | 'unique' // a unique index refused the row; `constraint` names it
  | 'held' // a write waited at the gate to its limit, or the server is in read-only mode
  | 'closed' // the database layer was shut down
  | 'statement'; // everything else that the server rejects: data, syntax, constraint

export interface FailureDetails {
  readonly kind: FailureKind;
  readonly outcome: Outcome;
  /** The driver's own code (SQLSTATE, errno name), for the log. */
  readonly code?: string;
  readonly constraint?: string;
  /** Name of the data source that failed. */
  readonly source?: string;
  readonly cause?: unknown;
}

/** Every error that leaves the database layer. Its message names no secret and no value of a row. */
export class DatabaseError extends Error {
  readonly kind: FailureKind;
  readonly outcome: Outcome;
  readonly code: string | undefined;
  readonly constraint: string | undefined;
  readonly source: string | undefined;

  constructor(message: string, details: FailureDetails) {
    super(message, { cause: details.cause });
    this.name = 'DatabaseError';
    this.kind = details.kind;
    this.outcome = details.outcome;
    this.code = details.code;
    this.constraint = details.constraint;
    this.source = details.source;
  }
}
