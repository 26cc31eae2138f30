import type { Row } from '../row.ts';

/**
 * A place in the stream of changes of one cluster, in a text form that only its dialect can compare: for PostgreSQL the
 * LSN as 16 hexadecimal digits, for MariaDB and MySQL GTIDs (see `mysql-positions.ts`).
 */
export type Position = string;

/**
 * Whether everything of `atLeast` is in `position`. Positions are compared in no other way: their texts have no order
 * of their own, and of two GTID positions neither may have reached the other.
 */
export type Reached = (position: Position, atLeast: Position) => boolean;

/** The answer to one statement. */
export interface ResultSet {
  readonly rows: Row[];
  /** The server's command tag, e.g. `SELECT`, `COMMIT`; `ROLLBACK` in answer to COMMIT means that nothing was saved. */
  readonly command: string;
}

/** A statement as the driver wants it; `name` is absent for texts that are sent once. */
export interface DriverStatement {
  readonly name?: string;
  readonly text: string;
}

/** A statement with the values of its placeholders. */
export interface Call {
  readonly statement: DriverStatement;
  readonly values: readonly unknown[];
}

/** Answers of statements that are committed, and a position by which they are; null when the server tells none. */
export interface Committed {
  readonly results: readonly ResultSet[];
  readonly position: Position | null;
}

/**
 * One connection. Statements that are sent without waiting for each other's answers are executed and answered in
 * order. What belongs together (`write`, `writeAll`, `commit`, `readAt`) takes as few round trips as the engine allows.
 */
export interface Connection {
  /** False once the socket has failed or was closed: it must not be handed out again. */
  readonly usable: boolean;
  execute(statement: DriverStatement, values: readonly unknown[], timeoutMs: number): Promise<ResultSet>;
  /** Runs `send` and lets the statements that it executes leave in one packet, where the engine can. */
  together<T>(send: () => T): T;
  /** One statement that commits by itself. On a master. */
  write(call: Call, timeoutMs: number): Promise<Committed>;
  /**
   * Several statements in one transaction. When one of them fails, nothing is saved, the connection is as before, and
   * the error is that of the statement.
   */
  writeAll(calls: readonly Call[], timeoutMs: number): Promise<Committed>;
  /** Begins a transaction: all that is executed until `commit` or `rollback` belongs to it. */
  begin(timeoutMs: number): Promise<void>;
  /** @throws DatabaseError `statement` when nothing was saved, because a statement of the transaction had failed. */
  commit(timeoutMs: number): Promise<Position | null>;
  rollback(timeoutMs: number): Promise<void>;
  /** A read on a replica, with the position that was reached before it: what the read sees is at least as new. */
  readAt(call: Call, timeoutMs: number): Promise<{ readonly rows: Row[]; readonly position: Position | null }>;
  /** Ends it in good order. Never throws. */
  close(): Promise<void>;
  /** Cuts the socket now: everything in flight on it fails at once. */
  destroy(): void;
}

/** Opens connections to one data source. */
export interface Connector {
  open(): Promise<Connection>;
}
