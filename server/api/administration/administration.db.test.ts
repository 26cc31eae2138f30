import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '../../../contract/index.ts';
import { type TestPerson } from '../testing/index.ts';
import { type AdministrationApi, openAdministrationApi } from './testing/administration-api.ts';

let open: AdministrationApi;
let root: TestPerson;
let ann: TestPerson;

beforeAll(async () => {
  open = await openAdministrationApi();
  root = await open.api.person('root');
  ann = await open.api.person('ann');
});
afterAll(() => open?.stop());
beforeEach(() => {
  open.administration.load.end();
  open.restricted.now = false;
});

const ask = async <T>(method: string, path: string, body?: unknown, who: TestPerson = root): Promise<T> => {
  const answer = await open.api.call(who, method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body as T;
};
const refusal = async (method: string, path: string, body?: unknown, who: TestPerson = root) => {
  const answer = await open.api.call(who, method, path, body);
  return [answer.status, answer.error.id];
};

describe('figures', () => {
  type Figures = { name: string; value: number }[];
  const valueOf = (figures: Figures, name: string) => figures.find((each) => each.name === name)?.value;

  it('are those of the server, with what is open at the moment', async () => {
    const figures = await ask<Figures>('GET', '/analytics/old');
    expect(valueOf(figures, 'unique_user_count')).toBe(2);
    expect(valueOf(figures, 'total_websocket_connections')).toBe(3);
    expect(figures.map(({ name }) => name)).toContain('monthly_active_users');
    const extra = await ask<Figures>('GET', '/analytics/old?name=extra_counts');
    expect([valueOf(extra, 'session_count'), valueOf(extra, 'hashtag_post_count')]).toEqual([2, -1]);
    for (const name of ['post_counts_day', 'user_counts_with_posts_day', 'bot_post_counts_day'])
      expect(await ask('GET', `/analytics/old?name=${name}&team_id=${'t'.repeat(26)}`)).toEqual([]);
    expect(await refusal('GET', '/analytics/old?name=nonsense')).toEqual([
      400,
      'api.context.invalid_url_param.app_error',
    ]);
  });

  it('and reports of users are for those who look after them', async () => {
    expect(await ask('GET', '/users/stats/filtered?roles=system_admin')).toEqual({ total_users_count: 1 });
    const [first, ...others] = await ask<{ id: string; last_login: number; email: string }[]>(
      'GET',
      '/reports/users?sort_column=CreateAt&page_size=1',
    );
    expect([first?.id, others]).toEqual([root.user.id, []]);
    expect(first?.last_login).toBeGreaterThan(0);
    const at = `from_id=${root.user.id}&from_column_value=${root.user.create_at}`;
    const next = await ask<{ id: string }[]>('GET', `/reports/users?sort_column=CreateAt&${at}`);
    expect(next.map(({ id }) => id)).toEqual([ann.user.id]);
    expect(await ask('GET', '/reports/users/count?search_term=ann')).toBe(1);
    expect(await refusal('GET', '/reports/users?sort_column=password')).toEqual([
      400,
      'api.context.invalid_url_param.app_error',
    ]);
  });
});

describe('audits', () => {
  const audits = async (path: string, who = root) => {
    await open.administration.audits.flush();
    const found = await ask<{ action: string; extra_info: string; user_id: string }[]>('GET', path, undefined, who);
    return found.map(({ action, extra_info, user_id }) => [action, extra_info, user_id]);
  };

  it('tell who signed in and out, who failed to, and what administrators did', async () => {
    const ben = await open.api.person('ben');
    const login = { login_id: ben.user.username, password: 'wrong password' };
    expect((await open.api.call(undefined, 'POST', '/users/login', login)).status).toBe(401);
    await ask('PUT', `/users/${ben.user.id}/roles`, { roles: 'system_user system_admin' });
    expect((await refusal('PUT', `/users/${ben.user.id}/roles`, { roles: 'nonsense' }))[0]).toBe(400);
    await ask('POST', '/users/logout', undefined, ben);
    expect(await audits(`/users/${ben.user.id}/audits`)).toEqual([
      ['/api/v4/users/logout', 'success', ben.user.id],
      [
        '/api/v4/users/login',
        `fail - api.user.login.invalid_credentials_email_username; login_id=${ben.user.username}`,
        ben.user.id,
      ],
      ['/api/v4/users/login', 'success', ben.user.id],
    ]);
    const all = await audits('/audits?per_page=200');
    expect(all).toContainEqual([`/api/v4/users/${ben.user.id}/roles`, 'success', root.user.id]);
    expect(all.filter(([action]) => action?.endsWith('/roles'))).toHaveLength(2);
    expect(JSON.stringify(all)).not.toContain('wrong password');
  });

  it('are everybody’s own, and those of others for who may edit them', async () => {
    expect(await audits('/users/me/audits', ann)).toMatchObject([['/api/v4/users/login', 'success', ann.user.id]]);
    expect(await refusal('GET', `/users/${root.user.id}/audits`, undefined, ann)).toEqual([
      403,
      'api.context.permissions.app_error',
    ]);
  });
});

describe('jobs', () => {
  it('are done, and tell what came out', async () => {
    const made = await open.api.call(root, 'POST', '/jobs', { type: 'integrity' });
    expect([made.status, (made.body as Job).status]).toEqual([201, 'pending']);
    await open.administration.jobs.work();
    const { id } = made.body as Job;
    expect(await ask('GET', `/jobs/${id}`)).toMatchObject({ status: 'success', progress: 100, data: { found: '0' } });
    const tidy = await ask<Job>('POST', '/jobs', { type: 'tidy', data: { why: 'test' } });
    await open.administration.jobs.work();
    expect(await ask('GET', '/jobs/type/tidy')).toMatchObject([{ id: tidy.id, data: { why: 'test', audits: '0' } }]);
    expect((await ask<Job[]>('GET', '/jobs')).map((job) => job.id)).toEqual([tidy.id, id]);
    expect(await ask('GET', '/jobs?job_type=ldap_sync')).toEqual([]);
    expect((await refusal('POST', `/jobs/${id}/cancel`))[0]).toBe(400);
    await ask('PATCH', `/jobs/${id}/status`, { status: 'pending', force: true });
    await open.administration.jobs.work();
    expect(await ask('GET', `/jobs/${id}`)).toMatchObject({ status: 'success' });
  });

  it('of another type are refused', async () => {
    expect(await refusal('POST', '/jobs', { type: 'nonsense' })).toEqual([
      400,
      'api.job.unable_to_create_job.incorrect_job_type.app_error',
    ]);
    expect((await refusal('POST', '/jobs', { type: 'constructor' }))[0]).toBe(400);
    expect(await refusal('POST', '/jobs', { type: 'ldap_sync' })).toEqual([501, 'api.job.not_available.app_error']);
    expect(await refusal('GET', '/jobs/type/nonsense')).toEqual([400, 'api.job.retrieve.nopermissions']);
    expect(await refusal('GET', `/jobs/${'z'.repeat(26)}`)).toEqual([404, 'app.job.get.app_error']);
  });
});

describe('the server', () => {
  it('refuses while it is busy what people can do without, and nothing else', async () => {
    await ask('POST', '/server_busy?seconds=60');
    expect(await ask('GET', '/server_busy')).toMatchObject({ busy: true });
    for (const [method, path, body] of [
      ['POST', '/users/search', { term: 'ann' }],
      ['GET', '/users/autocomplete?name=a', undefined],
    ] as const) {
      const refused = await open.api.call(ann, method, path, body);
      expect([refused.status, refused.error.id, refused.headers.get('retry-after')]).toEqual([
        503,
        'api.context.server_busy.app_error',
        '60',
      ]);
    }
    expect((await open.api.call(ann, 'GET', '/users/me')).status).toBe(200);
    open.clock.now += 60_000;
    expect(await ask('GET', '/server_busy')).toEqual({ busy: false, expires: 0, expires_ts: '' });
    await ask('POST', '/server_busy');
    await ask('DELETE', '/server_busy');
    expect((await open.api.call(ann, 'GET', '/users/autocomplete?name=a')).status).toBe(200);
    expect((await refusal('POST', '/server_busy?seconds=0'))[0]).toBe(400);
  });

  it('forgets what it keeps in memory, unless the admin is restricted', async () => {
    await ask('POST', '/caches/invalidate');
    expect(open.forgotten).toEqual(['sessions', 'chat', 'roles', 'memberships']);
    open.restricted.now = true;
    expect(await refusal('POST', '/caches/invalidate')).toEqual([403, 'api.restricted_system_admin']);
    expect(open.forgotten).toHaveLength(4);
  });

  it('looks whether its parts work', async () => {
    const integrity = await ask<{ data: { records: unknown[] }; err: string }[]>('POST', '/integrity');
    expect(integrity.flatMap(({ data, err }) => [...data.records, ...(err === '' ? [] : [err])])).toEqual([]);
    expect(await ask('POST', '/file/test', {})).toEqual({ status: 'OK' });
    expect(await ask('POST', '/file/s3_test', { FileSettings: { DriverName: 'local' } })).toEqual({ status: 'OK' });
    expect((await refusal('POST', '/file/s3_test', { FileSettings: { DriverName: 'amazons3' } }))[0]).toBe(501);
    const schema = await ask<{ version: number }[]>('GET', '/system/schema/version');
    expect(schema.map(({ version }) => version)).toEqual(schema.map((_, at) => at + 1));
  });

  it('packs what somebody needs who helps', async () => {
    const url = `${open.api.base}/api/v4/system/support_packet`;
    const response = await fetch(url, { headers: root.headers });
    expect(response.headers.get('content-type')).toBe('application/zip');
    const names = Buffer.from(await response.arrayBuffer())
      .toString('latin1')
      .match(/(config|database)\.json|holdfast\.log/g);
    expect(new Set(names)).toEqual(new Set(['config.json', 'database.json', 'holdfast.log']));
    expect((await fetch(url, { headers: ann.headers })).status).toBe(403);
    // It has the whole configuration, also what such an admin is not shown by GET /config.
    const roles = `/users/${ann.user.id}/roles`;
    await ask('PUT', roles, { roles: 'system_user system_manager system_read_only_admin' });
    const answer = await fetch(url, { headers: ann.headers });
    await ask('PUT', roles, { roles: 'system_user' });
    expect(answer.status).toBe(403);
  });

  it('takes an address as that of its user, and says so to everybody', async () => {
    const path = `/users/${ann.user.id}/email/verify/member`;
    expect(await ask('POST', path)).toMatchObject({ id: ann.user.id, email_verified: true });
    const told = open.api.events.filter(({ event, to }) => event === 'user_updated' && to.user_id === ann.user.id);
    expect(told.at(-1)?.data).toMatchObject({ user: { email_verified: true } });
    expect((await refusal('POST', path, undefined, ann))[0]).toBe(403);
    expect((await refusal('POST', path.replace(ann.user.id, 'z'.repeat(26))))[0]).toBe(404);
  });

  it('signs everybody out', async () => {
    const admin = await open.api.login(root.user.username);
    expect((await refusal('POST', '/users/sessions/revoke/all', undefined, ann))[0]).toBe(403);
    await ask('POST', '/users/sessions/revoke/all', undefined, admin);
    for (const who of [admin, ann]) expect((await open.api.call(who, 'GET', '/users/me')).status).toBe(401);
    root = await open.api.login(root.user.username);
    ann = await open.api.login(ann.user.username);
  });
});

describe('POST /site_url/test', () => {
  let other: Server;
  let status = 200;
  const asked: string[] = [];
  beforeAll(async () => {
    other = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(status, { location: 'http://169.254.169.254/' }).end();
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => other.close(resolve)));

  it('says whether this server answers there, follows nothing and takes no other address', async () => {
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    expect(await ask('POST', '/site_url/test', { site_url: `${url}/chat/` })).toEqual({ status: 'OK' });
    expect(asked).toEqual(['/chat/api/v4/system/ping']);
    status = 302;
    expect(await refusal('POST', '/site_url/test', { site_url: url })).toEqual([
      400,
      'app.admin.test_site_url.failure',
    ]);
    for (const site_url of ['http://127.0.0.1:1', 'file:///etc/passwd', 'http://u:p@x', '', 'x'])
      expect((await refusal('POST', '/site_url/test', { site_url }))[0]).toBe(400);
    expect((await refusal('POST', '/site_url/test', { site_url: url }, ann))[0]).toBe(403);
  });
});

it('what is not here is empty or refused, for admins; nobody else hears that much', async () => {
  expect(await ask('GET', '/plugins')).toEqual({ active: [], inactive: [] });
  expect(await ask('GET', '/cluster/status')).toEqual([]);
  expect(await refusal('POST', '/license')).toEqual([400, 'api.license.add_license.invalid.app_error']);
  expect(await refusal('POST', '/ldap/sync')).toEqual([501, 'api.not_available.app_error']);
  expect(await refusal('PUT', `/users/${ann.user.id}/mfa`, {})).toEqual([501, 'mfa.mfa_disabled.app_error']);
  for (const { definition } of open.api.routes) {
    if (definition.access !== 'admin') continue;
    const path = definition.path.replace(/:\w+/g, 'z'.repeat(26));
    expect([path, (await open.api.call(ann, definition.method.toUpperCase(), path)).status]).toEqual([path, 403]);
  }
});
