import { pause } from '../clock.ts';
import type { DataSource } from '../data-source/data-source.ts';
import type { Row } from '../row.ts';
import type { Connection } from './connection.ts';
import { applicationNameOf, examplePlace, literal, withPlace } from './postgres-conninfo.ts';
import { normalizeLsn } from './postgres-positions.ts';
import type {
  CandidateFacts,
  Limit,
  ManualCommands,
  MasterFacts,
  MissingGrants,
  Standing,
  Switching,
} from './switching.ts';

const fenceSetting = 'default_transaction_read_only';
/** Any number, as long as all servers take the same: "HOLD" in ASCII. */
const lockKey = 0x48_4f_4c_44;
const pollMs = 2;
/** How long transactions of our own servers' reads may end by themselves after the fence. */
const graceMs = 250;
const reloadText = 'SELECT pg_reload_conf()';

async function ask(connection: Connection, text: string, timeoutMs: number, values: unknown[] = []): Promise<Row> {
  const { rows } = await connection.execute({ text }, values, timeoutMs);
  return rows[0] ?? {};
}

/** Grants for everything whose column in the answer is false; `role` is who we are there. */
function grantsFor(row: Row, grants: Readonly<Record<string, (role: string) => string>>): MissingGrants {
  const role = String(row['role']);
  return Object.entries(grants).flatMap(([column, text]) => (row[column] === false ? [text(role)] : []));
}

const onParameter =
  (name: string) =>
  (role: string): string =>
    `GRANT ALTER SYSTEM ON PARAMETER ${name} TO ${role};`;
const onFunction =
  (signature: string) =>
  (role: string): string =>
    `GRANT EXECUTE ON FUNCTION ${signature} TO ${role};`;
const membership =
  (name: string) =>
  (role: string): string =>
    `GRANT ${name} TO ${role};`;

/** `xact_start` of others is hidden without pg_monitor: then nobody can tell how long they are open. */
async function masterFacts(connection: Connection, timeoutMs: number): Promise<MasterFacts> {
  const row = await ask(
    connection,
    `SELECT pg_has_role('pg_read_all_stats', 'USAGE') AS sees,
            (SELECT count(*) FROM pg_stat_activity
              WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
                AND xact_start < clock_timestamp() - interval '5 s') AS long,
            (SELECT count(*) FROM pg_prepared_xacts) AS prepared,
            (SELECT string_agg(COALESCE((SELECT 'role ' || rolname FROM pg_roles r WHERE r.oid = s.setrole),
                                        (SELECT 'database ' || datname FROM pg_database d WHERE d.oid = s.setdatabase)), ', ')
               FROM pg_db_role_setting s
              WHERE EXISTS (SELECT FROM unnest(s.setconfig) c WHERE c ILIKE '${fenceSetting}=%')) AS exempt`,
    timeoutMs,
  );
  const exempt = row['exempt'];
  return {
    longTransactions: row['sees'] === true ? Number(row['long']) : null,
    preparedTransactions: Number(row['prepared']),
    fenceObstacles: typeof exempt === 'string' ? [`${fenceSetting} is set for ${exempt}: reset it there.`] : [],
  };
}

async function candidateFacts(connection: Connection, timeoutMs: number): Promise<CandidateFacts> {
  const row = await ask(
    connection,
    `SELECT (SELECT setting::int FROM pg_settings WHERE name = 'recovery_min_apply_delay') AS delay,
            current_setting('${fenceSetting}') = 'on' AS fenced`,
    timeoutMs,
  );
  const fenced = row['fenced'] === true;
  return { applyDelayMs: Number(row['delay']), fenced, behindMs: null, obstacles: [], received: null };
}

async function missingForFence(connection: Connection, timeoutMs: number): Promise<MissingGrants> {
  const row = await ask(
    connection,
    `SELECT quote_ident(current_user) AS role,
            has_parameter_privilege('${fenceSetting}', 'ALTER SYSTEM') AS parameter,
            has_function_privilege('pg_reload_conf()', 'EXECUTE') AS reload,
            pg_has_role('pg_signal_backend', 'USAGE') AS signals,
            pg_has_role('pg_read_all_stats', 'USAGE') AS sees`,
    timeoutMs,
  );
  return grantsFor(row, {
    parameter: onParameter(fenceSetting),
    reload: onFunction('pg_reload_conf()'),
    signals: membership('pg_signal_backend'),
    sees: membership('pg_monitor'),
  });
}

