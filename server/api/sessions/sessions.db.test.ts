import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { session as sessionSchema, user as userSchema } from '../../../contract/index.ts';
import { type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { startTestApi, type TestApi, type TestPerson } from '../testing/index.ts';

let opened: OpenTestDatabase;
let api: TestApi;
let ann: TestPerson;
beforeAll(async () => {
  opened = await openTestDatabase();
  api = await startTestApi({ layer: opened });
  await api.person('admin');
  ann = await api.person('ann');
});
afterAll(async () => {
  await api?.stop();
  await opened?.stop();
});

const login = (body: unknown, headers: Record<string, string> = {}) =>
  api.call({ headers }, 'POST', '/users/login', body);
const credentials = () => ({ login_id: ann.user.username, password: api.password });
const INVALID = 'api.user.login.invalid_credentials_email_username';

describe('signing in', () => {
  test('answers 200 with the whole own user and the token, by name, address, id and in any case', async () => {
    for (const login_id of [ann.user.username, ann.user.email, ann.user.id, ` ${ann.user.username.toUpperCase()} `]) {
      const answer = await login({ login_id, password: api.password });
      expect([answer.status, answer.headers.get('token')?.length]).toEqual([200, 26]);
      expect(userSchema.required({ notify_props: true }).parse(answer.body).email).toBe(ann.user.email);
      expect(JSON.stringify(answer.body)).not.toContain('argon2');
    }
    expect((await login({ id: ann.user.id, password: api.password, deviceId: 'd' })).status).toBe(200);
  });

  test('sets cookies for a browser only: the token out of reach of scripts', async () => {
    expect((await login(credentials())).headers.getSetCookie()).toEqual([]);
    const answer = await login(credentials(), { 'x-requested-with': 'XMLHttpRequest' });
    const [token, user, csrf] = answer.headers.getSetCookie();
    expect(token).toMatch(/^MMAUTHTOKEN=[a-z0-9]{26}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(user).toMatch(new RegExp(`^MMUSERID=${ann.user.id}; .*SameSite=Lax$`));
    expect(csrf).toMatch(/^MMCSRF=[a-z0-9]{26}; (?!.*HttpOnly)/);
    const cookie = [token, user, csrf].map((line) => line?.split(';')[0]).join('; ');
    const proof = csrf?.slice('MMCSRF='.length, 'MMCSRF='.length + 26) ?? '';
    const change = (headers: Record<string, string>) =>
      api.call({ headers }, 'PUT', '/users/me/patch', { position: 'x' });
    expect((await api.call({ headers: { cookie } }, 'GET', '/users/me')).status).toBe(200);
    expect((await change({ cookie })).status).toBe(401);
    expect((await change({ cookie, 'x-csrf-token': proof })).status).toBe(200);
  });

  test('tells neither which of name and password was wrong nor whether the account exists', async () => {
    const wrong = await login({ ...credentials(), password: 'not it' });
    const unknown = await login({ login_id: 'nobody-here', password: 'not it' });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect([wrong.error.id, unknown.error.id]).toEqual([INVALID, INVALID]);
    expect((await login({ ...credentials(), password: '' })).error.id).toBe('api.user.login.blank_pwd.app_error');
  });

  test('too many wrong passwords for one account have to wait, the right one as well; other accounts do not', async () => {
    const target = await api.person('target');
    const guess = (password: string) => login({ login_id: target.user.username, password });
    const statuses = await Promise.all(Array.from({ length: 15 }, () => guess('wrong').then((a) => a.status)));
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    const refused = await guess(api.password);
    expect([refused.status, refused.error.id]).toEqual([429, 'api.user.login.too_many_attempts.app_error']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await login(credentials())).status).toBe(200);
  });

  test('a deactivated account is told so, but only with the right password', async () => {
    const gone = await api.person('gone');
    const attempt = (password: string) => login({ login_id: gone.user.username, password });
    expect((await api.call(gone, 'DELETE', '/users/me')).status).toBe(200);
    expect((await attempt(api.password)).error.id).toBe('api.user.login.inactive.app_error');
    expect((await attempt('wrong')).error.id).toBe(INVALID);
    expect((await api.call(gone, 'GET', '/users/me')).status).toBe(401);
  });

  test('asks for no second factor and knows no other service', async () => {
    expect((await api.call(undefined, 'POST', '/users/mfa', { login_id: 'x' })).body).toEqual({ mfa_required: false });
    expect((await api.call(undefined, 'POST', '/users/login/type', {})).body).toEqual({ auth_service: '' });
  });
});

describe('signing out', () => {
  test('is always 200, tells the version and takes the cookies back', async () => {
    const none = await api.call(undefined, 'POST', '/users/logout');
    expect([none.status, none.body, none.headers.get('x-version-id')]).toEqual([
      200,
      { status: 'OK' },
      '5.39.0.test.0.false',
    ]);
    expect(none.headers.getSetCookie()).toHaveLength(3);
    for (const line of none.headers.getSetCookie()) expect(line).toContain('Max-Age=0');
    const nonsense = await api.call({ headers: { authorization: 'Bearer nonsense' } }, 'POST', '/users/logout');
    expect(nonsense.status).toBe(200);
  });

  test('ends this session and no other', async () => {
    const [first, second] = [await api.login(ann.user.username), await api.login(ann.user.username)];
    expect((await api.call(first, 'POST', '/users/logout')).status).toBe(200);
    const refused = await api.call(first, 'GET', '/users/me');
    expect([refused.status, refused.error.id]).toEqual([401, 'api.context.session_expired.app_error']);
    expect((await api.call(second, 'GET', '/users/me')).status).toBe(200);
  });
});

describe('sessions', () => {
  test('are listed without their secrets, for oneself and for admins', async () => {
    const bob = await api.person('bob');
    const listed = await api.call(bob, 'GET', '/users/me/sessions');
    const sessions = sessionSchema.array().parse(listed.body);
    expect(sessions.map((one) => one.user_id)).toEqual([bob.user.id]);
    expect(JSON.stringify(listed.body)).not.toMatch(/token|csrf/);
    expect((await api.call(ann, 'GET', `/users/${bob.user.id}/sessions`)).status).toBe(403);
    expect((await api.call(bob, 'PUT', '/users/sessions/device', { device_id: 'apple:1' })).status).toBe(200);
    const again = sessionSchema.array().parse((await api.call(bob, 'GET', '/users/me/sessions')).body);
    expect(again[0]?.device_id).toBe('apple:1');
  });

  test('are revoked one by one and all together', async () => {
    const eve = await api.person('eve');
    const other = await api.login(eve.user.username);
    const listed = sessionSchema.array().parse((await api.call(other, 'GET', '/users/me/sessions')).body);
    expect(listed).toHaveLength(2);
    const revoke = (who: TestPerson, session_id?: string) =>
      api.call(who, 'POST', '/users/me/sessions/revoke', { session_id });
    expect((await revoke(ann, listed[0]?.id)).status).toBe(400);
    for (const session of listed) await revoke(eve, session.id);
    expect((await api.call(eve, 'GET', '/users/me')).status).toBe(401);
    const [third, fourth] = [await api.login(eve.user.username), await api.login(eve.user.username)];
    expect((await api.call(third, 'POST', '/users/me/sessions/revoke/all')).status).toBe(200);
    for (const gone of [third, fourth]) expect((await api.call(gone, 'GET', '/users/me')).status).toBe(401);
  });

  test('are known without asking once they were seen', async () => {
    const late = await api.person('late');
    expect(api.sessions.authenticate(late.token)).toBeInstanceOf(Promise);
    await api.call(late, 'GET', '/users/me');
    expect(api.sessions.authenticate(late.token)).toMatchObject({ userId: late.user.id });
  });
});
