import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { z } from 'zod';
import {
  configComparisonResponse,
  configRestoreResponse,
  configStatus,
  databaseEvent,
  databaseHistory,
  databaseStatus,
  dataSourceStatus,
  errorBody,
  logPage,
  operation,
  recycleResponse,
  reloadResponse,
  sourceError,
  switchoverResponse,
  testResponse,
} from '../../../contract/index.ts';
import { type ConsoleService, openConsole } from '../../console/index.ts';
import {
  createRecordingPublisher,
  createScriptedConfig,
  createScriptedControl,
  sourceOf,
} from '../../console/testing/index.ts';
import { silentLogger } from '../../observability/index.ts';
import { defaultGrants, type ActiveSession, newId } from '../../services/index.ts';
import { createApi } from '../http/index.ts';
import { findBadAnswers, stopServer } from '../testing/index.ts';
import { createConsoleRoutes } from './console-routes.ts';

const user: ActiveSession = {
  id: 's'.repeat(26),
  userId: 'u'.repeat(26),
  roles: ['system_user'],
  csrf: 'c',
  expiresAt: 9e15,
};
const admin: ActiveSession = { ...user, roles: ['system_user', 'system_admin'] };

const lines = [0, 1].map((id) => ({
  id,
  line: JSON.stringify({ level: 'info', time: '2026-01-01T00:00:00.000Z', url: 'http://a', event: `line ${id}` }),
}));

let folder = '';
let config = createScriptedConfig();
let control = createScriptedControl();
let service: ConsoleService;
let server: Server;
let base = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-console-api-'));
  config = createScriptedConfig();
  control = createScriptedControl();
  service = await openConsole({
    config,
    control,
    publisher: createRecordingPublisher(),
    logger: silentLogger,
    logs: { recentLogs: (after = -1) => lines.filter(({ id }) => id > after) },
    dataFolder: folder,
    findUsername: async () => 'ann',
    newId,
  });
  server = createApi({
    routes: createConsoleRoutes(service),
    sessions: {
      grants: () => defaultGrants,
      authenticate: (token) => (token === 'admin' ? admin : token === 'user' ? user : undefined),
    },
    causality: { of: () => ({ token: undefined, raise: () => undefined }) },
    log: silentLogger,
    versionId: () => 'test',
    databaseMode: () => ({ mode: 'normal', reason: '', since: 0 }),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await stopServer(server);
  await service.close();
  await rm(folder, { recursive: true });
});

