import type { Causality, Token } from './causality.ts';
import type { Row, SqlValue } from '../row.ts';
import type { BoundStatement, Statement } from './statement.ts';

/** How an unknown outcome of a write is settled on the current master. */
export interface WriteOptions {
  /**
   * `repeatable`: executing it twice has the effect of executing it once (app-made id with "do nothing on conflict",
   * absolute values), so it is simply sent again. Default: an unknown outcome is reported as one.
   */
  readonly onUnknown?: 'repeatable' | 'report';
}

/** The statements of one transaction; all on one connection of the master. */
export interface Transaction {
  query<R extends Row>(statement: Statement, ...values: SqlValue[]): Promise<R[]>;
}

/**
 * The one door to the databases. The intent is part of the call and is never guessed from the SQL.
 * All methods throw `DatabaseError` only.
 */
export interface Database {
  /**
   * Causal read, the default of user requests: from a fit replica at or past the token, else from the master. Without a
   * master, and with a token that died with it, from the replica that is furthest ahead, and that is told
   * (docs/adr/0018-reads-without-a-master.md).
   */
  read<R extends Row>(causality: Causality, statement: Statement, ...values: SqlValue[]): Promise<R[]>;
  /** Read from the master: sessions, uniqueness checks, whatever must be the newest. Without one, the newest there is. */
  readLatest<R extends Row>(statement: Statement, ...values: SqlValue[]): Promise<R[]>;
  /** Read that may lag: search and statistics. Search replicas first, then replicas, then the master. */
  readStale<R extends Row>(statement: Statement, ...values: SqlValue[]): Promise<R[]>;
  /** One statement on the master, committed and verified; raises the causality. */
  write<R extends Row>(causality: Causality, bound: BoundStatement, options?: WriteOptions): Promise<R[]>;
  /** Several statements in one transaction and one round trip; the rows of each. */
  writeAll(causality: Causality, bound: readonly BoundStatement[], options?: WriteOptions): Promise<Row[][]>;
  /**
   * A transaction whose later statements depend on earlier rows. `work` must be free of side effects outside of `tx`:
   * it is run again as a whole after a deadlock or when nothing was executed (at most 3 times).
   */
  transaction<T>(causality: Causality, work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** The newest position that any write of this process was acknowledged at; for events without a causality. */
  readonly latestToken: Token | undefined;
}
