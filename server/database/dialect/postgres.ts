import type { Row } from '../row.ts';
import type { Connection, Dialect, ProbeReading, SynchronousMode } from './dialect.ts';
import { postgresConnector } from './postgres-connector.ts';
import { readPostgresDisk } from './postgres-disk.ts';
import { classifyPostgresError } from './postgres-errors.ts';
import { masterPosition, normalizeLsn, positionOf, replicaPosition } from './postgres-positions.ts';
import { postgresSwitching } from './postgres-switching.ts';
import { confirmersOf } from './postgres-synchronous.ts';
import { postgresVocabulary } from './postgres-vocabulary.ts';

/**
 * One statement for both roles. `pg_stat_wal_receiver` has a row exactly while the link to the master is up; its
 * columns are NULL without pg_monitor, so the row counts and not its status. A fresh master's timeline stands in the
 * WAL file name at once, in the control file only after the next checkpoint (research/database-layer.md 3.3). That is
 * what a replica falls back to whose link is down or hidden: it may be too low for a while, never too high.
 */
const probeText = `
SELECT pg_is_in_recovery() AS replica,
       CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END::text AS position,
       CASE WHEN pg_is_in_recovery() THEN pg_get_wal_replay_pause_state() ELSE 'not paused' END AS paused,
       current_setting('default_transaction_read_only') = 'on' AS readonly,
       (SELECT system_identifier::text FROM pg_control_system()) AS clusterid,
       (SELECT count(*) FROM pg_stat_wal_receiver) AS receivers,
       CASE WHEN pg_is_in_recovery() THEN COALESCE((SELECT received_tli FROM pg_stat_wal_receiver),
              (SELECT GREATEST((SELECT timeline_id FROM pg_control_checkpoint()), min_recovery_end_timeline)
                 FROM pg_control_recovery()))
            ELSE ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int END AS timeline,
       pg_postmaster_start_time()::text AS instance,
       current_setting('server_version') AS version,
       current_setting('server_version_num')::int AS versionnumber,
       current_setting('max_connections')::int AS allowed,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS used,
       current_setting('synchronous_standby_names') AS synchronous,
       (SELECT count(*) FROM pg_stat_replication) AS senders,
       (SELECT count(*) FROM pg_stat_replication WHERE sync_state IS NOT NULL) AS visiblesenders,
       (SELECT count(*) FROM pg_stat_replication
         WHERE sync_state IN ('sync', 'quorum') AND state = 'streaming') AS connectedsynchronous,
       current_setting('synchronous_commit') AS commitlevel`;

function durabilityOf(row: Row): ProbeReading['durability'] {
  if (row.synchronous === '' || row.commitlevel === 'local' || row.commitlevel === 'off') return 'asynchronous';
  return row.commitlevel === 'remote_apply' ? 'synchronous-visible' : 'synchronous';
}

/** Without pg_monitor, whoever receives is listed but not in which way. */
function synchronousOf(row: Row): SynchronousMode | undefined {
  if (row.synchronous === '' || row.replica === true) return undefined;
  const isHidden = Number(row.senders) > 0 && Number(row.visiblesenders) === 0;
  return {
    ...confirmersOf(String(row.synchronous)),
    connected: isHidden ? null : Number(row.connectedsynchronous),
    weakened: durabilityOf(row) === 'asynchronous',
  };
}

function readingOf(row: Row): ProbeReading {
  const replica = row.replica === true;
  const synchronous = synchronousOf(row);
  return {
    role: replica ? 'replica' : row.readonly === true ? 'read-only' : 'master',
    position: normalizeLsn(String(row.position ?? '0/0')),
    receiving: !replica || Number(row.receivers) > 0,
    replayPaused: row.paused !== 'not paused',
    timeline: typeof row.timeline === 'number' ? row.timeline : null,
    clusterId: String(row.clusterid),
    instance: String(row.instance),
    version: String(row.version),
    versionNumber: Number(row.versionnumber),
    connectionsAllowed: Number(row.allowed),
    connectionsUsed: Number(row.used),
    durability: durabilityOf(row),
    ...(synchronous === undefined ? {} : { synchronous }),
    remark: !replica && row.readonly === true ? 'default_transaction_read_only is on.' : '',
  };
}

async function probe(connection: Connection, timeoutMs: number): Promise<ProbeReading> {
  const { rows } = await connection.execute({ name: 'holdfast.probe', text: probeText }, [], timeoutMs);
  return readingOf(rows[0] ?? {});
}

const waitsForReplica = `SELECT 1 FROM pg_stat_activity WHERE usename = current_user AND wait_event = 'SyncRep' LIMIT 1`;

/** What our own sessions wait for shows without any privilege. */
async function whyStalled(connection: Connection, timeoutMs: number): Promise<string> {
  const { rows } = await connection.execute({ text: waitsForReplica }, [], timeoutMs);
  return rows.length === 0
    ? ''
    : 'Commits wait for a synchronous replica: bring one back, or take it out of synchronous_standby_names.';
}

/** PostgreSQL 15 and later. */
export const postgresDialect: Dialect = {
  driver: 'postgres',
  vocabulary: postgresVocabulary,
  switching: postgresSwitching,
  connector: postgresConnector,
  classify: classifyPostgresError,
  masterPosition,
  serverTime: { text: 'SELECT EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS ms' },
  replicaPosition,
  positionOf,
  reached: (position, atLeast) => position >= atLeast,
  distance: (ahead, behind) => Math.max(0, Number(BigInt(`0x${ahead}`) - BigInt(`0x${behind}`))),
  probe,
  whyStalled,
  readDisk: readPostgresDisk,
  // After a promotion it stays at the last record taken from the former master, until the next restart.
  async forkPosition(connection, timeoutMs) {
    return positionOf((await connection.execute(replicaPosition, [], timeoutMs)).rows);
  },
  // The control file has the identity, and the WAL the timeline.
  adopt: () => Promise.resolve(),
  // A transactional message is a WAL record of its own: written and flushed like any commit, and gone for readers.
  async proveWritable(connection, timeoutMs) {
    await connection.execute({ text: "SELECT pg_logical_emit_message(true, 'holdfast', 'verify')" }, [], timeoutMs);
  },
  oldestVersion: () => ({ number: 150_000, name: 'PostgreSQL 15' }),
};
