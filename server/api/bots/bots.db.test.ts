import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Bot,
  bot as botSchema,
  type Channel,
  type ChannelMember,
  type Post,
  type User,
} from '../../../contract/index.ts';
import { type ChatClient, chatClient, type OpenChatApi, openChatApi } from '../posts/testing/chat-api.ts';

let chat: OpenChatApi<['root', 'ann', 'bob']>;
let root: ChatClient;
let ann: ChatClient;
let bob: ChatClient;
const missing = [404, 'store.sql_bot.get.missing.app_error'];
const forbidden = [403, 'api.context.permissions.app_error'];
const UNKNOWN = 'z'.repeat(26);

beforeAll(async () => {
  chat = await openChatApi('root', 'ann', 'bob');
  [root, ann, bob] = chat.people;
});
afterAll(() => chat?.stop());

let made = 0;
const make = async (who = root, more: Partial<Bot> = {}): Promise<Bot> => {
  made += 1;
  const answer = await who.post<Bot>('/bots', { username: `helper-${made}`, description: 'helps', ...more });
  return botSchema.strict().parse(answer);
};
/** The bot as one that asks. */
async function asBot(bot: Bot): Promise<ChatClient> {
  const { token } = await root.post<{ token: string }>(`/users/${bot.user_id}/tokens`, { description: 'acts' });
  const user = await root.get<User>(`/users/${bot.user_id}`);
  return chatClient(chat.api, { user, token, headers: { authorization: `Bearer ${token}` } });
}
const eventsOf = (name: string) => chat.api.events.filter(({ event }) => event === name).map(({ data }) => data);

describe('making', () => {
  it('answers 201 with a bot that is a user like others and says so', async () => {
    chat.api.events.length = 0;
    const body = { username: 'weather-bot', display_name: 'Weather', description: 'rain' };
    const answer = await chat.api.call(root.person, 'POST', '/bots', body);
    expect(answer.status).toBe(201);
    const bot = answer.body as Bot;
    expect(bot).toEqual({
      ...{ user_id: bot.user_id, username: 'weather-bot', display_name: 'Weather', description: 'rain' },
      ...{ owner_id: root.userId, create_at: bot.create_at, update_at: bot.create_at, delete_at: 0 },
    });
    expect(await bob.get<User>(`/users/${bot.user_id}`)).toMatchObject({
      ...{ username: 'weather-bot', first_name: 'Weather', roles: 'system_user' },
      ...{ is_bot: true, bot_description: 'rain', bot_last_icon_update: 0 },
    });
    expect(await bob.get<User>(`/users/${ann.userId}`)).not.toHaveProperty('is_bot');
    expect(eventsOf('new_user')).toEqual([{ user_id: bot.user_id }]);
  });

  it('is for those who may, when it is allowed; not for bots, and not under a name that is taken', async () => {
    const body = { username: 'another' };
    expect(await ann.refused('POST', '/bots', body)).toEqual(forbidden);
    const bot = await make();
    await root.put(`/users/${bot.user_id}/roles`, { roles: 'system_user system_admin' });
    expect(await (await asBot(bot)).refused('POST', '/bots', body)).toEqual(forbidden);
    chat.api.settings.botCreation = false;
    expect(await root.refused('POST', '/bots', body)).toEqual([403, 'api.bot.create_disabled']);
    chat.api.settings.botCreation = true;
    const taken = [400, 'app.user.save.username_exists.app_error'];
    expect(await root.refused('POST', '/bots', { username: bot.username })).toEqual(taken);
    expect(await root.refused('POST', '/bots', { username: ann.person.user.username })).toEqual(taken);
    expect((await root.refused('POST', '/bots', { username: 'all' }))[0]).toBe(400);
    await root.put(`/users/${bot.user_id}/roles`, { roles: 'system_user' });
  });

  it('gives it no password: nobody signs in, not even with one that an admin sets', async () => {
    const bot = await make();
    const login = (password: string) =>
      chat.api.call(undefined, 'POST', '/users/login', { login_id: bot.username, password });
    expect([(await login('x')).status, (await login('')).status]).toEqual([401, 400]);
    const path = `/users/${bot.user_id}/password`;
    expect(await root.refused('PUT', path, { new_password: 'a long enough one' })).toEqual(forbidden);
    expect((await login('a long enough one')).status).toBe(401);
  });
});

