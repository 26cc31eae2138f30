import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { silentLogger } from '../../observability/index.ts';
import { defaultGrants } from '../../services/index.ts';
import { createApi, type RouteSpec } from '../http/index.ts';
import { stopServer } from './stop-server.ts';

export interface MemoryAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: unknown;
}

/** Routes on a real server, with sessions of an admin, a manager and a user, and no database. */
export interface MemoryApi {
  readonly base: string;
  call(
    who: 'admin' | 'manager' | 'user' | 'nobody',
    method: string,
    path: string,
    body?: unknown,
  ): Promise<MemoryAnswer>;
  stop(): Promise<void>;
}

const further: Readonly<Record<string, readonly string[]>> = {
  admin: ['system_admin'],
  manager: ['system_manager'],
  user: [],
};

export async function startMemoryApi(routes: readonly RouteSpec[]): Promise<MemoryApi> {
  const session = { id: 's'.repeat(26), userId: 'u'.repeat(26), csrf: 'c', expiresAt: 9e15 };
  const server: Server = createApi({
    routes,
    sessions: {
      grants: () => defaultGrants,
      authenticate: (token) => {
        const roles = further[token];
        return roles && { ...session, roles: ['system_user', ...roles] };
      },
    },
    causality: { of: () => ({ token: undefined, raise: () => undefined }) },
    log: silentLogger,
    versionId: () => 'test',
    databaseMode: () => ({ mode: 'normal', reason: '', since: 0 }),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    base,
    async call(who, method, path, body) {
      const headers = {
        'content-type': 'application/json',
        ...(who === 'nobody' ? {} : { authorization: `Bearer ${who}` }),
      };
      const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      const response = await fetch(`${base}/api/v4${path}`, init);
      const text = await response.text();
      const isJson = response.headers.get('content-type') === 'application/json';
      return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
    },
    stop: () => stopServer(server),
  };
}
