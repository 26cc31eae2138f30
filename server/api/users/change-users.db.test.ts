import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { User } from '../../../contract/index.ts';
import type { OutgoingEvent } from '../../services/index.ts';
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
});
beforeEach(async () => {
  ann = await api.person('ann');
  bob = await api.person('bob');
  api.events.length = 0;
});
afterAll(async () => {
  await api?.stop();
  await opened?.stop();
});

const me = async (who: TestPerson) => (await api.call(who, 'GET', '/users/me')).body as User;
const UNKNOWN = 'z'.repeat(26);

describe('patching', () => {
  const patch = (who: TestPerson, id: string, body: object) => api.call(who, 'PUT', `/users/${id}/patch`, body);

  test('changes what is given, clears with an empty text, leaves the rest', async () => {
    const before = await me(ann);
    const first = await patch(ann, 'me', { nickname: 'Nick', notify_props: { push: 'none' } });
    expect(first.body).toMatchObject({
      ...before,
      nickname: 'Nick',
      notify_props: { push: 'none' },
      update_at: expect.any(Number),
    });
    expect((await patch(ann, ann.user.id, { nickname: '' })).body).toMatchObject({
      nickname: '',
      notify_props: { push: 'none' },
    });
    expect(await me(ann)).toMatchObject({ username: before.username, nickname: '' });
  });

  test('tells the user everything and the others what they may see', async () => {
    await patch(ann, 'me', { position: 'Captain' });
    const [toOthers, toSelf] = api.events as OutgoingEvent<'user_updated'>[];
    expect(toOthers?.to).toEqual({ omit_users: { [ann.user.id]: true } });
    expect(toOthers?.data.user).toMatchObject({ position: 'Captain' });
    expect(toOthers?.data.user).not.toHaveProperty('notify_props');
    expect(toSelf?.to).toEqual({ user_id: ann.user.id });
    expect(toSelf?.data.user).toHaveProperty('notify_props');
    expect(toSelf?.token).toBeDefined();
  });

  test('of others is for admins; unknown users and taken names are refused', async () => {
    expect((await patch(bob, ann.user.id, { nickname: 'x' })).status).toBe(403);
    expect((await patch(admin, ann.user.id, { nickname: 'x' })).body).toMatchObject({ id: ann.user.id, nickname: 'x' });
    expect((await patch(admin, UNKNOWN, { nickname: 'x' })).status).toBe(404);
    const taken = await patch(ann, 'me', { username: bob.user.username.toUpperCase() });
    expect(taken.error.id).toBe('app.user.save.username_exists.app_error');
    expect((await patch(ann, 'me', { email: bob.user.email })).error.id).toBe('app.user.save.email_exists.app_error');
    expect((await patch(ann, 'me', { username: 'all' })).status).toBe(400);
  });

  test('roles and passwords do not come in by a patch', async () => {
    await patch(ann, 'me', { roles: 'system_user system_admin', password: 'x', delete_at: 1, id: bob.user.id });
    expect(await me(ann)).toMatchObject({ id: ann.user.id, roles: 'system_user', delete_at: 0 });
  });

  test('PUT of a user wants its own id in the body', async () => {
    const put = (id: string) => api.call(ann, 'PUT', `/users/${ann.user.id}`, { id, nickname: 'put' });
    expect((await put(bob.user.id)).status).toBe(400);
    expect((await put(ann.user.id)).body).toMatchObject({ nickname: 'put' });
  });
});

