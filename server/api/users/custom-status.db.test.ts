import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CustomStatus, type Preference, type User, customStatus } from '../../../contract/index.ts';
import { type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { startTestApi, type TestApi, type TestPerson } from '../testing/index.ts';

let opened: OpenTestDatabase;
let api: TestApi;
let admin: TestPerson;
let ann: TestPerson;
let bob: TestPerson;
beforeAll(async () => {
  opened = await openTestDatabase();
  api = await startTestApi({ layer: opened });
  admin = await api.person('admin');
  bob = await api.person('bob');
});
beforeEach(async () => {
  ann = await api.person('ann');
  api.events.length = 0;
});
afterAll(async () => {
  await api?.stop();
  await opened?.stop();
});

const holiday = { emoji: 'palm_tree', text: 'On holiday', duration: 'today', expires_at: '2030-01-02T03:04:05Z' };
const set = (who: TestPerson, status: object, user = 'me') =>
  api.call(who, 'PUT', `/users/${user}/status/custom`, status);
const seenBy = async (who: TestPerson): Promise<CustomStatus | undefined> => {
  const user = (await api.call(who, 'GET', `/users/${ann.user.id}`)).body as User;
  const said = user.props?.['customStatus'];
  return said === undefined || said === '' ? undefined : customStatus.parse(JSON.parse(said));
};
const recent = async (): Promise<CustomStatus[]> => {
  const path = '/users/me/preferences/custom_status/name/recent_custom_statuses';
  return JSON.parse(((await api.call(ann, 'GET', path)).body as Preference).value) as CustomStatus[];
};

describe('what users say of themselves', () => {
  test('is seen by everybody, beside nothing else of their properties', async () => {
    await api.call(ann, 'PUT', '/users/me/patch', { props: { secret: 'x' } });
    api.events.length = 0;
    expect((await set(ann, holiday)).body).toEqual({ status: 'OK' });
    expect([await seenBy(ann), await seenBy(bob)]).toEqual([holiday, holiday]);
    const shown = (await api.call(bob, 'GET', `/users/${ann.user.id}`)).body as User;
    expect(shown.props).not.toHaveProperty('secret');
    expect(api.events.map(({ event }) => event)).toEqual(['user_updated', 'user_updated', 'preferences_changed']);
    const [toOthers] = api.events as { data: { user?: User } }[];
    expect(Object.keys(toOthers?.data.user?.props ?? {})).toEqual(['customStatus']);
    expect((await api.call(ann, 'DELETE', '/users/me/status/custom')).body).toEqual({ status: 'OK' });
    expect([await seenBy(ann), await seenBy(bob)]).toEqual([undefined, undefined]);
    expect(((await api.call(ann, 'GET', '/users/me')).body as User).props).toEqual({ secret: 'x', customStatus: '' });
    // Clients lay the event over what they know: the old status must not shine through.
    expect(api.events.findLast(({ to }) => to.omit_users)?.data).toMatchObject({
      user: { props: { customStatus: '' } },
    });
  });

  test('has an emoji or a text, and fits', async () => {
    for (const bad of [{}, { emoji: '', text: ' ' }, { text: 'x'.repeat(101) }, { text: 'x', duration: 'for ever' }]) {
      expect((await set(ann, bad)).status).toBe(400);
    }
    expect((await set(ann, { text: 'busy' })).status).toBe(200);
    expect(await seenBy(bob)).toMatchObject({ emoji: 'speech_balloon', text: 'busy' });
  });

  test('is set by oneself and by admins', async () => {
    expect((await set(bob, holiday, ann.user.id)).status).toBe(403);
    expect((await api.call(bob, 'DELETE', `/users/${ann.user.id}/status/custom`)).status).toBe(403);
    expect((await set(admin, holiday, ann.user.id)).status).toBe(200);
    expect(await seenBy(bob)).toEqual(holiday);
  });

  test('is remembered, the newest first, five at most, until it is forgotten', async () => {
    for (const text of ['a', 'b', 'c', 'd', 'e', 'f', 'b']) await set(ann, { text });
    expect((await recent()).map(({ text }) => text)).toEqual(['b', 'f', 'e', 'd', 'c']);
    const [newest, , oldest] = await recent();
    const forget = `/users/${ann.user.id}/status/custom/recent`;
    expect((await api.call(bob, 'POST', `${forget}/delete`, newest)).status).toBe(403);
    expect((await api.call(bob, 'DELETE', forget, newest)).status).toBe(403);
    expect((await api.call(ann, 'POST', `${forget}/delete`, newest)).status).toBe(200);
    expect((await api.call(ann, 'DELETE', forget, oldest)).status).toBe(200);
    expect((await recent()).map(({ text }) => text)).toEqual(['f', 'd', 'c']);
    const again = await api.call(ann, 'POST', `${forget}/delete`, newest);
    expect([again.status, again.error.id]).toEqual([400, 'api.custom_status.recent_custom_statuses.delete.app_error']);
  });
});

test.each(['/users/password/reset', '/users/password/reset/send', '/users/email/verify', '/users/email/verify/send'])(
  '%s is refused: the server sends no mail',
  async (path) => {
    const answer = await api.call(undefined, 'POST', path, { email: ann.user.email });
    expect([answer.status, answer.error.id]).toEqual([501, 'api.email.not_available.app_error']);
  },
);
