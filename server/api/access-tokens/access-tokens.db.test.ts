import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AccessToken, accessToken, type Session } from '../../../contract/index.ts';
import { type ChatClient, chatClient, type OpenChatApi, openChatApi } from '../posts/testing/chat-api.ts';

let chat: OpenChatApi<['root', 'ann', 'bob']>;
let root: ChatClient;
/** May have tokens. */
let ann: ChatClient;
let bob: ChatClient;
const forbidden = [403, 'api.context.permissions.app_error'];
const missing = [404, 'app.user_access_token.get_by_user.app_error'];

beforeAll(async () => {
  chat = await openChatApi('root', 'ann', 'bob');
  [root, ann, bob] = chat.people;
  await root.put(`/users/${ann.userId}/roles`, { roles: 'system_user system_user_access_token' });
});
afterAll(() => chat?.stop());
beforeEach(() => {
  chat.api.settings.accessTokens = true;
});

type Made = AccessToken & { token: string };
const make = async (who = ann, userId = who.userId, more: object = {}): Promise<Made> => {
  const answer = await who.post<Made>(`/users/${userId}/tokens`, { description: 'my script', ...more });
  return accessToken.strict().required({ token: true }).parse(answer);
};
const withToken = ({ token }: Made, scheme = 'Bearer'): ChatClient =>
  chatClient(chat.api, { ...ann.person, token, headers: { authorization: `${scheme} ${token}` } });
const shown = ({ token: _token, ...rest }: Made): AccessToken => rest;

describe('a token', () => {
  it('is shown once, and is as good as signing in', async () => {
    const made = await make();
    expect(made).toMatchObject({ user_id: ann.userId, description: 'my script', is_active: true });
    expect(made).not.toHaveProperty('expires_at');
    expect(await ann.get(`/users/tokens/${made.id}`)).toEqual(shown(made));
    expect(await withToken(made).get('/users/me')).toMatchObject({ id: ann.userId });
    expect(await withToken(made, 'BEARER').get('/users/me')).toMatchObject({ id: ann.userId });
    // Nothing to prove against forged requests: no browser sends the header by itself.
    expect(await withToken(made).put('/users/me/patch', { position: 'by script' })).toMatchObject({
      position: 'by script',
    });
    const sessions = await ann.get<Session[]>('/users/me/sessions');
    const props = { type: 'UserAccessToken', user_access_token_id: made.id };
    expect(sessions.find(({ id }) => id === made.id)).toMatchObject({ user_id: ann.userId, props });
  });

  it('has the new roles of its user at once', async () => {
    const made = await make();
    expect((await withToken(made).refused('GET', '/users/tokens'))[0]).toBe(403);
    await root.put(`/users/${ann.userId}/roles`, { roles: 'system_user system_user_access_token system_admin' });
    expect(await withToken(made).get('/users/tokens')).toBeInstanceOf(Array);
    await root.put(`/users/${ann.userId}/roles`, { roles: 'system_user system_user_access_token' });
    expect((await withToken(made).refused('GET', '/users/tokens'))[0]).toBe(403);
  });

  it('outlives signing out and a new password', async () => {
    const made = await make();
    await withToken(made).post('/users/logout');
    await expect.poll(async () => (await chat.api.call(withToken(made).person, 'GET', '/users/me')).status).toBe(200);
    await root.post(`/users/${ann.userId}/sessions/revoke/all`);
    expect(await withToken(made).get('/users/me')).toMatchObject({ id: ann.userId });
    const { user } = ann.person;
    [ann] = [chatClient(chat.api, await chat.api.login(user.username))];
  });

  it('ends at its time', async () => {
    expect((await ann.refused('POST', '/users/me/tokens', { description: 'x', expires_at: Date.now() - 1 }))[0]).toBe(
      400,
    );
    const made = await make(ann, ann.userId, { expires_at: Date.now() + 1_500 });
    const status = async () => (await chat.api.call(withToken(made).person, 'GET', '/users/me')).status;
    expect(await status()).toBe(200);
    await expect.poll(status, { timeout: 10_000 }).toBe(401);
  });
});

