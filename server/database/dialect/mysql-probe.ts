import type { Row } from '../row.ts';
import type { Connection, DriverStatement } from './connection.ts';
import type { ProbeReading } from './dialect.ts';
import { type ClusterMarks, isDenied, readClusterMarks } from './mysql-cluster.ts';
import { classifyMysqlError } from './mysql-errors.ts';
import { normalizeGtids } from './mysql-positions.ts';

/** MySQL has semi-synchronous replication as a plugin, under an old name or a new one. */
const setting = (old: string, renamed = old): string =>
  `(SELECT MAX(variable_value) FROM performance_schema.global_variables
     WHERE variable_name IN ('rpl_semi_sync_master_${old}', 'rpl_semi_sync_source_${renamed}'))`;

// Readable by every user, as what follows.
const readServer: DriverStatement = {
  name: 'holdfast.probe',
  text: `
SELECT version() AS version, @@global.read_only AS readonly, @@server_id AS server, @@max_connections AS allowed,
       /*M! @@global.gtid_binlog_pos *//*!80000 @@global.gtid_executed */ AS written,
       /*M! @@global.gtid_slave_pos *//*!80000 @@global.gtid_executed */ AS applied,
       /*M! @@global.rpl_semi_sync_master_enabled *//*!80000 ${setting('enabled')} = 'ON' */ AS waits,
       /*M! 1 *//*!80000 ${setting('wait_for_slave_count', 'wait_for_replica_count')} */ AS required,
       /*M! @@global.rpl_semi_sync_master_wait_point *//*!80000 '' */ AS waitpoint,
       /*M! @@global.rpl_semi_sync_master_timeout *//*!80000 0 */ AS patience`,
};
// Uptime counts from the start of the statement, as UNIX_TIMESTAMP() does: their difference is the same in every probe.
const readCounts: DriverStatement = {
  name: 'holdfast.probe.counts',
  text: `
SELECT UNIX_TIMESTAMP() - s.uptime AS started, s.used, s.running, s.semisync, s.confirming
  FROM (SELECT MAX(CASE UPPER(variable_name) WHEN 'UPTIME' THEN variable_value END) AS uptime,
               MAX(CASE UPPER(variable_name) WHEN 'THREADS_CONNECTED' THEN variable_value END) AS used,
               MAX(CASE UPPER(variable_name) WHEN 'SLAVE_RUNNING' THEN variable_value END) AS running,
               MAX(CASE UPPER(variable_name) WHEN 'RPL_SEMI_SYNC_MASTER_STATUS' THEN variable_value
                                             WHEN 'RPL_SEMI_SYNC_SOURCE_STATUS' THEN variable_value END) AS semisync,
               MAX(CASE UPPER(variable_name) WHEN 'RPL_SEMI_SYNC_MASTER_CLIENTS' THEN variable_value
                                             WHEN 'RPL_SEMI_SYNC_SOURCE_CLIENTS' THEN variable_value END) AS confirming
          FROM /*M! information_schema.global_status *//*!80000 performance_schema.global_status */) s`,
};
/** Needs SLAVE MONITOR (MariaDB) or REPLICATION CLIENT (MySQL). */
const readReplication: DriverStatement = { text: 'SHOW REPLICA STATUS' };

interface Replication {
  readonly receiving: boolean;
  readonly paused: boolean;
  readonly error: number;
}

/** MySQL 8 has other words for the same columns. */
function column(row: Row, mariadb: string): string {
  const mysql = mariadb.replace('Slave_', 'Replica_');
  return String(row[mariadb] ?? row[mysql] ?? '');
}

const lastCounts = new WeakMap<Connection, Row>();

/**
 * MariaDB puts its counts into a table on its disk first. Without room for it, what this connection was told last goes
 * on to count: a full disk must not look like a server that is gone.
 */
async function readStatus(connection: Connection, timeoutMs: number): Promise<Row> {
  try {
    const row = (await connection.execute(readCounts, [], timeoutMs)).rows[0] ?? {};
    lastCounts.set(connection, row);
    return row;
  } catch (error) {
    const known = lastCounts.get(connection);
    if (known === undefined || classifyMysqlError(error, false).kind !== 'disk') throw error;
    return known;
  }
}

/**
 * `hidden` where we may not see it, null where nothing is set up.
 *
 * @param row what the server has said already.
 */
async function readLink(connection: Connection, row: Row, timeoutMs: number): Promise<Replication | 'hidden' | null> {
  try {
    const [row] = (await connection.execute(readReplication, [], timeoutMs)).rows;
    if (row === undefined) return null;
    return {
      receiving: column(row, 'Slave_IO_Running') === 'Yes',
      paused: column(row, 'Slave_SQL_Running') !== 'Yes',
      error: Number(row['Last_SQL_Errno'] ?? 0),
    };
  } catch (error) {
    if (isDenied(error)) return 'hidden';
    // A receiver that waits for room on its disk keeps its status locked, while statements go on as ever.
    const isSilent = (error as { code?: unknown }).code === 'PROTOCOL_SEQUENCE_TIMEOUT';
    if (isSilent && wasReplica(row)) return { receiving: false, paused: false, error: 0 };
    throw error;
  }
}

