import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Status, status } from '../../../contract/index.ts';
import { type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { silentLogger } from '../../observability/index.ts';
import { newId, StatusService } from '../../services/index.ts';
import { createStatusStore } from '../../stores/statuses/index.ts';
import { startTestApi, type TestApi, type TestPerson } from '../testing/index.ts';
import { createStatusesRoutes } from './index.ts';

let opened: OpenTestDatabase;
let api: TestApi;
let service: StatusService;
let admin: TestPerson;
let ann: TestPerson;

beforeAll(async () => {
  opened = await openTestDatabase();
  const store = createStatusStore(opened.database);
  api = await startTestApi({
    layer: opened,
    routes: (publisher) => {
      service = new StatusService({
        store,
        publisher,
        detached: () => opened.causalities.detached(),
        awayAfterMs: () => 300_000,
        now: Date.now,
        logger: silentLogger,
      });
      return createStatusesRoutes(service);
    },
  });
  admin = await api.person('admin');
  ann = await api.person('ann');
});
afterAll(async () => {
  await service?.stop();
  await api?.stop();
  await opened?.stop();
});

describe('/users/{user_id}/status', () => {
  it('shows an unknown user as offline, in Mattermost shape', async () => {
    const nobody = newId();
    const answer = await api.call(ann, 'GET', `/users/${nobody}/status`);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ user_id: nobody, status: 'offline', manual: false, last_activity_at: 0 });
  });

  it('sets the own status, tells the own clients, and shows it to others', async () => {
    const choice = { user_id: ann.user.id, status: 'dnd', dnd_end_time: 4_000_000_000 };
    const answer = await api.call(ann, 'PUT', '/users/me/status', choice);
    expect(answer.status).toBe(200);
    expect(status.parse(answer.body)).toMatchObject({ ...choice, manual: true });
    expect(api.events.at(-1)).toMatchObject({
      event: 'status_change',
      data: { user_id: ann.user.id, status: 'dnd' },
      to: { user_id: ann.user.id },
    });
    expect((await api.call(admin, 'GET', `/users/${ann.user.id}/status`)).body).toMatchObject({ status: 'dnd' });
  });

  it('is set for others only by admins', async () => {
    const choice = { user_id: admin.user.id, status: 'away' };
    const refused = await api.call(ann, 'PUT', `/users/${admin.user.id}/status`, choice);
    expect(refused.error.id).toBe('api.context.permissions.app_error');
    const done = await api.call(admin, 'PUT', `/users/${ann.user.id}/status`, { user_id: ann.user.id, status: 'away' });
    expect(done.body).toMatchObject({ status: 'away', manual: true });
  });

  it.each([
    ['a body for somebody else', { user_id: 'b'.repeat(26), status: 'away' }],
    ['an unknown status', { user_id: 'me', status: 'asleep' }],
    ['no body', undefined],
  ])('refuses %s', async (_name, body) => {
    expect((await api.call(ann, 'PUT', '/users/me/status', body)).error.status_code).toBe(400);
  });
});

describe('POST /users/status/ids', () => {
  it('answers for all of them in their order', async () => {
    const ids = [newId(), ann.user.id, admin.user.id];
    const answer = await api.call(ann, 'POST', '/users/status/ids', ids);
    expect((answer.body as Status[]).map(({ user_id }) => user_id)).toEqual(ids);
  });

  it('refuses a single bad id, and an empty list', async () => {
    for (const ids of [[ann.user.id, 'x'], []]) {
      expect((await api.call(ann, 'POST', '/users/status/ids', ids)).error.status_code).toBe(400);
    }
  });
});

describe('all of these routes', () => {
  it('want a session', async () => {
    expect((await api.call(undefined, 'GET', `/users/${ann.user.id}/status`)).status).toBe(401);
  });
});
