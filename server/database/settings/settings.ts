import type { DataSource } from '../data-source/data-source.ts';

/** The role that the configuration gives a data source. */
export type AssignedRole = 'master' | 'replica' | 'search-replica';

/** A data source with its place in the configuration: 0 is the master. */
export interface ConfiguredSource {
  readonly source: DataSource;
  readonly role: AssignedRole;
  readonly index: number;
}

/** The validated section `SqlSettings` in the units of the code: milliseconds, bytes, counts. Frozen. */
export interface DatabaseSettings {
  /** The master first, then the replicas, then the search replicas. */
  readonly sources: readonly [ConfiguredSource, ...ConfiguredSource[]];
  readonly readFromMaster: boolean;
  /** Connections per pool. */
  readonly maxOpenConnections: number;
  readonly maxIdleConnections: number;
  /** 0 = for ever. */
  readonly connectionLifetimeMs: number;
  readonly connectionIdleMs: number;
  readonly connectTimeoutMs: number;
  /** How long a statement may wait for a free connection. */
  readonly acquireTimeoutMs: number;
  readonly queryTimeoutMs: number;
  readonly analyticsQueryTimeoutMs: number;
  readonly migrationTimeoutMs: number;
  readonly monitorIntervalMs: number;
  readonly monitorTimeoutMs: number;
  /** A replica that lags more than this leaves the rotation; it returns below half of it. */
  readonly lagLimitMs: number;
  /** Below this many bytes behind, a lag in time is not held against a replica (an idle master makes time lie). */
  readonly lagLimitBytes: number;
  /** How long the gate may hold one write, and how many at once. */
  readonly writeHoldLimitMs: number;
  readonly writeHoldMaximum: number;
  /** Make a database the master that was promoted elsewhere while ours is lost. */
  readonly followPromotion: boolean;
  /** Promote a replica ourselves when the master is lost, as far as nothing acknowledged can be lost by it. */
  readonly automaticPromotion: boolean;
  /** How long the master must have been offline before that. */
  readonly automaticPromotionAfterMs: number;
  /** Where Patroni's REST interface answers; empty without Patroni. */
  readonly patroniUrls: readonly string[];
  /** How long a recycle waits for work in flight on old pools before it cuts their connections. */
  readonly drainLimitMs: number;
  readonly diskCheckIntervalMs: number;
  /** A replication slot that holds back more log than this is warned of. */
  readonly slotLimitBytes: number;
  /** Data folders that lie on this machine, by the name of their data source. */
  readonly dataFolders: ReadonlyMap<string, string>;
  /** Log every statement with its time. */
  readonly trace: boolean;
}
