import type { Row } from '../row.ts';

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

/**
 * One connection. Statements that are sent without waiting for each other's answers travel together and are answered
 * in order: one round trip for all of them.
 */
export interface Connection {
  /** False once the socket has failed or was closed: it must not be handed out again. */
  readonly usable: boolean;
  execute(statement: DriverStatement, values: readonly unknown[], timeoutMs: number): Promise<ResultSet>;
  /** Runs `send` and lets all statements that it executes leave in one packet. */
  together<T>(send: () => T): T;
  /** Ends it in good order. Never throws. */
  close(): Promise<void>;
  /** Cuts the socket now: everything in flight on it fails at once. */
  destroy(): void;
}

/** Opens connections to one data source. */
export interface Connector {
  open(): Promise<Connection>;
}
