import type { Connection } from './connection.ts';

/** What our own sessions do shows without any privilege; the session that asks is younger than that. */
const waiting = `SELECT DISTINCT state FROM information_schema.processlist
  WHERE command IN ('Query', 'Execute') AND time >= 1 AND state IS NOT NULL`;

const reasons: readonly (readonly [state: RegExp, text: string])[] = [
  // One session has this state, the others wait behind it for their turn to commit.
  [
    /free space/i,
    'No space left on a disk of its own, of the binary log or the data: it waits for some instead of refusing. Make room: ' +
      'it looks once a minute.',
  ],
  [
    /semi-sync/i,
    'Commits wait for a replica to confirm them: bring one back, or switch semi-synchronous replication off.',
  ],
  [/^commit|binlog/i, 'Commits wait for the binary log.'],
];

/** Why writes of ours do not end, by what the server says that they do. MariaDB does not refuse what it has no room to log. */
export async function whyMysqlStalls(connection: Connection, timeoutMs: number): Promise<string> {
  const { rows } = await connection.execute({ text: waiting }, [], timeoutMs);
  const states = rows.map(({ state }) => String(state));
  return reasons.find(([pattern]) => states.some((state) => pattern.test(state)))?.[1] ?? '';
}
