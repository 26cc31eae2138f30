import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DatabaseMode, type DatabaseStatus, pingResponse } from '../../../contract/index.ts';
import { createLogger, silentLogger } from '../../observability/index.ts';
import { defaultGrants, newId, SystemService } from '../../services/index.ts';
import { createHealthRoutes } from '../health/index.ts';
import { createApi } from '../http/index.ts';
import { findBadAnswers, stopServer } from '../testing/index.ts';
import { createSystemRoutes } from './index.ts';

const annToken = newId();
const adminToken = newId();
const normal: DatabaseMode = { mode: 'normal', reason: '', since: 0 };
const online = {
  sources: [{ name: 'db1:5432/chat', assigned_role: 'master', health: 'online', observed_role: 'master', cause: '' }],
} as DatabaseStatus;

let server: Server;
let base: string;
let mode: DatabaseMode;
let isEmpty: () => Promise<boolean>;
let metricsEnabled: boolean;
let developer: boolean;
let lines: string[];
const routes = () => createSystemRoutes(system);
let system: SystemService;

beforeEach(async () => {
  mode = normal;
  isEmpty = async () => false;
  metricsEnabled = true;
  developer = false;
  lines = [];
  system = new SystemService({
    settings: () => ({
      siteName: 'Holdfast',
      siteUrl: '',
      enableUserCreation: true,
      enableOpenServer: true,
      enableDeveloper: developer,
      passwordMinimumLength: 8,
      maxNotificationsPerChannel: 1_000,
      userStatusAwayTimeoutSeconds: 300,
      showEmailAddress: true,
      showFullName: true,
      enableFileAttachments: true,
      maxFileSize: 1_000,
      enablePublicLink: false,
      enableUserAccessTokens: false,
      enableBotAccountCreation: false,
      enableCustomEmoji: true,
    }),
    version: { version: '9.11.0', buildHash: 'test' },
    isEmpty: () => isEmpty(),
    usage: async () => ({ posts: 4_711, teams: 3, fileBytes: 99 }),
    databaseMode: () => mode,
    databaseStatus: () => online,
    isServing: () => true,
    logger: createLogger({ level: 'debug', format: 'json' }, (line) => lines.push(line)).logger,
  });
  server = createApi({
    routes: routes(),
    sessions: {
      grants: () => defaultGrants,
      authenticate: (token) =>
        token === annToken || token === adminToken
          ? { id: newId(), userId: newId(), roles: ['system_user'], csrf: '', expiresAt: 0 }
          : undefined,
    },
    causality: { of: () => ({ token: undefined, raise: () => {} }) },
    log: silentLogger,
    versionId: () => '9.11.0.test.0.false',
    databaseMode: () => mode,
    plain: createHealthRoutes({
      system,
      metrics: { render: async () => 'holdfast_up 1\n', contentType: 'text/plain; version=0.0.4' },
      metricsEnabled: () => metricsEnabled,
      isAdmin: async ({ headers }) => headers.authorization === `Bearer ${adminToken}`,
    }),
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => stopServer(server));

const asAnn = { authorization: `Bearer ${annToken}` };
/** What a reverse proxy on this machine adds: the request is somebody else's. */
const fromAfar = { 'x-forwarded-for': '203.0.113.7' };

async function get(path: string, headers: Record<string, string> = {}, init: RequestInit = {}) {
  const response = await fetch(`${base}${path}`, { headers, ...init });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) as unknown };
}

describe('GET /system/ping', () => {
  it('answers everybody in Mattermost shape', async () => {
    const plain = await get('/api/v4/system/ping');
    expect(plain.status).toBe(200);
    expect(pingResponse.parse(plain.json())).not.toHaveProperty('database_status');
    const detailed = await get('/api/v4/system/ping?get_server_status=true');
    expect(detailed.json()).toMatchObject({ status: 'OK', database_status: 'OK', filestore_status: 'OK' });
    const ofDevice = await get('/api/v4/system/ping?device_id=apple:1');
    expect(pingResponse.parse(ofDevice.json()).CanReceiveNotifications).toBe('false');
  });

  it('says 500 when writes are refused, or 200 to those who want REST semantics', async () => {
    mode = { mode: 'read-only', reason: 'the master is lost', since: 1 };
    expect((await get('/api/v4/system/ping')).status).toBe(200);
    const detailed = await get('/api/v4/system/ping?get_server_status=true');
    expect(detailed.status).toBe(500);
    expect(detailed.json()).toMatchObject({ status: 'UNHEALTHY', database_status: 'UNHEALTHY' });
    expect((await get('/api/v4/system/ping?get_server_status=true&use_rest_semantics=true')).status).toBe(200);
  });
});

describe('GET /config/client', () => {
  it('is short for strangers and whole with a session', async () => {
    const stranger = (await get('/api/v4/config/client?format=old')).json();
    const ann = (await get('/api/v4/config/client?format=old', asAnn)).json();
    expect(stranger).toMatchObject({ SiteName: 'Holdfast', NoAccounts: 'false' });
    expect(stranger).not.toHaveProperty('MaxPostSize');
    expect(ann).toMatchObject({ MaxPostSize: '16383' });
  });

  it('says whether there are accounts, and sends nobody to the set-up page while no database answers', async () => {
    const noAccounts = async () => ((await get('/api/v4/config/client')).json() as { NoAccounts: string }).NoAccounts;
    isEmpty = () => Promise.reject(new Error('down'));
    expect(await noAccounts()).toBe('false');
    isEmpty = async () => true;
    expect(await noAccounts()).toBe('true');
    isEmpty = async () => false;
    expect(await noAccounts()).toBe('false');
  });
});

describe('the other calls of a starting client', () => {
  it.each([
    ['/license/client?format=old', { IsLicensed: 'false' }],
    ['/plugins/webapp', []],
    ['/custom_profile_attributes/fields', []],
    ['/usage/posts', { count: 4_000 }],
    ['/usage/storage', { bytes: 99 }],
    ['/usage/teams', { active: 3, cloud_archived: 0 }],
    ['/redirect_location?url=https%3A%2F%2Fexample.com', { location: '' }],
  ])('GET %s', async (path, expected) => {
    const answer = await get(`/api/v4${path}`, asAnn);
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual(expected);
    expect(answer.headers.get('content-type')).toBe('application/json');
  });

  it.each([
    ['GET', '/users/me/terms_of_service', 404, 'app.user_terms_of_service.get_by_user.no_rows.app_error'],
    ['POST', '/opengraph', 501, 'api.post.link_preview_disabled.app_error'],
  ])('%s %s is refused, by strangers not even that', async (method, path, status, id) => {
    const answer = await get(`/api/v4${path}`, asAnn, { method, headers: asAnn });
    expect([answer.status, (answer.json() as { id: string }).id]).toEqual([status, id]);
    expect((await get(`/api/v4${path}`, {}, { method })).status).toBe(401);
  });

  it('time zones are names that this machine knows', async () => {
    const zones = (await get('/api/v4/system/timezones', asAnn)).json() as string[];
    expect(zones).toContain('Europe/Berlin');
  });

  it('a client may write into the log, cut and without secrets', async () => {
    const message = `cannot reach postgres://ann:s3cr3t@db/chat ${'x'.repeat(3_000)}`;
    const body = JSON.stringify({ level: 'ERROR', message });
    const answer = await get('/api/v4/logs', asAnn, { method: 'POST', body, headers: asAnn });
    expect(answer.status).toBe(200);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'debug', event: 'client.reported' });
    expect(lines[0]).not.toContain('s3cr3t');
    expect(lines[0]?.length).toBeLessThan(600);
  });

  it('an error that a client reports counts as one on the server of a developer, where strangers may report as well', async () => {
    const body = JSON.stringify({ level: 'ERROR', message: 'x' });
    const report = async (headers: Record<string, string>) =>
      (await get('/api/v4/logs', headers, { method: 'POST', body, headers })).status;
    expect(await report({})).toBe(403);
    developer = true;
    expect([await report({}), await report(asAnn)]).toEqual([200, 200]);
    expect(lines.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(['error', 'error']);
  });

  it('all of them answer any input with a proper refusal', async () => {
    const { bad, sent } = await findBadAnswers({ base, routes: routes(), headers: asAnn });
    expect(bad).toEqual([]);
    expect(sent).toBeGreaterThan(50);
  });
});

