import { describe, expect, it } from 'vitest';
import { redactText, redactValue } from './redact.ts';

const secret = 's3cr3t';

describe('redactText', () => {
  it.each([
    ['a URL', `postgres://ann:${secret}@db1:5432/chat?sslmode=disable`],
    ['a URL whose password has an @, a slash and a colon', `postgres://ann:p@/:${secret}@db1/chat`],
    ['a list', `postgres://a:${secret}@h1/db,postgres://b:${secret}@h2/db`],
    ['Go-MySQL', `ann:${secret}@tcp(db1:3306)/chat?charset=utf8mb4,utf8`],
    ['libpq', `host=db1 user=ann password=${secret} dbname=chat`],
    ['libpq, quoted', `host=db1 password='x \\' ${secret}' dbname=chat`],
    ['a URL option', `postgres://db1/chat?user=ann&password=${secret}&sslmode=require`],
    ['a bearer token', `Authorization: Bearer ${secret}abcdefghij`],
  ])('masks the secret in %s', (_name, text) => {
    expect(redactText(`cannot connect to ${text}: refused`)).not.toContain(secret);
  });

  it('keeps what helps an operator', () => {
    expect(redactText(`postgres://a:${secret}@h1/db,postgres://b:${secret}@h2:5433/db`)).toBe(
      'postgres://a:***@h1/db,postgres://b:***@h2:5433/db',
    );
    expect(redactText('read http://localhost:8065/api/v4 in 3:02 min')).toBe(
      'read http://localhost:8065/api/v4 in 3:02 min',
    );
  });
});

describe('redactValue', () => {
  it('masks members that are named like secrets, at any depth', () => {
    const clean = redactValue({ user: 'ann', options: { password: secret, SetupToken: secret, tokens: 3 } });
    expect(clean).toEqual({ user: 'ann', options: { password: '***', SetupToken: '***', tokens: 3 } });
  });

  it('prints an error with its cause and without its other members', () => {
    const cause = Object.assign(new Error(`dial postgres://a:${secret}@h/db`), {
      code: 'ECONNREFUSED',
      config: secret,
    });
    const clean = redactValue(new Error('no master', { cause }));
    expect(JSON.stringify(clean)).not.toContain(secret);
    expect(clean).toMatchObject({ message: 'no master', cause: { code: 'ECONNREFUSED' } });
  });

  it('ends at a cycle', () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(JSON.stringify(redactValue(loop))).toContain('[deep]');
  });
});