describe('passwords', () => {
  const change = (who: TestPerson, id: string, body: object) => api.call(who, 'PUT', `/users/${id}/password`, body);
  const signIn = async (who: TestPerson, password: string) =>
    (await api.call(undefined, 'POST', '/users/login', { login_id: who.user.username, password })).status;

  test('change with the current one and end every other session', async () => {
    const other = await api.login(ann.user.username);
    expect((await change(ann, 'me', { current_password: api.password, new_password: 'another secret' })).status).toBe(
      200,
    );
    expect([
      (await api.call(ann, 'GET', '/users/me')).status,
      (await api.call(other, 'GET', '/users/me')).status,
    ]).toEqual([200, 401]);
    expect([await signIn(ann, api.password), await signIn(ann, 'another secret')]).toEqual([401, 200]);
  });

  test('a wrong or missing current one, a short new one, somebody else’s: refused', async () => {
    const wrong = await change(ann, 'me', { current_password: 'no', new_password: 'another secret' });
    expect([wrong.status, wrong.error.id]).toEqual([400, 'api.user.update_password.incorrect.app_error']);
    expect((await change(ann, 'me', { new_password: 'another secret' })).status).toBe(400);
    const short = await change(ann, 'me', { current_password: api.password, new_password: 'short' });
    expect(short.error.id).toBe('model.user.is_valid.pwd.app_error');
    expect(
      (await change(bob, ann.user.id, { current_password: api.password, new_password: 'another secret' })).status,
    ).toBe(403);
    expect(await signIn(ann, api.password)).toBe(200);
  });

  test('cannot be guessed through a session that was left open', async () => {
    const guess = () => change(ann, 'me', { current_password: 'guess', new_password: 'another secret' });
    const statuses = await Promise.all(Array.from({ length: 12 }, () => guess().then((answer) => answer.status)));
    expect(statuses.filter((status) => status === 400)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(2);
  });

  test('admins set them for others without the current one', async () => {
    expect((await change(admin, ann.user.id, { new_password: 'set by an admin' })).status).toBe(200);
    expect([await signIn(ann, 'set by an admin'), (await api.call(ann, 'GET', '/users/me')).status]).toEqual([
      200, 401,
    ]);
    expect((await change(admin, UNKNOWN, { new_password: 'set by an admin' })).status).toBe(404);
  });
});

describe('deactivating and roles', () => {
  const setActive = (who: TestPerson, id: string, active: boolean) =>
    api.call(who, 'PUT', `/users/${id}/active`, { active });
  const setRoles = (who: TestPerson, id: string, roles: string) =>
    api.call(who, 'PUT', `/users/${id}/roles`, { roles });

  test('everybody may leave; only admins bring back or send away', async () => {
    expect((await setActive(bob, ann.user.id, false)).status).toBe(403);
    expect((await setActive(ann, 'me', true)).status).toBe(403);
    expect((await setActive(ann, 'me', false)).status).toBe(200);
    expect((await api.call(ann, 'GET', '/users/me')).status).toBe(401);
    const gone = (await api.call(bob, 'GET', `/users/${ann.user.id}`)).body as User;
    expect(gone.delete_at).toBeGreaterThan(0);
    expect((await setActive(admin, ann.user.id, true)).status).toBe(200);
    expect(await me(await api.login(ann.user.username))).toMatchObject({ delete_at: 0 });
  });

  test('DELETE deactivates and never claims to erase', async () => {
    expect((await api.call(bob, 'DELETE', `/users/${ann.user.id}`)).status).toBe(403);
    expect((await api.call(admin, 'DELETE', `/users/${ann.user.id}?permanent=true`)).status).toBe(401);
    expect((await api.call(admin, 'DELETE', `/users/${ann.user.id}`)).body).toEqual({ status: 'OK' });
    expect((await api.call(ann, 'GET', '/users/me')).status).toBe(401);
  });

  test('new roles count at the next request, and the user is told', async () => {
    expect((await setRoles(ann, ann.user.id, 'system_user system_admin')).status).toBe(403);
    expect((await setRoles(admin, ann.user.id, 'system_admin system_user system_user')).status).toBe(200);
    expect(await me(ann)).toMatchObject({ roles: 'system_user system_admin' });
    expect(api.events.at(-1)).toMatchObject({ event: 'user_role_updated', to: { user_id: ann.user.id } });
    expect((await setRoles(ann, bob.user.id, 'system_user')).status).toBe(200);
    expect((await setRoles(admin, ann.user.id, 'system_user')).status).toBe(200);
    expect((await setRoles(ann, bob.user.id, 'system_user')).status).toBe(403);
  });

  test.each(['', 'system_admin', 'system_user emperor', 'team_admin'])('roles "%s" are refused', async (roles) => {
    expect((await setRoles(admin, ann.user.id, roles)).status).toBe(400);
  });

  test('the last admin stays', async () => {
    const refused = await setRoles(admin, admin.user.id, 'system_user');
    expect([refused.status, refused.error.id]).toEqual([400, 'api.user.last_admin.app_error']);
    expect((await setActive(admin, 'me', false)).status).toBe(400);
    expect((await api.call(admin, 'DELETE', '/users/me')).status).toBe(400);
  });
});