async function missingForPromotion(connection: Connection, timeoutMs: number): Promise<MissingGrants> {
  const row = await ask(
    connection,
    `SELECT quote_ident(current_user) AS role, has_function_privilege('pg_promote(boolean, integer)', 'EXECUTE') AS promote`,
    timeoutMs,
  );
  return grantsFor(row, { promote: onFunction('pg_promote(boolean, integer)') });
}

interface Link {
  readonly conninfo: string | null;
  readonly slot: string;
}

/** How a replica asks its master; both are hidden without pg_read_all_settings, the conninfo since it holds a password. */
async function linkOf(replica: Connection, timeoutMs: number): Promise<Link> {
  const row = await ask(
    replica,
    `SELECT CASE WHEN pg_has_role('pg_read_all_settings', 'USAGE') THEN current_setting('primary_conninfo') END AS conninfo,
            current_setting('primary_slot_name') AS slot`,
    timeoutMs,
  );
  return { conninfo: typeof row['conninfo'] === 'string' ? row['conninfo'] : null, slot: String(row['slot'] ?? '') };
}

/** What the server takes for the name when the conninfo gives none. */
const nameless = 'walreceiver';

/** What was received is flushed. After a restart nothing counts as received until the master is there again: then what was replayed. */
async function standing(connection: Connection, timeoutMs: number): Promise<Standing> {
  const row = await ask(
    connection,
    `SELECT GREATEST(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn(), '0/0')::text AS received,
            current_setting('cluster_name') AS cluster`,
    timeoutMs,
  );
  const { conninfo } = await linkOf(connection, timeoutMs);
  const cluster = String(row['cluster'] ?? '');
  const name = conninfo === null ? null : (applicationNameOf(conninfo) ?? (cluster === '' ? nameless : cluster));
  return { received: normalizeLsn(String(row['received'])), confirmsAs: name?.toLowerCase() ?? null };
}

async function slotState(
  master: Connection,
  slot: string,
  timeoutMs: number,
): Promise<{ exists: boolean; mayMake: boolean }> {
  const row = await ask(
    master,
    `SELECT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = $1) AS exists,
            (SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user) AS may`,
    timeoutMs,
    [slot],
  );
  return { exists: row['exists'] === true, mayMake: row['may'] === true };
}

const makeSlot = (slot: string): string => `SELECT pg_create_physical_replication_slot(${literal(slot)}, true);`;

async function missingForRepoint(
  replica: Connection,
  candidate: Connection,
  timeoutMs: number,
): Promise<MissingGrants> {
  const row = await ask(
    replica,
    `SELECT quote_ident(current_user) AS role,
            has_parameter_privilege('primary_conninfo', 'ALTER SYSTEM') AS parameter,
            has_function_privilege('pg_reload_conf()', 'EXECUTE') AS reload,
            pg_has_role('pg_read_all_settings', 'USAGE') AS sees`,
    timeoutMs,
  );
  const missing = grantsFor(row, {
    parameter: onParameter('primary_conninfo'),
    reload: onFunction('pg_reload_conf()'),
    sees: membership('pg_monitor'),
  });
  const { slot } = await linkOf(replica, timeoutMs);
  if (slot === '') return missing;
  const { exists, mayMake } = await slotState(candidate, slot, timeoutMs);
  // It may be made on a replica beforehand: it is kept by the promotion.
  return exists || mayMake ? missing : [...missing, makeSlot(slot)];
}

async function lock(connection: Connection, timeoutMs: number): Promise<boolean> {
  return (await ask(connection, `SELECT pg_try_advisory_lock(${lockKey}) AS locked`, timeoutMs))['locked'] === true;
}

/** Repeats `check` until it is true; false after the limit. */
async function within({ clock, ms }: Limit, check: () => Promise<boolean>): Promise<boolean> {
  const deadline = clock.now() + ms;
  while (!(await check())) {
    if (clock.now() >= deadline) return false;
    await pause(clock, pollMs);
  }
  return true;
}

/**
 * Changes the setting for all sessions to come. The server reads its file anew before it tells its sessions, so when
 * ours has the new value, every new session has it, and every other one gets it with its next statement.
 */
async function setFence(connection: Connection, value: 'on' | 'off', limit: Limit): Promise<void> {
  const change = value === 'on' ? `SET ${fenceSetting} = on` : `RESET ${fenceSetting}`;
  await ask(connection, `ALTER SYSTEM ${change}`, limit.ms);
  await ask(connection, reloadText, limit.ms);
  const isSet = async (): Promise<boolean> =>
    (await ask(connection, `SELECT current_setting('${fenceSetting}') AS value`, limit.ms))['value'] === value;
  if (await within(limit, isSet)) return;
  throw new Error(
    `${fenceSetting} did not become ${value}: it may be set for the role, the database or by the command line.`,
  );
}