describe('looking', () => {
  it('shows bots to those who may read them, as if there were none to others', async () => {
    const bot = await make();
    expect(await root.get(`/bots/${bot.user_id}`)).toEqual(bot);
    expect(await ann.refused('GET', `/bots/${bot.user_id}`)).toEqual(missing);
    expect(await ann.refused('GET', '/bots')).toEqual(forbidden);
    expect(await root.refused('GET', `/bots/${ann.userId}`)).toEqual(missing);
    expect(await root.refused('GET', `/bots/${UNKNOWN}`)).toEqual(missing);
    expect((await root.refused('GET', '/bots/short'))[0]).toBe(400);
    const listed = await root.get<Bot[]>('/bots?per_page=200');
    expect(listed.find(({ user_id }) => user_id === bot.user_id)).toEqual(bot);
    expect(await root.get('/bots?page=999')).toEqual([]);
  });

  it('hides disabled ones unless they are asked for, and finds those whose owners are gone', async () => {
    const bot = await make();
    await root.post(`/bots/${bot.user_id}/disable`);
    const has = async (query: string) =>
      (await root.get<Bot[]>(`/bots?per_page=200${query}`)).some(({ user_id }) => user_id === bot.user_id);
    expect([await has(''), await has('&include_deleted=true')]).toEqual([false, true]);
    expect(await root.refused('GET', `/bots/${bot.user_id}`)).toEqual(missing);
    expect(await root.get(`/bots/${bot.user_id}?include_deleted=true`)).toMatchObject({ user_id: bot.user_id });
    await root.post(`/bots/${bot.user_id}/enable`);
    const gone = await chat.api.person('gone');
    await root.post(`/bots/${bot.user_id}/assign/${gone.user.id}`);
    expect(await has('&only_orphaned=true')).toBe(false);
    chat.api.settings.botsGoWithOwner = false;
    await root.put(`/users/${gone.user.id}/active`, { active: false });
    chat.api.settings.botsGoWithOwner = true;
    expect(await has('&only_orphaned=true')).toBe(true);
  });

  it('does not count bots among the users', async () => {
    const before = await ann.get('/users/stats');
    await make();
    expect(await ann.get('/users/stats')).toEqual(before);
  });
});

describe('changing', () => {
  it('takes what is given and tells everybody of the account', async () => {
    const bot = await make();
    chat.api.events.length = 0;
    const changed = await root.put<Bot>(`/bots/${bot.user_id}`, { username: 'renamed', description: '' });
    expect(changed).toMatchObject({
      user_id: bot.user_id,
      username: 'renamed',
      description: '',
      owner_id: root.userId,
    });
    const [told] = eventsOf('user_updated') as { user: User }[];
    const {
      email_verified: _v,
      props: _p,
      notify_props: _n,
      timezone: _t,
      ...shown
    } = await root.get<User>(`/users/${bot.user_id}`);
    expect(told?.user).toEqual(shown);
    expect((await root.refused('PUT', `/bots/${bot.user_id}`, { username: ann.person.user.username }))[0]).toBe(400);
    expect(await ann.refused('PUT', `/bots/${bot.user_id}`, { description: 'x' })).toEqual(missing);
  });

  it('gives it to another person, and to no bot', async () => {
    const [bot, other] = [await make(), await make()];
    expect(await root.post(`/bots/${bot.user_id}/assign/${ann.userId}`)).toMatchObject({ owner_id: ann.userId });
    expect(await root.refused('POST', `/bots/${bot.user_id}/assign/${other.user_id}`)).toEqual(forbidden);
    expect((await root.refused('POST', `/bots/${bot.user_id}/assign/${UNKNOWN}`))[0]).toBe(404);
    expect(await ann.refused('POST', `/bots/${bot.user_id}/assign/${bob.userId}`)).toEqual(missing);
  });

  it('ends whatever the bot was doing when it is disabled, and lets it go on when it is enabled', async () => {
    const bot = await make();
    const acting = await asBot(bot);
    expect(await acting.get('/users/me')).toMatchObject({ id: bot.user_id });
    chat.api.closed.length = 0;
    expect((await root.post<Bot>(`/bots/${bot.user_id}/disable`)).delete_at).toBeGreaterThan(0);
    expect((await acting.refused('GET', '/users/me'))[0]).toBe(401);
    expect(chat.api.closed).toEqual([bot.user_id]);
    expect((await root.post<Bot>(`/bots/${bot.user_id}/enable`)).delete_at).toBe(0);
    expect(await acting.get('/users/me')).toMatchObject({ id: bot.user_id });
  });

  it('disables the bots of an owner whose account is deactivated, and tells of each', async () => {
    const owner = await chat.api.person('owner');
    const bots = [await make(), await make()];
    for (const bot of bots) await root.post(`/bots/${bot.user_id}/assign/${owner.user.id}`);
    const acting = await asBot(bots[0] as Bot);
    chat.api.events.length = 0;
    await root.put(`/users/${owner.user.id}/active`, { active: false });
    expect((await acting.refused('GET', '/users/me'))[0]).toBe(401);
    const told = new Set((eventsOf('user_updated') as { user: User }[]).map(({ user }) => user.id));
    expect(told).toEqual(new Set([owner.user.id, ...bots.map((bot) => bot.user_id)]));
    expect(await root.refused('GET', `/bots/${bots[1]?.user_id}`)).toEqual(missing);
  });
});