describe('GET /health', () => {
  it('is alive while the process answers, and ready while it can write', async () => {
    expect(await get('/health/live')).toMatchObject({ status: 200, text: '{"status":"OK"}' });
    expect((await get('/health/ready')).json()).toMatchObject({ status: 'OK', mode: 'normal', reasons: [] });
  });

  it('says why it is not ready; hosts only to this machine', async () => {
    mode = { mode: 'read-only', reason: 'db1:5432/chat is lost', since: 9 };
    const here = await get('/health/ready');
    expect(here.status).toBe(503);
    expect(here.headers.get('retry-after')).toBe('2');
    expect(here.json()).toMatchObject({ mode: 'read-only', since: 9 });
    expect(here.text).toContain('db1:5432/chat');
    const there = await get('/health/ready', fromAfar);
    expect(there.status).toBe(503);
    expect(there.text).toContain('read-only mode');
    expect(there.text).not.toContain('db1');
    expect((await get('/health/live')).status).toBe(200);
  });
});

describe('GET /metrics', () => {
  it('is for this machine and for admins', async () => {
    expect(await get('/metrics')).toMatchObject({ status: 200, text: 'holdfast_up 1\n' });
    expect((await get('/metrics', fromAfar)).status).toBe(403);
    expect((await get('/metrics', { ...fromAfar, ...asAnn })).status).toBe(403);
    expect((await get('/metrics', { ...fromAfar, authorization: `Bearer ${adminToken}` })).status).toBe(200);
  });

  it('is off when the setting says so', async () => {
    metricsEnabled = false;
    expect((await get('/metrics')).status).toBe(404);
  });
});