/** Sessions of superusers can be ended by superusers only. */
const others = `FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
  WHERE a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()`;
const weMayEnd = '(NOT r.rolsuper OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user))';

/**
 * A session without an open transaction starts its next one read-only. Strangers' sessions may have a setting of their own,
 * and are ended; those of Holdfast do not, and theirs end only when they keep a transaction open.
 */
async function endWriters(connection: Connection, limit: Limit): Promise<void> {
  const fencedAt = (await ask(connection, 'SELECT clock_timestamp()::text AS now', limit.ms))['now'];
  await ask(
    connection,
    `SELECT count(pg_terminate_backend(a.pid)) ${others} AND ${weMayEnd} AND a.application_name NOT LIKE 'holdfast%'`,
    limit.ms,
  );
  const open = `${others} AND a.xact_start < $1::timestamptz`;
  const noneOpen = async (): Promise<boolean> =>
    Number((await ask(connection, `SELECT count(*) AS open ${open}`, limit.ms, [fencedAt]))['open']) === 0;
  if (await within({ ...limit, ms: Math.min(graceMs, limit.ms / 2) }, noneOpen)) return;
  await ask(connection, `SELECT count(pg_terminate_backend(a.pid)) ${open} AND ${weMayEnd}`, limit.ms, [fencedAt]);
  if (await within({ ...limit, ms: limit.ms / 2 }, noneOpen)) return;
  throw new Error('Sessions of superusers keep transactions open on it. End them, then try again.');
}

async function fence(connection: Connection, limit: Limit): Promise<void> {
  await setFence(connection, 'on', limit);
  await endWriters(connection, limit);
}

/** Without waiting: `pg_promote(true, n)` looks every 100 ms only, which would be most of the pause. */
async function promote(connection: Connection, timeoutMs: number): Promise<void> {
  await ask(connection, 'SELECT pg_promote(false)', timeoutMs);
}

async function repoint(
  replica: Connection,
  master: { connection: Connection; source: DataSource },
  timeoutMs: number,
): Promise<void> {
  const { conninfo, slot } = await linkOf(replica, timeoutMs);
  if (conninfo === null) throw new Error('Its primary_conninfo is hidden from us.');
  const text = withPlace(conninfo, master.source);
  if (slot !== '' && !(await slotState(master.connection, slot, timeoutMs)).exists) {
    await ask(master.connection, makeSlot(slot), timeoutMs);
  }
  await ask(replica, `ALTER SYSTEM SET primary_conninfo = ${literal(text)}`, timeoutMs);
  await ask(replica, reloadText, timeoutMs);
}

const commands: ManualCommands = {
  promote: () => ['SELECT pg_promote(true, 60);'],
  unfence: [`ALTER SYSTEM RESET ${fenceSetting};`, 'SELECT pg_reload_conf();'],
  repoint: (master) => [
    `ALTER SYSTEM SET primary_conninfo = ${literal(examplePlace(master))};`,
    'SELECT pg_reload_conf();',
  ],
  rejoin: (master) => [
    'pg_ctl stop -D <its data folder> -m fast',
    `pg_rewind --target-pgdata=<its data folder> --source-server='host=${master.hosts[0].host} port=${master.hosts[0].port} user=<superuser>'`,
    'touch <its data folder>/standby.signal',
    `echo "primary_conninfo = ${literal(examplePlace(master))}" >> <its data folder>/postgresql.auto.conf`,
    'pg_ctl start -D <its data folder>',
    `ALTER SYSTEM RESET ${fenceSetting}; SELECT pg_reload_conf();`,
  ],
};

/**
 * PostgreSQL 15 and later. The fence is `ALTER SYSTEM`: local to the server and kept over its restarts, where
 * `ALTER ROLE ... NOLOGIN` would travel to the replicas and lock us out of the new master.
 */
export const postgresSwitching: Switching = {
  refusal: () => '',
  lasting: () => '',
  commands,
  masterFacts,
  candidateFacts,
  standing,
  missingForFence,
  missingForPromotion,
  missingForRepoint,
  lock,
  fence,
  unfence: (connection, limit) => setFence(connection, 'off', limit),
  promote,
  repoint,
};
