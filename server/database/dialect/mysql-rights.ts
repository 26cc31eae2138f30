import type { Connection } from './connection.ts';
import type { MissingGrants } from './switching.ts';

/**
 * The role that holds the rights to move the master. It is taken by the sessions that do so, and by no other: whoever
 * may set `read_only` writes in spite of it, so a user that always had this right could not be fenced.
 */
const role = 'holdfast_switch';

/** Global privileges, as `SHOW GRANTS` calls them. */
export type Right =
  | 'READ_ONLY ADMIN'
  | 'CONNECTION ADMIN'
  | 'PROCESS'
  | 'REPLICATION SLAVE ADMIN'
  | 'SLAVE MONITOR'
  | 'RELOAD';

/** What lets a user write to a server that is `read_only`; SUPER does so before MariaDB 10.11. */
const bypassing = ['READ_ONLY ADMIN', 'SUPER', 'ALL PRIVILEGES'];
/** `SET ROLE` names one that does not exist or is not ours. */
const invalidRole = 1959;

const globalGrant = /^GRANT (.+?) ON \*\.\* TO /;

/** The global privileges of this session. */
async function rightsNow(connection: Connection, timeoutMs: number): Promise<ReadonlySet<string>> {
  const { rows } = await connection.execute({ text: 'SHOW GRANTS' }, [], timeoutMs);
  const lines = rows.map((row) => String(Object.values(row)[0]));
  return new Set(lines.flatMap((line) => globalGrant.exec(line)?.[1]?.split(', ') ?? []));
}

/** Gives this session the rights to move the master, as far as there are any; false without the role. */
export async function takeRole(connection: Connection, timeoutMs: number): Promise<boolean> {
  try {
    await connection.execute({ text: `SET ROLE ${role}` }, [], timeoutMs);
    return true;
  } catch (error) {
    if ((error as { errno?: unknown }).errno === invalidRole) return false;
    throw error;
  }
}

/** Whether our sessions, which do not take the role, would write to a fenced master. On a session that has not taken it. */
export async function writesInSpiteOfFence(connection: Connection, timeoutMs: number): Promise<boolean> {
  const rights = await rightsNow(connection, timeoutMs);
  return bypassing.some((right) => rights.has(right));
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** `chat@%` -> `'chat'@'%'`. A name may hold an @, a host cannot. */
async function ourUser(connection: Connection, timeoutMs: number): Promise<string> {
  const { rows } = await connection.execute({ text: 'SELECT CURRENT_USER() AS user' }, [], timeoutMs);
  const user = String(rows[0]?.['user']);
  const at = user.lastIndexOf('@');
  return `${quoted(user.slice(0, at))}@${quoted(user.slice(at + 1))}`;
}

/** The statements that give us those of `rights` that we lack. Takes the role. */
export async function missingRights(
  connection: Connection,
  rights: readonly Right[],
  timeoutMs: number,
): Promise<MissingGrants> {
  const taken = await takeRole(connection, timeoutMs);
  const have = await rightsNow(connection, timeoutMs);
  const lacking = have.has('ALL PRIVILEGES') ? [] : rights.filter((right) => !have.has(right));
  if (lacking.length === 0) return [];
  const grant = `GRANT ${lacking.join(', ')} ON *.* TO ${role};`;
  if (taken) return [grant];
  return [`CREATE ROLE IF NOT EXISTS ${role};`, grant, `GRANT ${role} TO ${await ourUser(connection, timeoutMs)};`];
}