describe('an account that becomes a bot', () => {
  it('is signed out and cannot come back, but its messages and its tokens stay', async () => {
    const person = await chat.api.person('turned');
    const token = await root.post<{ token: string }>(`/users/${person.user.id}/tokens`, { description: 'x' });
    const bot = await root.post<Bot>(`/users/${person.user.id}/convert_to_bot`);
    expect(bot).toMatchObject({ user_id: person.user.id, username: person.user.username, owner_id: person.user.id });
    expect((await chat.api.call(person, 'GET', '/users/me')).status).toBe(401);
    await expect(chat.api.login(person.user.username)).rejects.toThrow('401');
    const acting = { headers: { authorization: `Bearer ${token.token}` } };
    expect((await chat.api.call(acting, 'GET', '/users/me')).body).toMatchObject({ is_bot: true });
  });

  it('is for admins to decide, and never the last of them', async () => {
    expect(await ann.refused('POST', `/users/${bob.userId}/convert_to_bot`)).toEqual(forbidden);
    expect(await root.refused('POST', `/users/${root.userId}/convert_to_bot`)).toEqual([
      400,
      'api.user.last_admin.app_error',
    ]);
    expect((await root.refused('POST', `/users/${UNKNOWN}/convert_to_bot`))[0]).toBe(404);
  });
});

describe('the messages of a bot', () => {
  let channel: Channel;
  let acting: ChatClient;
  beforeAll(async () => {
    const team = await root.post<{ id: string }>('/teams', { name: 'bots', display_name: 'Bots', type: 'O' });
    channel = await root.post<Channel>('/channels', {
      team_id: team.id,
      name: 'robots',
      display_name: 'Robots',
      type: 'O',
    });
    acting = await asBot(await make());
    for (const userId of [acting.userId, ann.userId]) {
      await root.post(`/teams/${team.id}/members`, { team_id: team.id, user_id: userId });
      await root.post(`/channels/${channel.id}/members`, { user_id: userId });
    }
  });
  const unreadOf = async (who: ChatClient) => {
    const { total_msg_count: total } = await who.get<{ total_msg_count: number }>(`/channels/${channel.id}`);
    return total - (await who.get<ChannelMember>(`/channels/${channel.id}/members/${who.userId}`)).msg_count;
  };
  const post = (who: ChatClient, props = {}, message = 'hello') =>
    who.post<Post>('/posts', { channel_id: channel.id, message, props });

  it('are marked, are unread for the bot as for others, and do not show it as online', async () => {
    chat.api.events.length = 0;
    const [before, beforeAnn] = [await unreadOf(acting), await unreadOf(ann)];
    const written = await post(acting, { card: 'x' });
    expect(written.props).toEqual({ card: 'x', from_bot: 'true' });
    expect([await unreadOf(acting), await unreadOf(ann)]).toEqual([before + 1, beforeAnn + 1]);
    expect(eventsOf('posted')).toMatchObject([{ set_online: false }]);
    // Many at once go another way to the database.
    await Promise.all(Array.from({ length: 10 }, () => post(acting)));
    expect(await unreadOf(acting)).toBe(before + 11);
    await post(ann);
    expect(await unreadOf(ann)).toBe(0);
  });

  it('mention people, and replies to them count as those to anybody', async () => {
    const root = await post(acting, {}, `look @${ann.person.user.username}`);
    const member = await ann.get<ChannelMember>(`/channels/${channel.id}/members/${ann.userId}`);
    expect(member.mention_count).toBeGreaterThan(0);
    const reply = await ann.post<Post>('/posts', { channel_id: channel.id, message: 'yes', root_id: root.id });
    expect(reply.reply_count).toBe(1);
  });

  it('keep their mark when they are edited, which nobody else can claim', async () => {
    const written = await post(acting);
    const edited = await acting.put<Post>(`/posts/${written.id}/patch`, { props: { a: 1 } });
    expect(edited.props).toEqual({ a: 1, from_bot: 'true' });
    const forged = await post(ann, { from_bot: 'true', a: 1 });
    expect(forged.props).toEqual({ a: 1 });
    const again = await ann.put<Post>(`/posts/${forged.id}/patch`, { props: { from_bot: 'true', b: 1 } });
    expect(again.props).toEqual({ b: 1 });
  });
});
