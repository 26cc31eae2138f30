import type { Row } from '../row.ts';
import type { Connection } from './connection.ts';
import { bytesOf, type DiskReading, type DiskSpace, type SlotReading, type UnknownSpace } from './disk-reading.ts';

const factsText = `
SELECT current_database() AS database,
       current_user AS account,
       pg_database_size(current_database()) AS databasebytes,
       has_function_privilege('pg_ls_waldir()', 'EXECUTE') AS seeslog,
       to_regclass('holdfast_setup.holdfast_disk') IS NOT NULL AS hastable,
       COALESCE(has_table_privilege(to_regclass('holdfast_setup.holdfast_disk'), 'SELECT'), false) AS readstable`;

// The view is open to everybody. A replica has slots too: those that were left from its time as a master.
const slotsText = `
SELECT slot_name AS name, active, wal_status AS state,
       pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END,
                       restart_lsn) AS held
FROM pg_replication_slots`;

// A statement of its own: without the privilege it is refused even where a condition would keep it from running.
const logText = 'SELECT sum(size) AS bytes FROM pg_ls_waldir()';

const diskText = 'SELECT place, used_kb, available_kb, mount FROM holdfast_setup.holdfast_disk';

const slotStates: Readonly<Record<string, SlotReading['state']>> = {
  reserved: 'kept',
  extended: 'extended',
  unreserved: 'endangered',
  lost: 'lost',
};

/** Bytes used by our database and by the write-ahead log, room by the table `holdfast_disk`, and the replication slots. */
export async function readPostgresDisk(connection: Connection, timeoutMs: number): Promise<DiskReading> {
  const ask = async (text: string): Promise<Row[]> => (await connection.execute({ text }, [], timeoutMs)).rows;
  const [facts = {}] = await ask(factsText);
  const [log] = facts.seeslog === true ? await ask(logText) : [];
  return {
    databaseBytes: bytesOf(facts.databasebytes),
    logBytes: bytesOf(log?.bytes),
    logFolder: 'pg_wal',
    slots: (await ask(slotsText)).map(slotOf),
    ...(await spaces(facts, ask, connection)),
  };
}

function slotOf({ name, active, state, held }: Row): SlotReading {
  return {
    name: String(name),
    active: active === true,
    state: slotStates[String(state)] ?? 'kept',
    heldBytes: held === null ? null : Math.max(0, Number(held)),
  };
}

type Spaces = Pick<DiskReading, 'space' | 'logSpace'>;

async function spaces(facts: Row, ask: (text: string) => Promise<Row[]>, connection: Connection): Promise<Spaces> {
  const reason = reasonForNotAsking(facts);
  if (reason !== undefined) return { space: reason, logSpace: null };
  try {
    return spacesOf(await ask(diskText));
  } catch (error) {
    if (!connection.usable) throw error;
    const [headline] = String(error instanceof Error ? error.message : error).split('\n', 1);
    return {
      space: { unknown: `The table holdfast_disk cannot be read: ${headline}. ${runScript(facts)}` },
      logSpace: null,
    };
  }
}

function reasonForNotAsking(facts: Row): UnknownSpace | undefined {
  if (facts.hastable !== true) return { unknown: runScript(facts) };
  if (facts.readstable === true) return undefined;
  return {
    unknown: `Run GRANT SELECT ON holdfast_setup.holdfast_disk TO "${String(facts.account)}" in the database ${String(facts.database)} of the master.`,
  };
}

const runScript = ({ database }: Row): string =>
  `Run config/setup/postgres-disk.sql once, as a superuser, in the database ${String(database)} of the master.`;

/** Rows of `holdfast_disk`: the data folder, and the log, which lies on a disk of its own when its mount is another. */
export function spacesOf(rows: readonly Row[]): Spaces {
  const [data, log] = ['.', 'pg_wal'].map((place) => rows.find((row) => row.place === place));
  if (data === undefined) {
    return {
      space: { unknown: 'The table holdfast_disk is empty: df is missing on the server, or was refused.' },
      logSpace: null,
    };
  }
  const space = spaceOf(data);
  return { space, logSpace: log === undefined || log.mount === data.mount ? null : spaceOf(log) };
}

function spaceOf({ used_kb: used, available_kb: available, mount }: Row): DiskSpace {
  const bytes = (kilobytes: unknown): number => Math.max(0, Number(kilobytes)) * 1024;
  return { usedBytes: bytes(used), freeBytes: bytes(available), source: `the table holdfast_disk (${String(mount)})` };
}
