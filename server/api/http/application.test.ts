import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import type { Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { errorBody, id, tokenHeader } from '../../../contract/index.ts';
import { type Causality, DatabaseError, type FailureKind, type Token } from '../../database/index.ts';
import { silentLogger } from '../../observability/index.ts';
import { defaultGrants, type ActiveSession, AppError } from '../../services/index.ts';
import { stopServer } from '../testing/stop-server.ts';
import { type ApiOptions, createApi } from './application.ts';
import { Answer, RawJson, type RouteSpec, route } from './route.ts';

const ALICE = 'a'.repeat(26);
const session: ActiveSession = {
  id: 's'.repeat(26),
  userId: ALICE,
  roles: ['system_user'],
  csrf: 'c5',
  expiresAt: 9e15,
};
const admin: ActiveSession = { ...session, roles: ['system_user', 'system_admin'] };

let server: Server | undefined;
afterEach(() => stopServer(server));

/** A causality that remembers; as the database layer's, it only goes up. */
function memory(): Causality & { token: Token | undefined } {
  return {
    token: undefined,
    raise(token) {
      if (token !== undefined && (this.token === undefined || token > this.token)) this.token = token;
    },
  };
}

async function serve(routes: RouteSpec[], options: Partial<ApiOptions> = {}) {
  const causality = memory();
  server = createApi({
    routes,
    sessions: {
      grants: () => defaultGrants,
      authenticate: (token) => (token === 'good' ? session : token === 'admin' ? Promise.resolve(admin) : undefined),
    },
    causality: { of: () => causality },
    log: silentLogger,
    versionId: () => '5.39.0.1.abc.false',
    databaseMode: () => ({ mode: 'normal', reason: '', since: 0 }),
    ...options,
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const base = `http://127.0.0.1:${port}`;
  const call = (method: string, path: string, init: RequestInit = {}) =>
    fetch(base + path, { method, ...init, headers: { authorization: 'Bearer good', ...init.headers } });
  return { port, causality, call };
}

async function refusal(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/json');
  const body = errorBody.parse(await response.json());
  expect(body.status_code).toBe(response.status);
  expect(body.request_id).toBe(response.headers.get('x-request-id'));
  return body;
}

const echo = route({ method: 'post', path: '/echo', access: 'session', body: z.unknown() }, async ({ body }) => body);
const hello = route({ method: 'get', path: '/users/:user_id', access: 'session' }, async ({ params }) => params);

describe('answers', () => {
  test('carry exactly application/json, the ids, and Expires on GET', async () => {
    const { call } = await serve([hello, echo]);
    const got = await call('GET', '/api/v4/users/me');
    expect(await got.json()).toEqual({ user_id: ALICE });
    expect(got.headers.get('content-type')).toBe('application/json');
    expect(got.headers.get('x-version-id')).toBe('5.39.0.1.abc.false');
    expect(id.safeParse(got.headers.get('x-request-id')).success).toBe(true);
    expect(got.headers.get('expires')).toBe('0');
    expect(got.headers.get('etag')).toBeNull();
    expect(got.headers.get('x-powered-by')).toBeNull();
    expect(got.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await call('POST', '/api/v4/echo', { body: '1' })).headers.get('expires')).toBeNull();
  });

  test('undefined is OK, RawJson goes out untouched, Answer sets status and headers', async () => {
    const { call } = await serve([
      route({ method: 'get', path: '/ok', access: 'public' }, async () => undefined),
      route({ method: 'get', path: '/raw', access: 'public' }, async () => new RawJson('[ 1 ]')),
      route({ method: 'post', path: '/made', access: 'public', status: 201 }, async () => 'x'),
      route(
        { method: 'get', path: '/special', access: 'public' },
        async () => new Answer({ a: 1 }, { status: 202, headers: { 'Set-Cookie': ['a=1', 'b=2'], Token: 't' } }),
      ),
    ]);
    expect(await (await call('GET', '/api/v4/ok')).text()).toBe('{"status":"OK"}');
    expect(await (await call('GET', '/api/v4/raw')).text()).toBe('[ 1 ]');
    expect((await call('POST', '/api/v4/made')).status).toBe(201);
    const special = await call('GET', '/api/v4/special');
    expect([special.status, special.headers.get('token')]).toEqual([202, 't']);
    expect(special.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  test('HEAD is answered like GET without a body', async () => {
    const { call } = await serve([hello]);
    const head = await call('HEAD', '/api/v4/users/me');
    expect([head.status, await head.text()]).toEqual([200, '']);
  });
});

describe('bodies', () => {
  test.each([
    ['no content type', '{"a":1}', undefined, { a: 1 }],
    ['text/plain', '[1]', 'text/plain', [1]],
    ['a bare number', '7', 'application/json', 7],
    ['null', 'null', 'application/json', null],
    ['empty', '', 'application/json', {}],
    ['a lone surrogate', '"a\\ud800b"', 'application/json', 'a\ufffdb'],
    ['a whole pair', '"\\ud83d\\ude00"', 'application/json', '😀'],
    ['an escaped backslash before u0000', '"\\\\u0000"', 'application/json', '\\u0000'],
  ])('%s', async (_name, text, type, expected) => {
    const { call } = await serve([echo]);
    const body = new Blob([text], type === undefined ? {} : { type });
    expect(await (await call('POST', '/api/v4/echo', { body })).json()).toEqual(expected);
  });

  test.each([
    ['{"a":x}', 400, 'position 5'],
    ['{abc', 400, 'position 1'],
    ['{"a":1}}', 400, 'position 7'],
    ['[1,2', 400, 'ends too early|position 4'],
    ['{"password":"secret" "', 400, 'position 21'],
  ])('%s is refused with the position and without quoting it', async (text, status, reason) => {
    const { call } = await serve([echo]);
    const answer = await call('POST', '/api/v4/echo', { body: text });
    const body = await refusal(answer);
    expect([body.status_code, body.id]).toEqual([status, 'api.context.invalid_body.app_error']);
    expect(body.message).toMatch(new RegExp(reason));
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  test('what is nested too deeply is refused, brackets in texts are not', async () => {
    const { call } = await serve([echo]);
    const deep = `${'['.repeat(300)}${']'.repeat(300)}`;
    const body = await refusal(await call('POST', '/api/v4/echo', { body: deep }));
    expect(body.message).toContain('nested deeper');
    const text = JSON.stringify(`${'['.repeat(500)}\\"${'{'.repeat(500)}`);
    expect((await call('POST', '/api/v4/echo', { body: text })).status).toBe(200);
  });

  test('the character NUL is refused by the name of its field', async () => {
    const { call } = await serve([echo]);
    const body = await refusal(await call('POST', '/api/v4/echo', { body: '{"a":{"b":["x\\u0000"]}}' }));
    expect(body.message).toBe('Invalid or missing a.b[0] in request body.');
  });

  test('a form or a file is 415, too much is 413 whether or not the length is told', async () => {
    const { call } = await serve([echo], { bodyLimit: 100 });
    const form = await call('POST', '/api/v4/echo', { body: new URLSearchParams('a=1') });
    expect((await refusal(form)).status_code).toBe(415);
    const long = 'x'.repeat(200);
    expect((await refusal(await call('POST', '/api/v4/echo', { body: `"${long}"` }))).status_code).toBe(413);
    const stream = new Blob([`"${long}"`]).stream();
    const chunked = await call('POST', '/api/v4/echo', { body: stream, duplex: 'half' });
    expect((await refusal(chunked)).status_code).toBe(413);
  });

  test('a body that does not fit its schema names the first bad field', async () => {
    const schema = z.object({ name: z.string(), list: z.array(z.int()).optional() });
    const { call } = await serve([
      route({ method: 'post', path: '/x', access: 'public', body: schema }, async () => 1),
    ]);
    const messages = [];
    for (const body of ['', '{}', '{"name":"a","list":[1,"b"]}', '[]', '3']) {
      messages.push((await refusal(await call('POST', '/api/v4/x', { body }))).message);
    }
    const named = (name: string) => `Invalid or missing ${name} in request body.`;
    expect(messages).toEqual(['name', 'name', 'list.1', 'body', 'body'].map(named));
  });
});

describe('who may', () => {
  const routes = [
    route({ method: 'post', path: '/mine', access: 'session' }, async ({ caller }) => caller.userId),
    route({ method: 'get', path: '/mine', access: 'session' }, async ({ caller }) => caller.userId),
    route({ method: 'get', path: '/admins', access: 'admin' }, async () => 1),
    route({ method: 'get', path: '/both', access: 'optional' }, async ({ caller }) => caller?.userId ?? 'nobody'),
  ];

  test('no session is 401, no admin is 403, optional takes both', async () => {
    const { call } = await serve(routes);
    const none = { headers: { authorization: '' } };
    expect((await refusal(await call('GET', '/api/v4/mine', none))).id).toBe('api.context.session_expired.app_error');
    expect((await refusal(await call('GET', '/api/v4/admins'))).status_code).toBe(403);
    expect((await call('GET', '/api/v4/admins', { headers: { authorization: 'token admin' } })).status).toBe(200);
    expect(await (await call('GET', '/api/v4/both', none)).json()).toBe('nobody');
    expect(await (await call('GET', '/api/v4/both')).json()).toBe(ALICE);
  });

  test('the cookie wins over the header and needs a proof for what is no GET', async () => {
    const { call } = await serve(routes);
    const withCookie = (headers: Record<string, string>) => ({
      headers: { cookie: 'x=1; MMAUTHTOKEN=good', ...headers },
    });
    expect((await call('GET', '/api/v4/mine', { headers: { cookie: 'MMAUTHTOKEN=bad' } })).status).toBe(401);
    expect((await call('GET', '/api/v4/mine', withCookie({ authorization: 'Bearer bad' }))).status).toBe(200);
    expect((await call('POST', '/api/v4/mine', withCookie({}))).status).toBe(401);
    expect((await call('POST', '/api/v4/mine', withCookie({ 'x-csrf-token': 'wrong' }))).status).toBe(401);
    expect((await call('POST', '/api/v4/mine', withCookie({ 'x-csrf-token': 'c5' }))).status).toBe(200);
    expect((await call('POST', '/api/v4/mine', withCookie({ 'x-requested-with': 'XMLHttpRequest' }))).status).toBe(200);
  });

  test('a session that cannot be looked up is 503, and a stranger for an optional route', async () => {
    const down = new DatabaseError('down', { kind: 'unreachable', outcome: 'not-executed' });
    const { call } = await serve(routes, {
      sessions: { grants: () => defaultGrants, authenticate: () => Promise.reject(down) },
    });
    expect((await refusal(await call('GET', '/api/v4/mine'))).status_code).toBe(503);
    expect(await (await call('GET', '/api/v4/both')).json()).toBe('nobody');
  });
});

describe('paths', () => {
  test('unknown is 404, a wrong method 405, nonsense 400; always JSON', async () => {
    const { call } = await serve([hello, echo]);
    for (const path of ['/api/v4/nothing', '/api/v4/users', '/api/v4', '/api', '/api/v5/users/me', '/elsewhere']) {
      expect((await refusal(await call('GET', path))).id).toBe('api.context.404.app_error');
    }
    const wrong = await call('PATCH', '/api/v4/users/me');
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET']);
    await refusal(wrong);
    expect((await refusal(await call('OPTIONS', '/api/v4/echo'))).status_code).toBe(405);
    for (const path of ['/api/v4/users/%zz', '/api/v4/users/short', '/api/v4/users/me?a=%00']) {
      expect((await refusal(await call('GET', path))).id).toBe('api.context.invalid_url_param.app_error');
    }
  });

  test('fixed segments win over parameters in whatever order the routes come', async () => {
    const at = (path: string) => route({ method: 'get', path, access: 'public' }, async () => path);
    const other = route({ method: 'post', path: '/things/:thing_id/latest', access: 'public' }, async () => 'posted');
    const { call } = await serve([at('/things/:thing_id'), at('/things/:thing_id/:kind'), other, at('/things/all')]);
    expect(await (await call('GET', '/api/v4/things/all')).json()).toBe('/things/all');
    expect(await (await call('GET', '/api/v4/things/all/?a=/b/c')).json()).toBe('/things/all');
    // Only POST has this fixed path, so GET goes on to the route with the parameter.
    expect(await (await call('GET', `/api/v4/things/${ALICE}/latest`)).json()).toBe('/things/:thing_id/:kind');
    expect(await (await call('POST', `/api/v4/things/${ALICE}/latest`)).json()).toBe('posted');
  });

  test('two routes with one method and path are refused at the start', () => {
    expect(() => createApi({ routes: [hello, hello] } as unknown as ApiOptions)).toThrow(/two routes for get/);
  });

  test.each([
    ['nonsense\r\n\r\n', 400],
    ['GET ftp://host/api/v4 HTTP/1.1\r\nHost: host\r\nConnection: close\r\n\r\n', 404],
  ])('what no client sends is answered in the error shape: %j', async (request, status) => {
    const { port } = await serve([hello]);
    const text = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(request));
      let received = '';
      socket.on('data', (chunk) => (received += chunk));
      socket.on('close', () => resolve(received));
    });
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(errorBody.parse(JSON.parse(text.split('\r\n\r\n')[1] ?? '')).status_code).toBe(status);
  });
});

describe('what is thrown', () => {
  async function thrown(error: Error, options: Partial<ApiOptions> = {}) {
    const failing = route({ method: 'get', path: '/fail', access: 'public' }, () => Promise.reject(error));
    const { call } = await serve([failing], options);
    const answer = await call('GET', '/api/v4/fail');
    return { body: await refusal(answer), retryAfter: answer.headers.get('retry-after') };
  }
  const failed = (kind: FailureKind, outcome: DatabaseError['outcome'] = 'not-executed') =>
    new DatabaseError('secret inside', { kind, outcome });

  test('an AppError keeps its id, status and Retry-After', async () => {
    const error = new AppError('api.context.rate_limited.app_error', { params: { seconds: 3 }, retryAfter: 2.2 });
    const { body, retryAfter } = await thrown(error);
    expect([body.status_code, body.message, retryAfter]).toEqual([
      429,
      'Too many requests. Try again in 3 seconds.',
      '3',
    ]);
  });

  test.each<[FailureKind, DatabaseError['outcome'], string]>([
    ['held', 'not-executed', 'api.database.switching.app_error'],
    ['unreachable', 'not-executed', 'api.database.unavailable.app_error'],
    ['not-writable', 'not-executed', 'api.database.unavailable.app_error'],
    ['disk', 'final', 'api.database.unavailable.app_error'],
    ['unreachable', 'unknown', 'api.database.outcome_unknown.app_error'],
    ['overload', 'not-executed', 'api.database.busy.app_error'],
    ['timeout', 'read-safe', 'api.database.busy.app_error'],
  ])('%s with outcome %s is 503 %s and says when to try again', async (kind, outcome, expected) => {
    const { body, retryAfter } = await thrown(failed(kind, outcome));
    expect([body.id, body.status_code, body.detailed_error]).toEqual([expected, 503, '']);
    expect(Number(retryAfter)).toBeGreaterThan(0);
  });

  test('a held write in read-only mode says why', async () => {
    const databaseMode = () => ({ mode: 'read-only' as const, reason: 'no master.', since: 1 });
    const { body } = await thrown(failed('held'), { databaseMode });
    expect(body.message).toBe('The server is in read-only mode: no master.');
  });

  test('anything else is 500, logged with the request id, its text only in developer mode', async () => {
    const lines: [string, unknown][] = [];
    const log = { ...silentLogger, error: (event: string, fields?: object) => void lines.push([event, fields]) };
    const { body } = await thrown(new TypeError('boom'), { log });
    expect([body.status_code, body.detailed_error]).toEqual([500, '']);
    expect(lines).toEqual([['http.failed', expect.objectContaining({ request_id: body.request_id, route: '/fail' })]]);
    expect((await thrown(failed('statement', 'final'))).body.status_code).toBe(500);
    expect((await thrown(new TypeError('boom'), { developer: () => true })).body.detailed_error).toBe('boom');
  });
});

describe('the causal token', () => {
  test('raises what the caller has seen, and leaves with the answer to a write', async () => {
    const save = route({ method: 'post', path: '/save', access: 'session' }, async ({ caller }) => {
      caller.causality.raise('11.1.0000000009' as Token);
    });
    const { call, causality } = await serve([hello, save]);
    await call('GET', '/api/v4/users/me', { headers: { [tokenHeader]: '11.1.0000000005' } });
    expect(causality.token).toBe('11.1.0000000005');
    expect((await call('POST', '/api/v4/save')).headers.get(tokenHeader)).toBe('11.1.0000000009');
    expect((await call('GET', '/api/v4/users/me')).headers.get(tokenHeader)).toBeNull();
    await call('GET', '/api/v4/users/me', { headers: { [tokenHeader]: '9'.repeat(1000) } });
    expect(causality.token).toBe('11.1.0000000009');
  });
});

describe('addresses', () => {
  const where = route({ method: 'get', path: '/where', access: 'public' }, async ({ address }) => address);
  const via = (value: string) => ({ headers: { 'x-forwarded-for': value } });
  const address = async (call: Awaited<ReturnType<typeof serve>>['call'], value: string) =>
    (await call('GET', '/api/v4/where', via(value))).json();

  test('are the peer’s unless a header is trusted, and nonsense in it is not believed', async () => {
    const { call } = await serve([where]);
    expect(await address(call, '203.0.113.9')).toBe('127.0.0.1');
  });

  test('come from the first trusted header that holds one', async () => {
    const names = ['X-Real-IP', 'X-Forwarded-For'];
    const { call } = await serve([where], { trustedAddressHeaders: () => names });
    expect(await address(call, '203.0.113.9, 10.0.0.1')).toBe('203.0.113.9');
    expect(await address(call, 'nonsense')).toBe('127.0.0.1');
  });

  test('that ask too often are told when to come back; others are not disturbed', async () => {
    const rateLimit = () => ({ enabled: true, perSecond: 0.001, burst: 2 });
    const names = ['X-Forwarded-For'];
    const { call } = await serve([where], { rateLimit, trustedAddressHeaders: () => names });
    const get = (value: string) => call('GET', '/api/v4/where', via(value));
    expect([(await get('203.0.113.9')).status, (await get('203.0.113.9')).status]).toEqual([200, 200]);
    const refused = await get('203.0.113.9');
    expect((await refusal(refused)).status_code).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(900);
    expect((await get('203.0.113.10')).status).toBe(200);
  });
});

test('every answer of the API is observed by its route, never by its path', async () => {
  const seen: string[] = [];
  const { call } = await serve([hello], { observe: (s) => void seen.push(`${s.method} ${s.route} ${s.status}`) });
  await call('GET', '/api/v4/users/me');
  await call('GET', '/api/v4/nothing');
  await expect.poll(() => seen).toEqual(['GET /users/:user_id 200', 'GET  404']);
});

test('paths outside of the API are handed to the plain routes, then to the webapp', async () => {
  const { call } = await serve([], {
    plain: [{ path: '/metrics', handle: (_request, response) => void response.end('m 1') }],
    web: (_request, response) => void response.end('page'),
  });
  expect(await (await call('GET', '/metrics')).text()).toBe('m 1');
  expect(await (await call('GET', '/any/where')).text()).toBe('page');
  expect((await call('GET', '/api/any')).status).toBe(404);
});