const call = (method: string, path: string, token = 'admin', body?: unknown): Promise<Response> =>
  fetch(`${base}/api/v4${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

async function answerOf<S extends z.ZodType>(schema: S, method: string, path: string): Promise<z.output<S>> {
  const response = await call(method, path);
  expect(response.status).toBe(200);
  return schema.parse(await response.json());
}

/** Ends the next recycle as soon as it begins. */
async function endNextRecycle(...result: Parameters<(typeof control.recycles)[number]['end']>): Promise<void> {
  const recycle = await vi.waitUntil(() => control.recycles.at(-1));
  recycle.end(...result);
}

describe('the answers fit the contract', () => {
  test('of the configuration', async () => {
    await answerOf(configStatus, 'GET', '/config/status');
    expect(await answerOf(reloadResponse, 'POST', '/config/reload')).toMatchObject({ status: 'OK', dry_run: false });
    expect(await answerOf(reloadResponse, 'POST', '/config/reload?dry_run=true')).toMatchObject({ dry_run: true });
    const { sha } = config.running();
    expect(await answerOf(configComparisonResponse, 'GET', `/config/versions/${sha}/changes`)).toMatchObject({
      to: sha,
    });
    const restored = await call('POST', `/config/versions/${sha}/restore`, 'admin', { on_disk: sha });
    expect(configRestoreResponse.parse(await restored.json())).toEqual({ status: 'OK', sha });
    expect(await (await call('GET', '/config')).json()).toEqual({ SqlSettings: { DriverName: 'postgres' } });
    const overrides = await (await call('GET', '/config/environment')).json();
    expect(overrides).toEqual({ SqlSettings: { DataSource: true } });
  });

  test('of the databases', async () => {
    await answerOf(databaseStatus, 'GET', '/database/status');
    await answerOf(testResponse, 'POST', '/database/test');
    const planned = await answerOf(recycleResponse, 'POST', '/database/recycle?dry_run=true');
    expect([planned.plan?.possible, planned.operation]).toEqual([true, null]);
    const [recycled] = await Promise.all([answerOf(recycleResponse, 'POST', '/database/recycle'), endNextRecycle()]);
    expect(recycled).toMatchObject({ status: 'OK', operation: { outcome: 'succeeded', actor: 'ann' } });
    const operations = await answerOf(operation.array(), 'GET', '/database/operations');
    expect(await answerOf(operation, 'GET', `/database/operations/${operations[0]?.id}`)).toEqual(operations[0]);
    expect(await answerOf(databaseEvent.array(), 'GET', '/database/events?after=0&limit=1')).toHaveLength(1);
  });
});

test('a recycle takes the name that an override needs, and no body at all, whatever its type', async () => {
  const wrong = await call('POST', '/database/recycle', 'admin', { override: 'pg-z:1/x' });
  expect([wrong.status, errorBody.parse(await wrong.json()).id]).toEqual([
    400,
    'api.database.recycle_override.app_error',
  ]);
  expect((await call('POST', '/database/recycle', 'admin', { override: 1 })).status).toBe(400);
  const name = 'pg-a:5432/holdfast';
  const [right] = await Promise.all([call('POST', '/database/recycle', 'admin', { override: name }), endNextRecycle()]);
  expect([right.status, control.recycles.map(({ override }) => override)]).toEqual([200, [name]]);
  const headers = { authorization: 'Bearer admin', 'content-type': 'application/x-www-form-urlencoded' };
  const dry = await fetch(`${base}/api/v4/database/recycle?dry_run=true`, { method: 'POST', headers });
  expect(dry.status).toBe(200);
});

test('one data source is tested by its name, and a stranger is a 404', async () => {
  const { reports } = await answerOf(testResponse, 'POST', '/database/test?source=pg-a:5432/holdfast');
  expect(reports.map(({ name }) => name)).toEqual(['pg-a:5432/holdfast']);
  expect((await call('POST', '/database/test?source=pg-z')).status).toBe(404);
});

test('errors, history and log lines are there to be looked at', async () => {
  const errors = await answerOf(sourceError.array(), 'GET', '/database/errors?source=pg-a:5432/holdfast');
  expect(errors).toEqual([{ at: 8, text: 'deadlock detected' }]);
  expect((await call('GET', '/database/errors?source=pg-z')).status).toBe(404);
  expect(await answerOf(databaseHistory, 'GET', '/database/history')).toMatchObject({ range: '15m', step_ms: 5_000 });
  expect((await call('GET', '/database/history?range=1y')).status).toBe(400);
  const page = await answerOf(logPage, 'GET', '/logs/lines?after=0');
  expect(page.lines).toMatchObject([{ id: 1, level: 'info', event: 'line 1', fields: { url: 'http://a' } }]);
});

test('a replica leaves the rotation and returns; the event names who did it', async () => {
  const source = 'pg-b:5432/holdfast';
  control.sources = [sourceOf({ taken_out: { by: 'ann', at: 5 } })];
  const out = await call('POST', '/database/rotation', 'admin', { source, in: false });
  expect(dataSourceStatus.parse(await out.json()).taken_out?.by).toBe('ann');
  await call('POST', '/database/rotation', 'admin', { source, in: true });
  expect(control.rotations).toEqual([
    { name: source, by: 'ann', acceptLast: false },
    { name: source, by: null, acceptLast: false },
  ]);
  const events = await answerOf(databaseEvent.array(), 'GET', '/database/events');
  expect(events).toMatchObject([
    { kind: 'taken_out', severity: 'warning', source, actor: 'ann' },
    { kind: 'put_back', severity: 'info', source, actor: 'ann' },
  ]);
});

test.each([
  ['unknown', 404],
  ['master', 400],
  ['last', 409],
] as const)('a change of the rotation that is refused (%s) says why and is no event', async (result, status) => {
  control.rotation = result;
  const answer = await call('POST', '/database/rotation', 'admin', { source: 'pg-b', in: false });
  expect(answer.status).toBe(status);
  expect(errorBody.parse(await answer.json()).message).toContain('pg-b');
  expect(await answerOf(databaseEvent.array(), 'GET', '/database/events')).toEqual([]);
});

test('a failed reload and a failed recycle are refusals that say why', async () => {
  config.breakFile('line 3, column 7: a comma is missing');
  const reload = await call('POST', '/config/reload');
  expect(reload.status).toBe(400);
  expect(errorBody.parse(await reload.json()).message).toBe(
    'Reload unsuccessful: line 3, column 7: a comma is missing. The running configuration was not changed.',
  );

  const [recycle] = await Promise.all([
    call('POST', '/database/recycle'),
    endNextRecycle({ outcome: 'failed-nothing-changed', summary: 'pg-b refused the password. Nothing changed.' }),
  ]);
  expect(recycle.status).toBe(409);
  expect(errorBody.parse(await recycle.json()).message).toBe(
    'Recycling unsuccessful: pg-b refused the password. Nothing changed.',
  );
});

describe('a switchover', () => {
  const name = 'pg-b:5432/holdfast';
  const ask = (query = '', body: unknown = { name }) => call('POST', `/database/switchover${query}`, 'admin', body);
  const begun = () => vi.waitUntil(() => control.switchovers.at(-1));

  test('as a dry run gives the plan', async () => {
    const planned = switchoverResponse.parse(await (await ask('?dry_run=true')).json());
    expect(planned).toMatchObject({ dry_run: true, operation: null, plan: { to: name, possible: true } });
    expect(control.switchovers).toEqual([]);
  });

  test('ends with the operation', async () => {
    const answering = ask();
    (await begun()).end();
    const { operation: ended } = switchoverResponse.parse(await (await answering).json());
    expect(ended).toMatchObject({ kind: 'switchover', outcome: 'succeeded', actor: 'ann' });
  });

  test('tells by the id of its error whether anything changed', async () => {
    const untouched = ask();
    (await begun()).end({ outcome: 'failed-nothing-changed', summary: 'It lags.' });
    const refusal = await untouched;
    expect([refusal.status, errorBody.parse(await refusal.json()).message]).toEqual([
      409,
      'Switchover unsuccessful: It lags.',
    ]);
    const changed = ask();
    const second = await vi.waitUntil(() => control.switchovers[1]);
    second.end({ outcome: 'failed-after-switch', summary: 'It died.' });
    const failure = await changed;
    expect([failure.status, errorBody.parse(await failure.json()).id]).toEqual([
      500,
      'api.database.switchover_incomplete.app_error',
    ]);
  });

  test('can be cancelled while it runs, and only then', async () => {
    const answering = ask();
    const running = await begun();
    const [{ id } = { id: '' }] = operation.array().parse(await (await call('GET', '/database/operations')).json());
    expect((await call('POST', `/database/operations/${id}/cancel`)).status).toBe(200);
    expect(running.signal?.aborted).toBe(true);
    running.end({ outcome: 'cancelled', summary: 'Nothing changed.' });
    expect((await answering).status).toBe(409);
    expect((await call('POST', `/database/operations/${id}/cancel`)).status).toBe(409);
  });

  test.each([[null], [{}], [{ name: '' }], [{ name: 7 }], [{ name: 'x', emergency: 'yes' }], [[]], ['x']])(
    'with the body %j is refused',
    async (body) => {
      expect((await ask('', body)).status).toBe(400);
      expect(control.switchovers).toEqual([]);
    },
  );
});

test('every route is for system admins only', async () => {
  for (const { definition } of createConsoleRoutes(service)) {
    const path = definition.path.replace(':operation_id', 'o'.repeat(26)).replace(':sha', 'f'.repeat(64));
    const method = definition.method.toUpperCase();
    expect([path, (await call(method, path, 'user')).status]).toEqual([path, 403]);
    expect([path, (await call(method, path, 'nobody')).status]).toEqual([path, 401]);
  }
  expect(control.recycles).toEqual([]);
});

test('bad input gets a clear refusal', async () => {
  expect((await call('GET', `/database/operations/${'o'.repeat(26)}`)).status).toBe(404);
  expect((await call('GET', '/database/events?after=soon')).status).toBe(400);
  expect((await call('GET', '/config/versions/..%2F..%2Fetc/changes')).status).toBe(404);
  expect((await call('POST', `/config/versions/${'f'.repeat(64)}/restore`, 'admin', {})).status).toBe(400);
  const { bad, sent } = await findBadAnswers({
    base,
    routes: createConsoleRoutes(service),
    headers: { authorization: 'Bearer admin' },
    // A scripted operation ends only when the test says so.
    skip: ({ definition }) => ['/database/recycle', '/database/switchover'].includes(definition.path),
  });
  expect(bad).toEqual([]);
  expect(sent).toBeGreaterThan(50);
});