/** Without the privilege, all that is known is whether both threads of replication run. */
function hiddenLink(row: Row): Replication | null {
  const running = row['running'] === 'ON';
  return running || wasReplica(row) ? { receiving: running, paused: false, error: 0 } : null;
}

/** A write-protected server that once was a replica is one whose link is down; one that never was is fenced. */
function wasReplica(row: Row): boolean {
  return isReadOnly(row) && String(row['applied'] ?? '') !== '';
}

function isReadOnly(row: Row): boolean {
  return row['readonly'] !== 0 && row['readonly'] !== false && row['readonly'] !== 'OFF';
}

function remarkOn(row: Row, hidden: boolean, link: Replication | null, marks: ClusterMarks | null): string {
  const remarks = [
    ...(link === null && isReadOnly(row) ? ['read_only is on.'] : []),
    ...(link !== null && link.error !== 0 ? [`Applying changes stopped with error ${link.error}.`] : []),
    ...(hidden ? ['Its replication can be seen in part only: grant SLAVE MONITOR (MySQL: REPLICATION CLIENT).'] : []),
    ...(marks === null ? ['The table holdfast_cluster is missing: other databases cannot be told from it.'] : []),
  ];
  return remarks.join(' ');
}

/** `10.11.19-MariaDB-log` -> 101119, `8.0.36` -> 80036. */
export function versionNumberOf(version: string): number {
  const [, major = '0', minor = '0', patch = '0'] = /^(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) * 10_000 + Number(minor) * 100 + Number(patch);
}

/**
 * Which history the database belongs to. A master that has not counted itself yet is one ahead of what the table
 * says: it was promoted, and nobody has taken it into use so far.
 */
function timelineOf(marks: ClusterMarks | null, row: Row, link: Replication | null): number | null {
  if (marks === null) return null;
  const isUncounted = link === null && marks.server !== Number(row['server']);
  return marks.history + (isUncounted ? 1 : 0);
}

/** Shorter, and a master that is cut off acknowledges alone while somebody decides about it. */
const patienceMs = 3_600_000;

/** Why a commit may have been acknowledged, or seen, without being on a replica. */
function gapOf({ waitpoint, patience }: Row): string {
  const lacking = [
    ...(waitpoint === 'AFTER_SYNC' ? [] : ["SET GLOBAL rpl_semi_sync_master_wait_point = 'AFTER_SYNC';"]),
    ...(Number(patience) >= patienceMs ? [] : [`SET GLOBAL rpl_semi_sync_master_timeout = ${patienceMs};`]),
  ];
  if (lacking.length === 0) return '';
  return (
    'Semi-synchronous replication gives up waiting after a while, or shows commits before they are on a replica. ' +
    `Run on every database, and put it into its configuration file: ${lacking.join(' ')}`
  );
}

/** Semi-synchronous replication gives up waiting when nobody confirms in time, and goes on without. */
function synchronousModeOf(row: Row): Pick<ProbeReading, 'durability' | 'synchronous'> {
  const isKept = row['semisync'] === 'ON';
  const durability = isKept ? 'synchronous' : 'asynchronous';
  if (Number(row['waits'] ?? 0) === 0) return { durability };
  return {
    durability,
    synchronous: {
      required: Number(row['required'] ?? 1),
      connected: Number(row['confirming'] ?? 0),
      weakened: !isKept,
      confirmers: null,
      gap: gapOf(row),
    },
  };
}

/** What can be found out about a MariaDB or MySQL server, with whatever privileges we have. */
export async function probeMysql(connection: Connection, timeoutMs: number): Promise<ProbeReading> {
  const [server = {}] = (await connection.execute(readServer, [], timeoutMs)).rows;
  const row: Row = { ...server, ...(await readStatus(connection, timeoutMs)) };
  const marks = await readClusterMarks(connection, timeoutMs);
  // Last: when it stays silent, nothing more can be asked on this connection.
  const seen = await readLink(connection, row, timeoutMs);
  const link = seen === 'hidden' ? hiddenLink(row) : seen;
  const version = String(row['version']);
  return {
    role: link !== null ? 'replica' : isReadOnly(row) ? 'read-only' : 'master',
    position: normalizeGtids(String((link === null ? row['written'] : row['applied']) ?? '')),
    receiving: link === null || (link.receiving && link.error === 0),
    replayPaused: link?.paused === true,
    timeline: timelineOf(marks, row, link),
    clusterId: marks?.id ?? '0',
    instance: `${String(row['server'])} since ${String(row['started'])}`,
    version,
    versionNumber: versionNumberOf(version),
    connectionsAllowed: Number(row['allowed']),
    connectionsUsed: Number(row['used']),
    ...(link === null ? synchronousModeOf(row) : { durability: 'asynchronous' as const }),
    remark: remarkOn(row, seen === 'hidden', link, marks),
  };
}
