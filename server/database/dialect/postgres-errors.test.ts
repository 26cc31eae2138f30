import { describe, expect, it } from 'vitest';
import { classifyPostgresError } from './postgres-errors.ts';

const sqlState = (code: string, severity = 'ERROR') => Object.assign(new Error(code), { code, severity });

describe('classifyPostgresError', () => {
  it.each([
    [sqlState('57P01', 'FATAL'), 'unreachable', 'unknown', true],
    [sqlState('57P03', 'FATAL'), 'unreachable', 'not-executed', true],
    [sqlState('25006'), 'not-writable', 'not-executed', true],
    [sqlState('53300', 'FATAL'), 'overload', 'not-executed', true],
    [sqlState('53100'), 'disk', 'final', false],
    [sqlState('40001'), 'conflict', 'not-executed', false],
    [sqlState('40P01'), 'conflict', 'not-executed', false],
    [sqlState('57014'), 'timeout', 'final', false],
    [sqlState('28P01', 'FATAL'), 'misconfigured', 'not-executed', true],
    [sqlState('3D000', 'FATAL'), 'misconfigured', 'not-executed', true],
    [sqlState('23505'), 'unique', 'final', false],
    [sqlState('23502'), 'statement', 'final', false],
    [sqlState('42601'), 'statement', 'final', false],
    [sqlState('08006', 'FATAL'), 'unreachable', 'unknown', true],
    [Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), 'unreachable', 'not-executed', true],
    [Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }), 'unreachable', 'not-executed', true],
    [Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }), 'unreachable', 'unknown', true],
    [Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }), 'unreachable', 'unknown', true],
    [new Error('Connection terminated unexpectedly'), 'unreachable', 'unknown', true],
    [new Error('Connection terminated due to connection timeout'), 'unreachable', 'not-executed', false],
    [new Error('timeout expired'), 'unreachable', 'not-executed', false],
    [new Error('Query read timeout'), 'unreachable', 'unknown', true],
    [new Error('Client has encountered a connection error and is not queryable'), 'unreachable', 'not-executed', true],
    [Object.assign(new Error('cert.pem'), { code: 'ENOENT' }), 'misconfigured', 'not-executed', true],
    [
      Object.assign(new Error('self-signed'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
      'misconfigured',
      'not-executed',
      true,
    ],
    [
      Object.assign(new Error('cached plan must not change result type'), { code: '0A000', severity: 'ERROR' }),
      'conflict',
      'not-executed',
      true,
    ],
    [
      Object.assign(new Error('recovery is in progress'), { code: '55000', severity: 'ERROR' }),
      'not-writable',
      'not-executed',
      true,
    ],
    [new Error('something of our own'), 'statement', 'final', false],
  ])('a write: %s', (error, kind, outcome, connectionLost) => {
    expect(classifyPostgresError(error, true)).toMatchObject({ kind, outcome, connectionLost });
  });

  it('makes an unknown outcome of a read safe to repeat', () => {
    expect(classifyPostgresError(new Error('Connection terminated unexpectedly'), false).outcome).toBe('read-safe');
  });

  it('names the violated index and shows only the first line of the message', () => {
    const error = Object.assign(new Error('duplicate key\nKey (email)=(ann@example.org) exists.'), {
      code: '23505',
      constraint: 'users_email_key',
    });
    const failure = classifyPostgresError(error, true);
    expect(failure).toMatchObject({ constraint: 'users_email_key', code: '23505', text: 'duplicate key' });
  });

  it('does not show the value that the server quotes', () => {
    const error = Object.assign(new Error('invalid input syntax for type bigint: "my secret"'), { code: '22P02' });
    expect(classifyPostgresError(error, true).text).toBe('invalid input syntax for type bigint');
  });

  it('says why none of the addresses of a host answered', () => {
    const each = ['connect ECONNREFUSED ::1:5432', 'connect ECONNREFUSED 127.0.0.1:5432'].map(
      (text) => new Error(text),
    );
    const error = Object.assign(new AggregateError(each), { code: 'ECONNREFUSED' });
    expect(classifyPostgresError(error, false)).toMatchObject({
      kind: 'unreachable',
      text: 'connect ECONNREFUSED ::1:5432, connect ECONNREFUSED 127.0.0.1:5432',
    });
  });

  it('survives anything that can be thrown', () => {
    for (const thrown of [undefined, null, 'text', 7, {}]) {
      expect(classifyPostgresError(thrown, true).kind).toBe('statement');
    }
  });
});
