import { describe, expect, it } from 'vitest';
import { AppError, isTransient } from './app-error.ts';
import { createHttp } from './http.ts';

interface Seen {
  address: string;
  headers: Record<string, string>;
  body: unknown;
}

function setUp(answer: () => Promise<Response> | Response) {
  const seen: Seen[] = [];
  const tokens: string[] = [];
  let signedOut = 0;
  const http = createHttp({
    fetch: async (address, init) => {
      seen.push({ address: String(address), headers: init?.headers as Record<string, string>, body: init?.body });
      init?.signal?.throwIfAborted();
      return answer();
    },
    csrf: () => 'csrf1',
    token: { get: () => tokens.at(-1) ?? '', keep: (token) => tokens.push(token) },
    onSignedOut: () => {
      signedOut += 1;
    },
  });
  return { http, seen, tokens, signedOut: () => signedOut };
}

const refusal = (status: number, id: string, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify({ id, message: 'No.', detailed_error: '', request_id: 'r1', status_code: status }), {
    status,
    headers,
  });
const failure = (promise: Promise<unknown>): Promise<AppError> =>
  promise.then(
    () => Promise.reject(new Error('it succeeded')),
    (error: unknown) => error as AppError,
  );

describe('createHttp', () => {
  it('sends the headers that the server asks for and keeps the causal token', async () => {
    const { http, seen } = setUp(() => new Response('{"a":1}', { headers: { 'X-Holdfast-Token': 'c.1.5' } }));
    await expect(
      http({ method: 'POST', path: '/posts', body: { x: 1 }, query: { page: 0, none: undefined } }),
    ).resolves.toEqual({ a: 1 });
    await http({ path: '/users/me' });
    expect(seen[0]).toEqual({
      address: '/api/v4/posts?page=0',
      headers: { 'X-Requested-With': 'XMLHttpRequest', 'Content-Type': 'application/json', 'X-CSRF-Token': 'csrf1' },
      body: '{"x":1}',
    });
    expect(seen[1]?.headers['X-Holdfast-Token']).toBe('c.1.5');
  });

  it('reads a refusal, with the time to wait', async () => {
    const { http } = setUp(() => refusal(503, 'api.database.switching.app_error', { 'Retry-After': '2' }));
    const error = await failure(http({ path: '/x' }));
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ id: 'api.database.switching.app_error', status: 503, message: 'No.', retryAfter: 2 });
    expect(isTransient(error)).toBe(true);
  });

  it("survives a proxy's HTML page", async () => {
    const { http } = setUp(() => new Response('<html>Bad gateway</html>', { status: 502 }));
    expect(await failure(http({ path: '/x' }))).toMatchObject({ status: 502 });
    const broken = setUp(() => new Response('<html>hello</html>'));
    expect(await failure(broken.http({ path: '/x' }))).toMatchObject({ status: 200, id: 'client.unreadable_answer' });
  });

  it('tells of an ended session, but not of a wrong password', async () => {
    const ended = setUp(() => refusal(401, 'api.context.session_expired.app_error'));
    await failure(ended.http({ path: '/x' }));
    expect(ended.signedOut()).toBe(1);
    const wrong = setUp(() => refusal(401, 'api.user.login.invalid_credentials_email_username'));
    await failure(wrong.http({ path: '/x' }));
    expect(wrong.signedOut()).toBe(0);
  });

  it('has status 0 for no answer and for a late one', async () => {
    const { http } = setUp(() => Promise.reject(new TypeError('fetch failed')));
    const error = await failure(http({ path: '/x' }));
    expect(error).toMatchObject({ status: 0, id: 'client.no_answer' });
    expect(isTransient(error)).toBe(true);
    const late = setUp(() => new Promise<Response>((_, reject) => setTimeout(() => reject(new Error('aborted')), 30)));
    expect(await failure(late.http({ path: '/x', timeout: 5 }))).toMatchObject({ status: 0, id: 'client.timed_out' });
  });
});
