import type { Clock } from '../clock.ts';
import type { DataSource } from '../data-source/data-source.ts';
import type { Connection, Position } from './connection.ts';

/** What a planned move of the master needs to know about the master. */
export interface MasterFacts {
  /** Transactions of others that have been open for more than 5 s; null when we may not see them. */
  readonly longTransactions: number | null;
  /** Prepared transactions of two-phase commits: they would be lost. */
  readonly preparedTransactions: number;
  /** Settings that would let somebody write in spite of the fence, in words; empty when there are none. */
  readonly fenceObstacles: readonly string[];
}

/** What it needs to know about the replica that is to take over. */
export interface CandidateFacts {
  /** How many milliseconds it applies changes late on purpose. */
  readonly applyDelayMs: number;
  /** It carries a fence of its own, from a time when it was the master, or from the copy that it was made of. */
  readonly fenced: boolean;
  /** How many milliseconds it is behind as it says itself; null where bytes tell it, or while it does not follow. */
  readonly behindMs: number | null;
  /** What keeps it from becoming a master that others can follow, in words; empty when there is nothing. */
  readonly obstacles: readonly string[];
  /** Up to where it has received changes, some of them not applied; null where a promotion applies them by itself. */
  readonly received: Position | null;
}

/** How far a replica is of use when the master is lost. */
export interface Standing {
  /** Up to where it has received and kept changes, applied or not: what it has when it is promoted. */
  readonly received: Position;
  /** Under which name it confirms commits to its master, in lower case; empty when it confirms none, null when that is hidden from us. */
  readonly confirmsAs: string | null;
}

/**
 * Statements that an administrator must run so that we may do something ourselves; empty when we may. Shown as they
 * are, so they hold no secret.
 */
export type MissingGrants = readonly string[];

/** Exact commands for a person, for what we may not do ourselves. They hold no secret. */
export interface ManualCommands {
  /**
   * On the candidate.
   *
   * @param received as it told in its facts: nothing of it may be thrown away.
   */
  promote(received: Position | null): readonly string[];
  /** On a master that is fenced and shall accept writes again. */
  readonly unfence: readonly string[];
  /** On a replica that shall follow the new master. */
  repoint(master: DataSource): readonly string[];
  /** How a fenced former master becomes a replica again. */
  rejoin(master: DataSource): readonly string[];
}

export interface Limit {
  readonly clock: Clock;
  readonly ms: number;
}

/**
 * What the engines do differently when the master role moves from one database to another. All of it takes a connection
 * that is used for nothing else. A failure is thrown as the driver throws it; `Dialect.classify` tells its meaning.
 */
export interface Switching {
  /** Why there is no planned switchover for a server of this version, with what to do instead; empty where there is one. */
  refusal(version: string): string;
  /** What a person must do so that the new roles last over restarts; empty where they do by themselves. */
  lasting(names: { readonly former: string; readonly master: string }): string;
  readonly commands: ManualCommands;
  masterFacts(connection: Connection, timeoutMs: number): Promise<MasterFacts>;
  candidateFacts(connection: Connection, timeoutMs: number): Promise<CandidateFacts>;
  /** Of a replica. */
  standing(connection: Connection, timeoutMs: number): Promise<Standing>;
  /** What is missing to fence this database and to undo that. */
  missingForFence(connection: Connection, timeoutMs: number): Promise<MissingGrants>;
  missingForPromotion(connection: Connection, timeoutMs: number): Promise<MissingGrants>;
  /** What is missing to let `replica` follow the database behind `candidate`. */
  missingForRepoint(replica: Connection, candidate: Connection, timeoutMs: number): Promise<MissingGrants>;
  /**
   * Takes the lock of master moves on this database, so that only one server at a time moves its master. It ends with
   * the connection. False when another one has it.
   */
  lock(connection: Connection, timeoutMs: number): Promise<boolean>;
  /**
   * Makes a master refuse writes, over restarts too where the engine can, and ends the sessions that could still write. When it resolves,
   * no transaction that could write is open. It changes nothing that replicas take over.
   *
   * @throws Error with what stands in the way; the database may be fenced then.
   */
  fence(connection: Connection, limit: Limit): Promise<void>;
  /** Takes the fence away; resolves when it is gone for new transactions. Changes nothing where there is none. */
  unfence(connection: Connection, limit: Limit): Promise<void>;
  /**
   * Tells a replica to become a master. It does so soon, or at any moment later. When this throws a refusal (`statement`,
   * `not-executed`), it was not told.
   */
  promote(connection: Connection, timeoutMs: number): Promise<void>;
  /** Lets a replica follow another master from now on, without a restart. */
  repoint(
    replica: Connection,
    master: { connection: Connection; source: DataSource },
    timeoutMs: number,
  ): Promise<void>;
}
