import { pause } from '../clock.ts';
import type { Row } from '../row.ts';
import type { Connection } from './connection.ts';
import { takeRole } from './mysql-rights.ts';
import type { Limit } from './switching.ts';

const pollMs = 2;
/** How long writes of our own servers may end by themselves. */
const graceMs = 250;
/** The server gave up at the limit that was set for the statement: by its time, or by the wait for a lock. */
const gaveUp = new Set([1969, 1205]);
const noSuchSession = 1094;

const ask = async (connection: Connection, text: string, timeoutMs: number): Promise<Row[]> =>
  (await connection.execute({ text }, [], timeoutMs)).rows;

/**
 * Sets `read_only`, for which the server waits until no statement writes and no table is locked, and holds up all new
 * writes meanwhile. So the server itself gives up in time: it must not do it later, when nobody expects it any more.
 */
async function setReadOnly(connection: Connection, withinMs: number, timeoutMs: number): Promise<boolean> {
  const limits = `max_statement_time = ${withinMs / 1_000}, lock_wait_timeout = ${Math.ceil(withinMs / 1_000)}`;
  try {
    await ask(connection, `SET STATEMENT ${limits} FOR SET GLOBAL read_only = 1`, timeoutMs);
    return true;
  } catch (error) {
    if (gaveUp.has(Number((error as { errno?: unknown }).errno))) return false;
    throw error;
  }
}

/** Sessions of people and programs other than Holdfast; not the replicas', not the server's own. */
const strangers = `SELECT id FROM information_schema.processlist
  WHERE command NOT IN ('Binlog Dump', 'Connect', 'Daemon') AND command NOT LIKE 'Slave%'
    AND user NOT IN ('system user', 'event_scheduler', 'unauthenticated user')
    AND user <> (SELECT user FROM information_schema.processlist WHERE id = CONNECTION_ID())`;
const withTransaction = `SELECT trx_mysql_thread_id AS id FROM information_schema.innodb_trx
  WHERE trx_mysql_thread_id NOT IN (0, CONNECTION_ID())`;

/** Ends the sessions that a query names. Answers with their numbers. */
async function end(connection: Connection, query: string, timeoutMs: number): Promise<number[]> {
  const ids = (await ask(connection, query, timeoutMs)).map(({ id }) => Number(id));
  for (const id of ids) {
    try {
      await ask(connection, `KILL ${id}`, timeoutMs);
    } catch (error) {
      if ((error as { errno?: unknown }).errno !== noSuchSession) throw error;
    }
  }
  return ids;
}

async function areGone(connection: Connection, ids: readonly number[], { clock, ms }: Limit): Promise<boolean> {
  if (ids.length === 0) return true;
  const deadline = clock.now() + ms / 4;
  const text = `SELECT id FROM information_schema.processlist WHERE id IN (${ids.join(', ')})`;
  while ((await ask(connection, text, ms)).length > 0) {
    if (clock.now() >= deadline) return false;
    await pause(clock, pollMs);
  }
  return true;
}

/**
 * `read_only` stops open transactions as well: they cannot commit any more. It does not stop who has READ_ONLY ADMIN, and
 * nobody can see who has it; so the sessions of all strangers end.
 */
export async function fence(connection: Connection, limit: Limit): Promise<void> {
  const { ms } = limit;
  await takeRole(connection, ms);
  if (!(await setReadOnly(connection, Math.min(graceMs, ms / 4), ms))) {
    await end(connection, `${strangers} UNION ${withTransaction}`, ms);
    if (!(await setReadOnly(connection, ms / 4, ms))) {
      throw new Error(
        'A write or a lock on tables does not end on it. The sessions of others were ended: look for one of our own user ' +
          '(SHOW PROCESSLIST), end it and try again.',
      );
    }
  }
  if (await areGone(connection, await end(connection, strangers, ms), limit)) return;
  throw new Error('Sessions of others were ended on it, and are still there. Try again.');
}

/** A replica is write-protected for another reason than a fence, and stays so. */
export async function unfence(connection: Connection, { ms }: Limit): Promise<void> {
  await takeRole(connection, ms);
  if ((await ask(connection, 'SHOW ALL REPLICAS STATUS', ms)).length > 0) return;
  await ask(connection, 'SET GLOBAL read_only = 0', ms);
}
