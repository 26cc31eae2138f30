import { describe, expect, it } from 'vitest';
import { classifyMysqlError, withoutValues } from './mysql-errors.ts';

const ofServer = (errno: number, message = `error ${errno}`) =>
  Object.assign(new Error(message), { errno, code: 'ER_X' });
const ofDriver = (code: string, message = code, more: object = {}) =>
  Object.assign(new Error(message), { code, ...more });
const readOnly = 'The MariaDB server is running with the --read-only option so it cannot execute this statement';

describe('classifyMysqlError', () => {
  it.each([
    // Killed, shut down, lost.
    [ofDriver('PROTOCOL_CONNECTION_LOST', 'Connection lost', { fatal: true }), 'unreachable', 'unknown', true],
    [ofServer(1053), 'unreachable', 'unknown', true],
    [ofServer(1927), 'unreachable', 'unknown', true],
    [
      Object.assign(new Error("Can't add new command when connection is in closed state"), { fatal: true }),
      'unreachable',
      'not-executed',
      true,
    ],
    [ofDriver('ECONNRESET', 'read ECONNRESET', { fatal: true }), 'unreachable', 'unknown', true],
    [ofDriver('EPIPE', 'write EPIPE', { fatal: true }), 'unreachable', 'unknown', true],
    [ofDriver('ETIMEDOUT', 'read ETIMEDOUT'), 'unreachable', 'unknown', true],
    // Connecting.
    [ofDriver('ECONNREFUSED', 'connect ECONNREFUSED', { errno: -111 }), 'unreachable', 'not-executed', true],
    [ofDriver('ETIMEDOUT', 'connect ETIMEDOUT'), 'unreachable', 'not-executed', true],
    [ofServer(1040), 'overload', 'not-executed', false],
    [ofServer(1203), 'overload', 'not-executed', false],
    [ofServer(1129), 'unreachable', 'not-executed', true],
    // Read-only: the master has moved.
    [ofServer(1290, readOnly), 'not-writable', 'not-executed', true],
    [ofServer(1290, `${readOnly.replace('--read-only', '--super-read-only')}`), 'not-writable', 'not-executed', true],
    [ofServer(1290, 'running with the --secure-file-priv option so'), 'statement', 'final', false],
    [ofServer(1836), 'not-writable', 'not-executed', true],
    [ofServer(1792), 'not-writable', 'not-executed', true],
    // Hung.
    [ofDriver('PROTOCOL_SEQUENCE_TIMEOUT'), 'unreachable', 'unknown', true],
    // Deadlock, lock wait.
    [ofServer(1213), 'conflict', 'not-executed', false],
    [ofServer(1205), 'timeout', 'not-executed', false],
    // Timeouts.
    [ofServer(1317), 'timeout', 'final', false],
    [ofServer(1969), 'timeout', 'final', false],
    [ofServer(3024), 'timeout', 'final', false],
    // Disk.
    [ofServer(1021), 'disk', 'final', false],
    [ofServer(3), 'disk', 'final', false],
    [ofServer(1114), 'disk', 'final', false],
    [ofServer(1030), 'disk', 'final', false],
    // Auth, database, TLS.
    [ofServer(1044), 'misconfigured', 'not-executed', false],
    [ofServer(1045), 'misconfigured', 'not-executed', false],
    [ofServer(1049), 'misconfigured', 'not-executed', false],
    [ofDriver('HANDSHAKE_NO_SSL_SUPPORT'), 'misconfigured', 'not-executed', false],
    [ofDriver('ENOENT', 'cert.pem'), 'misconfigured', 'not-executed', true],
    // Everything else.
    [ofServer(1062, "Duplicate entry 'a' for key 'PRIMARY'"), 'unique', 'final', false],
    [ofServer(1064), 'statement', 'final', false],
    [ofServer(1146), 'statement', 'final', false],
    [ofServer(1615), 'conflict', 'not-executed', true],
    [new Error('something of our own'), 'statement', 'final', false],
  ])('a write: %s', (error, kind, outcome, connectionLost) => {
    expect(classifyMysqlError(error, true)).toMatchObject({ kind, outcome, connectionLost });
  });

  it('makes an unknown outcome of a read safe to repeat', () => {
    expect(classifyMysqlError(ofDriver('PROTOCOL_CONNECTION_LOST'), false).outcome).toBe('read-safe');
  });

  it.each([
    ["Duplicate entry 'ann@example.org' for key 'ux_users_email'", 'ux_users_email'],
    ["Duplicate entry 'it's 'x' for key 'y'' for key 'users.ux_users_email'", 'ux_users_email'],
  ])('names the violated index and not the value: %s', (message, constraint) => {
    const failure = classifyMysqlError(ofServer(1062, message), true);
    expect(failure).toMatchObject({ constraint, text: `Duplicate entry for key ${constraint}` });
  });

  it.each([
    [1366, "Incorrect integer value: 'my secret' for column `t`.`n` at row 1", 'Incorrect integer value'],
    [1292, "Truncated incorrect DOUBLE value: 'my secret'", 'Truncated incorrect DOUBLE value'],
    [
      1064,
      "You have an error in your SQL syntax; check the manual that fits for the right syntax to use near 'my secret' at line 1",
      'You have an error in your SQL syntax',
    ],
    [4025, 'CONSTRAINT `c` failed for `d`.`t`', 'CONSTRAINT `c` failed for `d`.`t`'],
    [1045, "Access denied for user 'holdfast'@'127.0.0.1'", "Access denied for user 'holdfast'@'127.0.0.1'"],
  ])('does not show what the server quotes of data (%i)', (errno, message, expected) => {
    expect(classifyMysqlError(ofServer(errno, message), true).text).toBe(expected);
  });

  it('leaves nothing of a statement and its values in an error that is logged whole', () => {
    const error = withoutValues(
      Object.assign(ofServer(1062, "Duplicate entry 'my secret' for key 'PRIMARY'"), {
        sql: "INSERT INTO t VALUES ('my secret')",
        sqlMessage: "Duplicate entry 'my secret' for key 'PRIMARY'",
      }),
    );
    expect(JSON.stringify({ ...error, message: error.message, stack: error.stack })).not.toContain('my secret');
    expect(classifyMysqlError(error, true)).toMatchObject({ kind: 'unique', constraint: 'PRIMARY' });
  });

  it('survives anything that can be thrown', () => {
    for (const thrown of [undefined, null, 'text', 7, {}]) {
      expect(classifyMysqlError(thrown, true).kind).toBe('statement');
    }
  });
});
