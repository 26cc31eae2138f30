import type { DataSource } from '../data-source/data-source.ts';
import { MASK } from '../data-source/index.ts';
import type { Row } from '../row.ts';
import type { Connection, Position } from './connection.ts';
import { isDenied } from './mysql-cluster.ts';
import { fence, unfence } from './mysql-fence.ts';
import { normalizeGtids, reachedGtids } from './mysql-positions.ts';
import { missingRights, takeRole, writesInSpiteOfFence } from './mysql-rights.ts';
import type { CandidateFacts, ManualCommands, MasterFacts, Standing, Switching } from './switching.ts';

/** Any name, as long as all servers take the same. */
const lockName = 'holdfast.switchover';
const secondMs = 1_000;
/** Replicas that confirm have no names: the master waits for whichever is first. */
const anyName = 'any';

async function askAll(connection: Connection, text: string, timeoutMs: number, values: unknown[] = []): Promise<Row[]> {
  return (await connection.execute({ text }, values, timeoutMs)).rows;
}

async function ask(connection: Connection, text: string, timeoutMs: number, values: unknown[] = []): Promise<Row> {
  return (await askAll(connection, text, timeoutMs, values))[0] ?? {};
}

// The server's table has its own time zone, whatever that of our session is.
const longText = `SELECT COUNT(*) AS transactions FROM information_schema.innodb_trx
  WHERE trx_mysql_thread_id NOT IN (0, CONNECTION_ID())
    AND trx_started < CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', 'SYSTEM') - INTERVAL 5 SECOND`;

async function longTransactions(connection: Connection, timeoutMs: number): Promise<number | null> {
  try {
    return Number((await ask(connection, longText, timeoutMs))['transactions']);
  } catch (error) {
    if (isDenied(error)) return null;
    throw error;
  }
}

async function masterFacts(connection: Connection, timeoutMs: number): Promise<MasterFacts> {
  const fenceObstacles = (await writesInSpiteOfFence(connection, timeoutMs))
    ? ['our user writes in spite of read_only. Take READ_ONLY ADMIN and SUPER from it: the role is enough.']
    : [];
  await takeRole(connection, timeoutMs);
  return {
    longTransactions: await longTransactions(connection, timeoutMs),
    preparedTransactions: (await askAll(connection, 'XA RECOVER', timeoutMs)).length,
    fenceObstacles,
  };
}

const ownText = `SELECT @@server_id AS server, @@log_bin AND @@log_slave_updates AS logs,
  @@global.gtid_binlog_pos AS written, @@global.gtid_slave_pos AS applied`;

/** What it wrote itself and never got from a master: those who follow it would have it, and the old master would not. */
function ownWrites({ server, written, applied }: Row): string[] {
  const ours = (gtid: string): boolean => gtid.split('-')[1] === String(server);
  const all = normalizeGtids(String(written ?? '')).split(',');
  return all.filter((gtid) => ours(gtid) && !reachedGtids(normalizeGtids(String(applied ?? '')), gtid));
}

function obstaclesOf(links: readonly Row[], own: Row): string[] {
  const filtered = links.some((link) =>
    Object.entries(link).some(([name, value]) => name.startsWith('Replicate_') && value !== ''),
  );
  const written = ownWrites(own);
  return [
    ...(links.length > 1 ? ['it follows several masters.'] : []),
    ...(links.some((link) => link['Using_Gtid'] === 'No')
      ? ['it follows by file and position: set MASTER_USE_GTID = slave_pos.']
      : []),
    ...(filtered ? ['it leaves out a part of the changes (Replicate_ in SHOW REPLICA STATUS).'] : []),
    ...(Number(own['logs']) === 1
      ? []
      : ['nobody could follow it: start it with log_bin and log_slave_updates switched on.']),
    ...(written.length > 0 ? [`it has changes of its own (${written.join(', ')}): build it anew.`] : []),
  ];
}

function receivedBy([link]: readonly Row[]): Position | null {
  const received = String(link?.['Gtid_IO_Pos'] ?? '');
  return received === '' ? null : normalizeGtids(received);
}

/** Every replica is `read_only`, which ends with its promotion: that is no fence of its own. */
async function candidateFacts(connection: Connection, timeoutMs: number): Promise<CandidateFacts> {
  const links = await askAll(connection, 'SHOW ALL REPLICAS STATUS', timeoutMs);
  const own = await ask(connection, ownText, timeoutMs);
  const behind = links[0]?.['Seconds_Behind_Master'];
  return {
    applyDelayMs: Number(links[0]?.['SQL_Delay'] ?? 0) * secondMs,
    fenced: false,
    behindMs: typeof behind === 'number' ? behind * secondMs : null,
    obstacles: obstaclesOf(links, own),
    received: receivedBy(links),
  };
}

/** What is in the relay log is applied before the promotion. A replica that has restarted has thrown it away: nothing but what it applied. */
async function standing(connection: Connection, timeoutMs: number): Promise<Standing> {
  const own = await ask(
    connection,
    'SELECT @@global.gtid_slave_pos AS applied, @@global.rpl_semi_sync_slave_enabled AS confirms',
    timeoutMs,
  );
  const applied = normalizeGtids(String(own['applied'] ?? ''));
  const link = await ask(connection, 'SHOW REPLICA STATUS', timeoutMs);
  const received = normalizeGtids(String(link['Gtid_IO_Pos'] ?? ''));
  return {
    received: reachedGtids(received, applied) ? received : applied,
    confirmsAs: Number(own['confirms']) === 1 ? anyName : '',
  };
}

