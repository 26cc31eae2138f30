import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type User, user as userSchema, userAutocomplete } from '../../../contract/index.ts';
import { type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { createTeamStore } from '../../stores/teams/index.ts';
import { type ChatFixture, createChatFixture } from '../../stores/testing/chat-fixture.ts';
import { startTestApi, type TestApi, type TestPerson } from '../testing/index.ts';

let opened: OpenTestDatabase;
let api: TestApi;
let admin: TestPerson;
let ann: TestPerson;
let bob: TestPerson;

beforeAll(async () => {
  opened = await openTestDatabase();
  api = await startTestApi({ layer: opened });
});
afterAll(async () => {
  await api?.stop();
  await opened?.stop();
});

const signUp = (name: string, more: object = {}, headers: Record<string, string> = {}) => {
  const body = { email: `${name}@example.com`, username: name, password: api.password, ...more };
  return api.call({ headers }, 'POST', '/users', body);
};
const UNKNOWN = 'z'.repeat(26);

describe('the first account', () => {
  test('needs the code of the log from anywhere but this machine', async () => {
    const remote = { 'x-forwarded-for': '203.0.113.9' };
    const refused = await signUp('mallory', {}, remote);
    expect([refused.status, refused.error.id]).toEqual([403, 'api.user.create_user.setup_code.app_error']);
    expect((await signUp('mallory', { setup_code: 'guess' }, remote)).status).toBe(403);
    expect((await signUp('mallory', {}, { origin: 'https://evil.example' })).status).toBe(403);
    const first = await signUp('root', { setup_code: api.setupCode }, remote);
    expect([first.status, (first.body as User).roles]).toEqual([201, 'system_user system_admin']);
    admin = await api.login('root');
  });

  test('is the only one that becomes admin by itself', async () => {
    ann = await api.person('ann');
    bob = await api.person('bob');
    expect([ann.user.roles, bob.user.roles]).toEqual(['system_user', 'system_user']);
  });
});

describe('signing up', () => {
  test('answers 201 with the whole user and tells everybody only the id', async () => {
    const made = await signUp('new.one', { first_name: 'Ne', locale: 'de', nickname: 'N' });
    const user = userSchema.parse(made.body);
    expect(made.status).toBe(201);
    expect(user).toMatchObject({ username: 'new.one', first_name: 'Ne', locale: 'de', email: 'new.one@example.com' });
    expect(JSON.stringify(made.body)).not.toContain('argon2');
    expect(api.events.at(-1)).toMatchObject({ event: 'new_user', data: { user_id: user.id }, to: {} });
    expect(api.events.at(-1)?.token).toBeDefined();
  });

  test.each([
    ['a taken name', { username: 'ann-x' }, 'app.user.save.username_exists.app_error'],
    ['a taken name in capitals', { username: 'ANN-X' }, 'app.user.save.username_exists.app_error'],
    ['a taken address in capitals', { email: 'ANN-X@EXAMPLE.COM' }, 'app.user.save.email_exists.app_error'],
    ['a short password', { password: 'short' }, 'model.user.is_valid.pwd.app_error'],
    ['a long password', { password: 'x'.repeat(73) }, 'model.user.is_valid.pwd.app_error'],
    ['no password', { password: '' }, 'api.context.invalid_body_param.app_error'],
    ['a reserved name', { username: 'channel' }, 'api.context.invalid_body_param.app_error'],
    ['a name with a space', { username: 'a b' }, 'api.context.invalid_body_param.app_error'],
    ['no address', { email: 'nothing' }, 'api.context.invalid_body_param.app_error'],
  ])('%s is 400', async (_name, change, expected) => {
    await signUp('ann-x');
    const refused = await signUp(`fresh-${Math.random().toString(36).slice(2)}`, change);
    expect([refused.status, refused.error.id]).toEqual([400, expected]);
  });

  test('can be switched off, which admins do not feel', async () => {
    api.settings.signUp = false;
    expect((await signUp('too-late')).status).toBe(501);
    const body = { email: 'hired@example.com', username: 'hired', password: api.password };
    expect((await api.call(ann, 'POST', '/users', body)).status).toBe(501);
    expect((await api.call(admin, 'POST', '/users', body)).status).toBe(201);
    api.settings.signUp = true;
  });
});

describe('looking up', () => {
  test('shows oneself and admins everything, others only what is theirs to see', async () => {
    const own = userSchema.parse((await api.call(ann, 'GET', '/users/me')).body);
    expect(own.notify_props).toMatchObject({ desktop: 'mention' });
    expect((await api.call(admin, 'GET', `/users/${ann.user.id}`)).body).toEqual(own);
    const seen = (await api.call(bob, 'GET', `/users/${ann.user.id}`)).body;
    expect(seen).toMatchObject({ id: ann.user.id, username: ann.user.username, email: ann.user.email });
    for (const hidden of ['notify_props', 'props', 'timezone', 'email_verified', 'password']) {
      expect(seen).not.toHaveProperty(hidden);
    }
  });

  test('hides addresses and names where that is set, also from those who ask by address', async () => {
    api.settings.showEmail = false;
    api.settings.showFullName = false;
    const byEmail = (who: TestPerson) => api.call(who, 'GET', `/users/email/${ann.user.email}`);
    expect((await api.call(bob, 'GET', `/users/${ann.user.id}`)).body).toMatchObject({ email: '', first_name: '' });
    expect([(await byEmail(bob)).status, (await byEmail(ann)).status, (await byEmail(admin)).status]).toEqual([
      403, 200, 200,
    ]);
    const search = (await api.call(bob, 'POST', '/users/search', { term: ann.user.email })).body;
    expect(search).toEqual([]);
    api.settings.showEmail = true;
    api.settings.showFullName = true;
    expect((await byEmail(bob)).status).toBe(200);
  });

  test('by id, name, address, ids and names; what is unknown is 404 or left out', async () => {
    const ids = async (path: string, body?: unknown) =>
      ((await api.call(bob, body === undefined ? 'GET' : 'POST', path, body)).body as User[]).map((user) => user.id);
    expect((await api.call(bob, 'GET', `/users/username/${ann.user.username.toUpperCase()}`)).body).toMatchObject({
      id: ann.user.id,
    });
    expect(await ids('/users/ids', [bob.user.id, UNKNOWN, ann.user.id])).toEqual([ann.user.id, bob.user.id]);
    expect(await ids('/users/usernames', [bob.user.username, 'nobody'])).toEqual([bob.user.id]);
    expect(await ids(`/users/ids?since=${Date.now() + 60_000}`, [ann.user.id])).toEqual([]);
    for (const path of [`/users/${UNKNOWN}`, '/users/username/nobody', '/users/email/nobody@example.com']) {
      expect((await api.call(bob, 'GET', path)).error.id).toBe('app.user.missing_account.const');
    }
    expect((await api.call(undefined, 'GET', '/users/me')).status).toBe(401);
  });

  test('lists pages and counts', async () => {
    const page = (await api.call(bob, 'GET', '/users?per_page=2&page=1')).body as User[];
    const all = (await api.call(bob, 'GET', '/users')).body as User[];
    expect(page).toEqual(all.slice(2, 4));
    expect(all.map((user) => user.username)).toEqual(all.map((user) => user.username).sort());
    expect((await api.call(bob, 'GET', '/users?page=9000')).body).toEqual([]);
    expect((await api.call(bob, 'GET', '/users/stats')).body).toEqual({ total_users_count: all.length });
    const newest = (await api.call(bob, 'GET', '/users?sort=create_at&per_page=1')).body as User[];
    expect(newest[0]?.create_at).toBe(Math.max(...all.map((user) => user.create_at)));
    expect((await api.call(bob, 'GET', '/users?sort=nonsense')).status).toBe(400);
    expect((await api.call(bob, 'GET', `/users?in_group=${ann.user.id}`)).status).toBe(501);
    expect((await api.call(bob, 'GET', '/users?active=true&inactive=true')).status).toBe(400);
  });
});

describe('teams and channels', () => {
  let chat: ChatFixture;
  let secret: string;
  beforeAll(async () => {
    chat = await createChatFixture(opened.database);
    const member = { teamId: chat.team.id, userId: bob.user.id, at: 2_000 };
    await createTeamStore(opened.database).addMember(opened.causalities.detached(), member);
    secret = (await chat.channel([chat.ada], 'P')).id;
  });

  test('are filters for those who may see them', async () => {
    const ids = async (who: TestPerson, query: string) => {
      const answer = await api.call(who, 'GET', `/users?${query}`);
      return answer.status === 200 ? (answer.body as User[]).map((user) => user.id).sort() : answer.status;
    };
    const members = [chat.ada.id, chat.bob.id, bob.user.id].sort();
    expect(await ids(bob, `in_team=${chat.team.id}`)).toEqual(members);
    expect(await ids(ann, `in_team=${chat.team.id}`)).toBe(403);
    expect(await ids(admin, `in_team=${chat.team.id}`)).toEqual(members);
    expect(await ids(bob, `in_channel=${chat.townSquare.id}`)).toEqual(members);
    expect([await ids(bob, `in_channel=${secret}`), await ids(admin, `in_channel=${secret}`)]).toEqual([
      403,
      [chat.ada.id],
    ]);
    expect(await ids(bob, `in_team=${UNKNOWN}`)).toBe(403);
  });

  test('complete names: members first, the rest of the team apart', async () => {
    const complete = async (query: string) =>
      userAutocomplete.parse((await api.call(admin, 'GET', `/users/autocomplete?${query}`)).body);
    const inBoth = await complete(`in_team=${chat.team.id}&in_channel=${secret}&name=`);
    expect(inBoth.users.map((user) => user.id)).toEqual([chat.ada.id]);
    expect(inBoth.out_of_channel?.map((user) => user.id).sort()).toEqual([chat.bob.id, bob.user.id].sort());
    const named = await complete(`in_team=${chat.team.id}&name=${bob.user.username}`);
    expect(named.users.map((user) => user.id)).toEqual([bob.user.id]);
    expect((await api.call(ann, 'GET', `/users/autocomplete?in_team=${chat.team.id}&name=a`)).status).toBe(403);
  });

  test('make people known to each other', async () => {
    const known = (await api.call(bob, 'GET', '/users/known')).body as string[];
    expect([...known].sort()).toEqual([chat.ada.id, chat.bob.id].sort());
    expect((await api.call(ann, 'GET', '/users/known')).body).toEqual([]);
  });
});
