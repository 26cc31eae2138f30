import type { Outcome } from '../errors.ts';
import type { Failure } from './dialect.ts';
import { messageOf, networkRule, type Rule } from './network-errors.ts';

const notExecuted: Outcome = 'not-executed';

const lost: Rule = { kind: 'unreachable', outcome: 'unknown', connectionLost: true };
const refused: Rule = { kind: 'unreachable', outcome: notExecuted, connectionLost: true };
const overload: Rule = { kind: 'overload', outcome: notExecuted };
const misconfigured: Rule = { kind: 'misconfigured', outcome: notExecuted };
const notWritable: Rule = { kind: 'not-writable', outcome: notExecuted, connectionLost: true };
const conflict: Rule = { kind: 'conflict', outcome: notExecuted };
const disk: Rule = { kind: 'disk', outcome: 'final' };
const statement: Rule = { kind: 'statement', outcome: 'final' };

function each(rule: Rule, ...numbers: number[]): [number, Rule][] {
  return numbers.map((number) => [number, rule]);
}

/** The server's error number -> meaning (research/database-layer.md 3.9). What is not here is `statement`. */
const byNumber: ReadonlyMap<number, Rule> = new Map([
  // Shutdown, killed, network trouble as the server tells it: a statement may have been done.
  ...each(lost, 1053, 1077, 1080, 1152, 1153, 1156, 1157, 1158, 1159, 1160, 1161, 1180, 1184, 1927, 2006, 2013),
  // Blocked host, offline mode, an idle connection that was ended: nothing was done.
  ...each(refused, 1129, 3032, 4031),
  ...each(overload, 1040, 1203, 1226, 1461, 1637),
  ...each(misconfigured, 1044, 1045, 1049, 1130, 1251, 1698),
  ...each(notWritable, 1792, 1836),
  // Deadlock; changed since it was read; a definition that changed under a prepared statement.
  ...each(conflict, 1020, 1213, 1412, 1614),
  ...each({ ...conflict, connectionLost: true }, 1243, 1615),
  ...each({ kind: 'timeout', outcome: notExecuted }, 1205, 3572),
  ...each({ kind: 'timeout', outcome: 'final' }, 1317, 1907, 1969, 3024),
  // The first three are of the library below the server, which does not translate them: a file that cannot be made or written.
  ...each(disk, 1, 3, 20, 1021, 1026, 1030, 1034, 1035, 1114, 1194, 1195),
  ...each({ kind: 'unique', outcome: 'final' }, 1062, 1586),
]);

/** Codes that the driver makes itself. */
const byCode: Readonly<Record<string, Rule>> = {
  PROTOCOL_CONNECTION_LOST: lost,
  PROTOCOL_SEQUENCE_TIMEOUT: lost,
  PROTOCOL_PACKETS_OUT_OF_ORDER: lost,
  HANDSHAKE_NO_SSL_SUPPORT: misconfigured,
  HANDSHAKE_SSL_ERROR: misconfigured,
  AUTH_SWITCH_PLUGIN_ERROR: misconfigured,
};

/** Messages of errors that the driver throws without a code. */
const byMessage: readonly (readonly [text: string, rule: Rule])[] = [
  ["Can't add new command when connection is in closed state", refused],
  ["Can't write in closed state", refused],
  ['Connection lost', lost],
];

interface DriverError {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly message?: unknown;
  readonly errors?: unknown;
}

function ruleOf(code: string, errno: number, message: string): Rule {
  // The limit for connecting: nothing was sent. The same code on an open socket says less.
  if (code === 'ETIMEDOUT' && message.startsWith('connect')) return refused;
  const ofNetwork = networkRule(code) ?? byCode[code];
  if (ofNetwork !== undefined) return ofNetwork;
  // Also used for other options that keep a statement from being executed.
  if (errno === 1290) return /read[-_ ]only/i.test(message) ? notWritable : statement;
  const found = byNumber.get(errno);
  if (found !== undefined) return found;
  return byMessage.find(([text]) => message.startsWith(text))?.[1] ?? statement;
}

/** The index that refused a row. MySQL puts the table before it, MariaDB does not. */
const duplicate = /^Duplicate entry .* for key '(?:[^'.]*\.)?([^']*)'$/s;
/** What follows quotes a value, or the statement with its values. */
const quotes = /: '.*$|(?: '[^']*')? near '.*$|; check the manual .*$/s;

/** The message without what it quotes of rows and statements. */
function headline(message: string): string {
  const index = duplicate.exec(message)?.[1];
  if (index !== undefined) return `Duplicate entry for key ${index}`;
  const [first = ''] = message.split('\n', 1);
  return first.replace(quotes, '');
}

/** The driver puts the text of the statement, with its values, into the errors it throws. They are logged whole. */
export function withoutValues<E extends Error>(error: E): E {
  const driver = error as Error & { sql?: string; sqlMessage?: string };
  delete driver.sql;
  delete driver.sqlMessage;
  const index = duplicate.exec(driver.message)?.[1];
  if (index !== undefined) Object.assign(driver, { constraint: index });
  const before = driver.message;
  driver.message = headline(before);
  // The stack begins with the message as it was.
  driver.stack = (driver.stack ?? '').replace(before, () => driver.message);
  return error;
}

/**
 * What an error of mysql2 means (research/database-layer.md 3.9).
 *
 * @param writing the statement may have changed something: an unknown outcome stays unknown; for a read it is safe.
 */
export function classifyMysqlError(error: unknown, writing: boolean): Failure {
  const thrown: DriverError & { constraint?: unknown } = error ?? {};
  const message = messageOf(thrown);
  const code = typeof thrown.code === 'string' ? thrown.code : '';
  const rule = ruleOf(code, typeof thrown.errno === 'number' ? thrown.errno : 0, message);
  const constraint = thrown.constraint ?? duplicate.exec(message)?.[1];
  return {
    kind: rule.kind,
    outcome: rule.outcome === 'unknown' && !writing ? 'read-safe' : rule.outcome,
    text: message === '' ? String(error) : headline(message),
    connectionLost: rule.connectionLost === true || (error as { fatal?: unknown } | undefined)?.fatal === true,
    ...(code === '' ? {} : { code }),
    ...(rule.kind === 'unique' && typeof constraint === 'string' ? { constraint } : {}),
  };
}
