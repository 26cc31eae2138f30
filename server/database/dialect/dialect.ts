import type { DataSource, DriverName } from '../data-source/data-source.ts';
import type { FailureKind, Outcome } from '../errors.ts';
import type { Connection, Connector, DriverStatement, Position, Reached } from './connection.ts';
import type { DiskReading } from './disk-reading.ts';
import type { Switching } from './switching.ts';
import type { SqlVocabulary } from './vocabulary.ts';

export type {
  Call,
  Committed,
  Connection,
  Connector,
  DriverStatement,
  Position,
  Reached,
  ResultSet,
} from './connection.ts';
export type { ColumnType, SqlVocabulary } from './vocabulary.ts';

/** What a driver's error means, before it becomes a `DatabaseError`. */
export interface Failure {
  readonly kind: FailureKind;
  readonly outcome: Outcome;
  readonly code?: string;
  readonly constraint?: string;
  /** In words, without secrets and without values of rows. */
  readonly text: string;
  /** The socket is dead or out of step; the connection must be destroyed. */
  readonly connectionLost: boolean;
}

/** A synchronous mode that is configured on a master. */
export interface SynchronousMode {
  /** How many replicas a commit is to wait for. */
  readonly required: number;
  /** How many such replicas are connected and up to date; null when the privileges hide it. */
  readonly connected: number | null;
  /** Commits of our user do not wait for them, in spite of it. */
  readonly weakened: boolean;
  /** The names of the replicas that may confirm, as they give them to their master, in lower case; null: any replica may. */
  readonly confirmers: readonly string[] | null;
  /** Why an acknowledged write may be on none that can be found later, with what to do; empty where it cannot. */
  readonly gap: string;
}

/** What one probe read from a database. */
export interface ProbeReading {
  /** `master` accepts writes, `replica` is in recovery, `read-only` is a master that refuses writes. */
  readonly role: 'master' | 'replica' | 'read-only';
  /** Flushed on a master, replayed on a replica. */
  readonly position: Position;
  /** A replica's link to its master is up. Always true on a master. */
  readonly receiving: boolean;
  readonly replayPaused: boolean;
  /** Counts promotions; null where the engine or the privileges hide it. */
  readonly timeline: number | null;
  /** The identity that all members of one cluster share: digits, `0` when it has none (yet). */
  readonly clusterId: string;
  /** Tells this run of this server from any other. */
  readonly instance: string;
  readonly version: string;
  readonly versionNumber: number;
  readonly connectionsAllowed: number;
  readonly connectionsUsed: number;
  /** What a commit on this master waits for. */
  readonly durability: 'asynchronous' | 'synchronous' | 'synchronous-visible';
  /** Absent where none is configured, and on replicas. */
  readonly synchronous?: SynchronousMode;
  /** In whole sentences: why it refuses writes, what it hides from us and how to change that. Often empty. */
  readonly remark?: string;
}

export interface ConnectorOptions {
  readonly connectTimeoutMs: number;
  /** The server's own limit for one statement. */
  readonly statementTimeoutMs: number;
  /** Shown in the server's list of sessions. */
  readonly applicationName: string;
  /** Called when a commit was acknowledged without the durability that was asked for. */
  readonly onUnsafeCommit?: (text: string) => void;
}

/** Everything that differs between the engines. The rest of the layer never asks which engine it is. */
export interface Dialect {
  readonly driver: DriverName;
  readonly vocabulary: SqlVocabulary;
  /** What a planned switchover does differently on each engine. */
  readonly switching: Switching;
  connector(source: DataSource, options: ConnectorOptions): Connector;
  /** What `error` means; `writing` when it came from a statement that may have changed something. */
  classify(error: unknown, writing: boolean): Failure;
  /** The position after the commits acknowledged on this connection so far. On a master. */
  readonly masterPosition: DriverStatement;
  /** The time on the server's clock, as milliseconds since 1970 in the column `ms`. */
  readonly serverTime: DriverStatement;
  /** The position up to which a replica shows changes. */
  readonly replicaPosition: DriverStatement;
  /** The position in the first row of either statement; null when the server has none. */
  positionOf(rows: readonly Record<string, unknown>[]): Position | null;
  readonly reached: Reached;
  /** Bytes from `behind` to `ahead`, at least 0; null when the engine cannot tell. */
  distance(ahead: Position, behind: Position): number | null;
  probe(connection: Connection, timeoutMs: number): Promise<ProbeReading>;
  /** Why writes of ours do not end on this master, in whole sentences with what to do; empty when it does not tell. */
  whyStalled(connection: Connection, timeoutMs: number): Promise<string>;
  /** The space that it uses and has. What the privileges hide is null or unknown, not an error. */
  readDisk(connection: Connection, timeoutMs: number): Promise<DiskReading>;
  /** The last position that a promoted database took from its former master; null when it cannot tell. */
  forkPosition(connection: Connection, timeoutMs: number): Promise<Position | null>;
  /**
   * Marks a master that is taken into use, where the engine itself keeps neither an identity of the cluster nor a count
   * of its promotions. Done at the start, and when another master stands behind the same address.
   */
  adopt(connection: Connection, timeoutMs: number): Promise<void>;
  /**
   * A real write, flushed, that leaves no row behind; marks the master as `adopt` does. Throws when the database does
   * not take writes.
   */
  proveWritable(connection: Connection, timeoutMs: number): Promise<void>;
  /** The oldest `versionNumber` that is supported of the product that `version` names, and how it is called. */
  oldestVersion(version: string): { readonly number: number; readonly name: string };
}