describe('ending', () => {
  it('is at once and for ever when it is revoked, sockets included', async () => {
    const made = await make();
    await withToken(made).get('/users/me');
    chat.api.closed.length = 0;
    expect(await ann.post('/users/tokens/revoke', { token_id: made.id })).toEqual({ status: 'OK' });
    expect((await withToken(made).refused('GET', '/users/me'))[0]).toBe(401);
    expect(chat.api.closed).toEqual([made.id]);
    expect(await ann.refused('GET', `/users/tokens/${made.id}`)).toEqual(missing);
    expect(await ann.refused('POST', '/users/tokens/enable', { token_id: made.id })).toEqual(missing);
  });

  it('is at once when it is disabled, until it is enabled', async () => {
    const made = await make();
    await withToken(made).get('/users/me');
    chat.api.closed.length = 0;
    await ann.post('/users/tokens/disable', { token_id: made.id });
    expect((await withToken(made).refused('GET', '/users/me'))[0]).toBe(401);
    expect(chat.api.closed).toEqual([made.id]);
    expect(await ann.get(`/users/tokens/${made.id}`)).toEqual({ ...shown(made), is_active: false });
    await ann.post('/users/tokens/enable', { token_id: made.id });
    expect(await withToken(made).get('/users/me')).toMatchObject({ id: ann.userId });
  });

  it('comes with the end of its account', async () => {
    const carl = await chat.api.person('carl');
    const made = await make(root, carl.user.id);
    expect(await withToken(made).get('/users/me')).toMatchObject({ id: carl.user.id });
    await root.put(`/users/${carl.user.id}/active`, { active: false });
    expect((await withToken(made).refused('GET', '/users/me'))[0]).toBe(401);
  });
});

describe('the setting', () => {
  it('stops people’s tokens while it is off, and lets bots have theirs', async () => {
    const made = await make();
    await withToken(made).get('/users/me');
    const bot = await root.post<{ user_id: string }>('/bots', { username: 'has-tokens' });
    chat.api.settings.accessTokens = false;
    expect((await withToken(made).refused('GET', '/users/me'))[0]).toBe(401);
    const body = { description: 'x' };
    expect(await ann.refused('POST', '/users/me/tokens', body)).toEqual([501, 'app.user_access_token.disabled']);
    const ofBot = await make(root, bot.user_id);
    expect(await withToken(ofBot).get('/users/me')).toMatchObject({ id: bot.user_id });
    chat.api.settings.accessTokens = true;
    expect(await withToken(made).get('/users/me')).toMatchObject({ id: ann.userId });
  });
});

describe('who may', () => {
  it('make, read and end tokens: oneself with the permission, and who may change the account', async () => {
    const made = await make();
    const body = { description: 'x' };
    expect(await bob.refused('POST', '/users/me/tokens', body)).toEqual(forbidden);
    expect(await ann.refused('POST', `/users/${bob.userId}/tokens`, body)).toEqual(forbidden);
    expect(await ann.refused('POST', `/users/${root.userId}/tokens`, body)).toEqual(forbidden);
    expect(await root.get(`/users/${ann.userId}/tokens?per_page=1`)).toHaveLength(1);
    expect(await bob.refused('GET', `/users/${ann.userId}/tokens`)).toEqual(forbidden);
    expect(await bob.refused('GET', `/users/tokens/${made.id}`)).toEqual(forbidden);
    const foreign = await make(root);
    for (const verb of ['enable', 'disable', 'revoke']) {
      expect(await bob.refused('POST', `/users/tokens/${verb}`, { token_id: made.id })).toEqual(forbidden);
      expect(await ann.refused('POST', `/users/tokens/${verb}`, { token_id: foreign.id })).toEqual(forbidden);
    }
    expect(await withToken(foreign).get('/users/me')).toMatchObject({ id: root.userId });
    expect((await root.refused('POST', `/users/${'z'.repeat(26)}/tokens`, body))[0]).toBe(404);
  });

  it('list and search them all: admins only', async () => {
    const made = await make();
    expect(await root.get<AccessToken[]>('/users/tokens')).toContainEqual(shown(made));
    expect(await root.post<AccessToken[]>('/users/tokens/search', { term: made.id })).toEqual([shown(made)]);
    expect(await root.post<AccessToken[]>('/users/tokens/search', { term: ann.person.user.username })).toContainEqual(
      shown(made),
    );
    expect((await root.refused('POST', '/users/tokens/search', { term: '' }))[0]).toBe(400);
    expect(await ann.refused('GET', '/users/tokens')).toEqual(forbidden);
    expect(await ann.refused('POST', '/users/tokens/search', { term: 'x' })).toEqual(forbidden);
    expect(JSON.stringify(await root.get('/users/tokens'))).not.toContain(made.token);
  });
});