async function lock(connection: Connection, timeoutMs: number): Promise<boolean> {
  return Number((await ask(connection, 'SELECT GET_LOCK($1, 0) AS locked', timeoutMs, [lockName]))['locked']) === 1;
}

/**
 * Applies what was received: the promotion throws the rest of it away. In this order: a thread that is started while both
 * are stopped throws it away, too, to receive it anew.
 */
async function applyReceived(connection: Connection, timeoutMs: number): Promise<void> {
  await ask(connection, 'START REPLICA SQL_THREAD', timeoutMs);
  await ask(connection, 'STOP REPLICA IO_THREAD', timeoutMs);
  const { Gtid_IO_Pos: received } = await ask(connection, 'SHOW REPLICA STATUS', timeoutMs);
  const seconds = timeoutMs / 2 / secondMs;
  const waited = await ask(connection, 'SELECT MASTER_GTID_WAIT($1, $2) AS reached', timeoutMs, [received, seconds]);
  if (Number(waited['reached']) === 0) return;
  throw new Error(`it did not apply what it has received, up to ${String(received)}, within ${seconds.toFixed(1)} s`);
}

/** A refusal must come before anything has changed. */
async function promote(connection: Connection, timeoutMs: number): Promise<void> {
  await takeRole(connection, timeoutMs);
  await ask(connection, 'SET GLOBAL read_only = @@global.read_only', timeoutMs);
  try {
    await applyReceived(connection, timeoutMs);
    await ask(connection, 'STOP REPLICA', timeoutMs);
    await ask(connection, 'RESET REPLICA ALL', timeoutMs);
  } catch (error) {
    await ask(connection, 'START REPLICA', timeoutMs).catch(() => undefined);
    throw error;
  }
  await ask(connection, 'SET GLOBAL read_only = 0', timeoutMs);
}

/** Its user, its password and its TLS settings stay with the link. */
async function repoint(
  replica: Connection,
  { source }: { connection: Connection; source: DataSource },
  timeoutMs: number,
): Promise<void> {
  const [{ host, port }] = source.hosts;
  await takeRole(replica, timeoutMs);
  await ask(replica, 'STOP REPLICA', timeoutMs);
  try {
    const text = 'CHANGE MASTER TO MASTER_HOST = $1, MASTER_PORT = $2, MASTER_USE_GTID = slave_pos';
    await ask(replica, text, timeoutMs, [host, port]);
  } finally {
    await ask(replica, 'START REPLICA', timeoutMs);
  }
}

function changeMaster({ hosts: [{ host, port }] }: DataSource, position: 'current_pos' | 'slave_pos'): string {
  const place = `MASTER_HOST = '${host.replaceAll("'", "''")}', MASTER_PORT = ${port}`;
  return `CHANGE MASTER TO ${place}, MASTER_USER = '<replication user>', MASTER_PASSWORD = '${MASK}', MASTER_USE_GTID = ${position};`;
}

const commands: ManualCommands = {
  // As we do it ourselves, with what was received until now.
  promote: (received) => [
    'START REPLICA SQL_THREAD;',
    'STOP REPLICA IO_THREAD;',
    ...(received === null ? [] : [`SELECT MASTER_GTID_WAIT('${received}');`]),
    'STOP REPLICA;',
    'RESET REPLICA ALL;',
    'SET GLOBAL read_only = 0;',
  ],
  unfence: ['SET GLOBAL read_only = 0;'],
  repoint: (master) => ['STOP REPLICA;', changeMaster(master, 'slave_pos'), 'START REPLICA;'],
  // A former master goes on after what it has written itself.
  rejoin: (master) => [
    '-- read_only = 1 in its configuration file',
    'SET GLOBAL read_only = 1;',
    changeMaster(master, 'current_pos'),
    'START REPLICA;',
    '-- error 1236 in SHOW REPLICA STATUS: it has changes that the master lacks; build it anew with mariadb-backup',
  ],
};

const forMysql =
  'A planned switchover is not there for MySQL, only for MariaDB and PostgreSQL. Promote the replica by hand: it is followed.';

/** MariaDB 10.6 and later. The fence is `read_only`, for which the server has no place to keep it over a restart. */
export const mysqlSwitching: Switching = {
  refusal: (version) => (/mariadb/i.test(version) ? '' : forMysql),
  lasting: ({ former, master }) =>
    `MariaDB keeps neither over a restart: set read_only = 1 in the configuration file of ${former}, and take it out of that of ${master}.`,
  commands,
  masterFacts,
  candidateFacts,
  standing,
  missingForFence: (connection, timeoutMs) =>
    missingRights(connection, ['READ_ONLY ADMIN', 'CONNECTION ADMIN', 'PROCESS'], timeoutMs),
  missingForPromotion: (connection, timeoutMs) =>
    missingRights(connection, ['READ_ONLY ADMIN', 'REPLICATION SLAVE ADMIN', 'SLAVE MONITOR', 'RELOAD'], timeoutMs),
  missingForRepoint: (replica, _candidate, timeoutMs) => missingRights(replica, ['REPLICATION SLAVE ADMIN'], timeoutMs),
  lock,
  fence,
  unfence,
  promote,
  repoint,
};
