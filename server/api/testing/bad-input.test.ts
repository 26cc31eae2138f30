import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { silentLogger } from '../../observability/index.ts';
import { createApi, type RouteSpec, route } from '../http/index.ts';
import { findBadAnswers } from './bad-input.ts';
import { sampleBody } from './sample-body.ts';
import { stopServer } from './stop-server.ts';
import { defaultGrants } from '../../services/index.ts';

let server: Server;
afterEach(() => stopServer(server));

async function problemsOf(promised: RouteSpec, mounted = promised): Promise<string[]> {
  server = createApi({
    routes: [mounted],
    sessions: {
      grants: () => defaultGrants,
      authenticate: (token) =>
        token === 'good' ? { id: '', userId: 'z', roles: [], csrf: '', expiresAt: 9e15 } : undefined,
    },
    causality: { of: () => ({ token: undefined, raise: () => undefined }) },
    log: silentLogger,
    versionId: () => '1.1.1',
    databaseMode: () => ({ mode: 'normal', reason: '', since: 0 }),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { bad } = await findBadAnswers({ base, routes: [promised], headers: { authorization: 'Bearer good' } });
  return [...new Set(bad.map(({ problem }) => problem))];
}

const body = z.object({ name: z.string().min(1).max(64), when: z.int().optional() });

test('a route that checks what it gets is found good', async () => {
  const good = route(
    { method: 'post', path: '/x/:thing_id/:name', access: 'session', body },
    async (input) => input.body,
  );
  expect(await problemsOf(good)).toEqual([]);
});

test('a route that breaks is found', async () => {
  const crashes = route(
    { method: 'post', path: '/a', access: 'public', body: z.object({ name: z.unknown() }) },
    async (input) => (input.body.name as string).length.toString(),
  );
  expect(await problemsOf(crashes)).toEqual(['a server error']);
});

test('a route that takes nonsense for good, or strangers for friends, is found', async () => {
  const strict = route({ method: 'post', path: '/b', access: 'session', body }, async () => undefined);
  const lax = route({ method: 'post', path: '/b', access: 'public' }, async () => undefined);
  // The list promises a check that the mounted route does not make.
  expect(await problemsOf(strict, lax)).toEqual(['a success for nonsense']);
});

test('samples fit the schemas that they were made from', () => {
  for (const schema of [
    body,
    z.array(body).min(1),
    z.object({ kind: z.enum(['O', 'P']), id: z.string().regex(/^[a-z0-9]{26}$/) }),
  ]) {
    expect(schema.safeParse(sampleBody(schema).value).success).toBe(true);
  }
  expect(sampleBody(z.array(body)).fields).toEqual(['name', 'when']);
});
