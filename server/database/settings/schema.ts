import { z } from 'zod';
import { dataFolder } from './data-folders.ts';
import { field } from './fields.ts';
import { patroniUrl } from './patroni-url.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const replicaLagQuery = z.object(
  { DataSource: z.string(), QueryAbsoluteLag: z.string().optional(), QueryTimeLag: z.string().optional() },
  { error: 'Must be an object with DataSource, QueryAbsoluteLag and QueryTimeLag.' },
);

/**
 * Section `SqlSettings` as it is written in `config.json`: Mattermost's names, units and, where they make sense here,
 * its defaults. Every setting takes effect with the next recycle. Limits on connections are per data source and per
 * app node.
 */
export const sqlSettings = z.object({
  /** `postgres`, or `mysql` for MySQL and MariaDB. */
  DriverName: field.oneOf(['postgres', 'mysql'], 'postgres'),
  /** The master; more data sources after commas are replicas. Has no default that could work. */
  DataSource: field.text(''),
  /** More replicas, as Mattermost writes them. At most eight replicas of all kinds together. */
  DataSourceReplicas: field.textList(),
  /** Replicas that serve only search and statistics. */
  DataSourceSearchReplicas: field.textList(),
  /** Also send reads to the master while replicas are fit. */
  ReadFromMaster: field.flag(false),

  /**
   * Connections per pool, by default 8. Measured: from 6 to 8 on, more connections make each statement slower and
   * the whole no faster. Mattermost's 100 or 300 work, but cost the database memory for nothing.
   */
  MaxOpenConns: field.wholeNumber({ min: 1, max: 10_000, fallback: 8 }),
  /** Of these, at most so many stay open while idle; counts no further than `MaxOpenConns`. */
  MaxIdleConns: field.wholeNumber({ min: 1, max: 10_000, fallback: 8 }),
  /** Milliseconds after which a connection is replaced; 0 = never. */
  ConnMaxLifetimeMilliseconds: field.wholeNumber({ min: 0, max: 30 * DAY, fallback: HOUR }),
  /** Milliseconds after which an idle connection is closed; 0 = never. */
  ConnMaxIdleTimeMilliseconds: field.wholeNumber({ min: 0, max: 30 * DAY, fallback: 300_000 }),
  /** Milliseconds that a connection may take to be made. */
  ConnectTimeoutMilliseconds: field.wholeNumber({ min: 100, max: 60_000, fallback: 3_000 }),
  /** Milliseconds that a statement may wait for a free connection. */
  AcquireTimeoutMilliseconds: field.wholeNumber({ min: 100, max: 60_000, fallback: 5_000 }),

  /** Seconds that a statement may take. */
  QueryTimeout: field.wholeNumber({ min: 1, max: 3_600, fallback: 30 }),
  /** Seconds that a statement of the statistics may take. */
  AnalyticsQueryTimeout: field.wholeNumber({ min: 1, max: 86_400, fallback: 300 }),
  /** Seconds that a statement of a migration may take. */
  MigrationsStatementTimeoutSeconds: field.wholeNumber({ min: 1, max: 1_000_000, fallback: 100_000 }),
  /** Log every statement with its time, never with its values. */
  Trace: field.flag(false),

  /** Milliseconds between two probes of a data source. */
  MonitorIntervalMilliseconds: field.wholeNumber({ min: 100, max: 60_000, fallback: 1_000 }),
  /** Milliseconds after which a probe has failed. */
  MonitorTimeoutMilliseconds: field.wholeNumber({ min: 50, max: 60_000, fallback: 800 }),
  /** A replica that lags more milliseconds than this leaves the rotation; it returns below half of it. */
  ReplicaLagLimitMilliseconds: field.wholeNumber({ min: 50, max: DAY, fallback: 5_000 }),
  /** While a replica is fewer bytes behind than this, a lag in time is not held against it. */
  ReplicaLagLimitBytes: field.wholeNumber({ min: 0, max: 1_099_511_627_776, fallback: 16_777_216 }),

  /** Milliseconds that a write may be held while the master changes; then it is refused, never lost. */
  WriteHoldLimitMilliseconds: field.wholeNumber({ min: 100, max: 120_000, fallback: 10_000 }),
  /** Writes that may be held at once; one more is refused at once. */
  WriteHoldMaximum: field.wholeNumber({ min: 1, max: 1_000_000, fallback: 1_000 }),
  /**
   * When the master is lost or refuses writes, make the one other database the master that accepts writes: promoted by
   * Patroni, a cloud service or an admin. Off: read-only mode until the list is changed and recycled.
   */
  FollowPromotion: field.flag(true),
  /**
   * When the master is lost, promote the replica that certainly has every acknowledged write. Does something only where
   * the master commits in a synchronous mode; the Database page says whether it does, and if not, why.
   */
  AutomaticPromotion: field.flag(false),
  /** Milliseconds that the master must have been unreachable before a replica is promoted. */
  AutomaticPromotionAfterMilliseconds: field.wholeNumber({ min: 500, max: HOUR, fallback: 10_000 }),
  /**
   * Addresses of Patroni's REST interface, such as `http://db1:8008`, on a cluster that it manages. Its answer explains and
   * has the databases asked sooner; it is never believed over what they say themselves.
   */
  PatroniUrls: z.array(patroniUrl, { error: 'Must be a list of texts: ["...", "..."].' }).default([]),
  /** Milliseconds that a recycle waits for work on the old connections before it cuts them. */
  DrainLimitMilliseconds: field.wholeNumber({ min: 0, max: HOUR, fallback: 30_000 }),

  /** Milliseconds between two looks at the disk of a data source. */
  DiskCheckIntervalMilliseconds: field.wholeNumber({ min: 100, max: DAY, fallback: 60_000 }),
  /** A replication slot that holds back more bytes of log than this is warned of. */
  ReplicationSlotLimitBytes: field.wholeNumber({ min: 1, max: 1_099_511_627_776, fallback: 1_073_741_824 }),
  /**
   * Data folders of databases that run on the same machine as this server, as `host:port/database=/folder`: their free
   * space is read from the folder. A name that is no data source is kept for the day when it is one again.
   */
  DataFolders: z.array(dataFolder, { error: 'Must be a list of texts: ["...", "..."].' }).default([]),

  /** Mattermost's; kept as it is and not used: nothing is encrypted by column here. */
  AtRestEncryptKey: field.text(''),
  /** Mattermost's: searches of posts and files find nothing, and ask no database. Asked for at each search. */
  DisableDatabaseSearch: field.flag(false),
  /** Mattermost's; accepted and not used: lag is measured without queries written by hand. */
  ReplicaLagSettings: z.array(replicaLagQuery, { error: 'Must be a list of objects.' }).default([]),
  /** Mattermost's; accepted and not used: see `MonitorIntervalMilliseconds`. */
  ReplicaMonitorIntervalSeconds: field.wholeNumber({ min: 0, max: 86_400, fallback: 5 }),
});

export type SqlSettings = z.infer<typeof sqlSettings>;

/** Does the setting at this path within `SqlSettings` hold a secret? */
export const isSecretSqlSetting = (path: string): boolean =>
  /^(?:DataSource|DataSourceReplicas|DataSourceSearchReplicas|AtRestEncryptKey)(?:\[|$)|^ReplicaLagSettings/.test(path);
