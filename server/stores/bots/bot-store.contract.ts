import { beforeAll, expect, it } from 'vitest';
import { type Database, DatabaseError } from '../../database/index.ts';
import { newId } from '../../services/index.ts';
import { createSessionStore } from '../sessions/index.ts';
import { type ChatFixture, createChatFixture, newAccount, testCausality } from '../testing/chat-fixture.ts';
import { createUserStore, usernameKey, type UserStore } from '../users/index.ts';
import { type BotFilter, type BotStore, createBotStore, type NewBot, type StoredBot } from './index.ts';

// Set anew for each engine that the suite is run on.
let database: Database;
let store: BotStore;
let users: UserStore;
let fixture: ChatFixture;
const causality = testCausality();

const newBot = (ownerId: string, more: Partial<NewBot> = {}): NewBot => ({
  id: newId(),
  createAt: 1_000,
  username: `bot-${newId()}`,
  displayName: 'Ä "bot"',
  description: 'does things',
  ownerId,
  notifyProps: { push: 'none' },
  ...more,
});
const add = (ownerId: string, more: Partial<NewBot> = {}): Promise<StoredBot> =>
  store.insert(causality, newBot(ownerId, more));
const listed = async (filter: Partial<BotFilter>, page = { limit: 200, offset: 0 }): Promise<string[]> => {
  const wanted = { includeDeleted: false, onlyOrphaned: false, ...filter };
  return (await store.list(causality, wanted, page)).map((bot) => bot.user.id);
};

/** What every engine's bot store does. */
export function botStoreContract(open: () => Database): void {
  beforeAll(async () => {
    database = open();
    store = createBotStore(database);
    users = createUserStore(database);
    fixture = await createChatFixture(database);
  });

  it('keeps a bot as an account with what makes it a bot, and the same once more when it is repeated', async () => {
    const { ada } = fixture;
    const bot = newBot(ada.id);
    const kept = await store.insert(causality, bot);
    expect(kept.ownerId).toBe(ada.id);
    expect(kept.user).toMatchObject({
      id: bot.id,
      username: bot.username,
      email: `${bot.username}@localhost`,
      first_name: 'Ä "bot"',
      roles: 'system_user',
      is_bot: true,
      bot_description: 'does things',
      bot_last_icon_update: 0,
      notify_props: { push: 'none' },
    });
    expect(await store.insert(causality, bot)).toEqual(kept);
    expect(await store.byId(causality, bot.id)).toEqual(kept);
    expect(await users.byId(causality, bot.id)).toEqual(kept.user);
    expect(await store.byId(causality, ada.id)).toBeUndefined();
    expect(await users.byId(causality, ada.id)).not.toHaveProperty('is_bot');
  });

  it('has no password that anything would fit', async () => {
    const { user } = await add(fixture.ada.id);
    expect((await users.credentials(user.username))?.passwordHash).toBe('');
  });

  it('refuses a name that an account has, by the name of the index', async () => {
    const { user } = await add(fixture.ada.id);
    const refusal = (work: Promise<unknown>) =>
      work.then(
        () => 'nothing',
        (error: unknown) => error instanceof DatabaseError && `${error.kind} ${error.constraint}`,
      );
    const again = await refusal(add(fixture.ada.id, { username: user.username }));
    const person = users.insert(causality, newAccount(user.username, { email: `${newId()}@example.com` }), false);
    expect([again, await refusal(person)]).toEqual([`unique ${usernameKey}`, `unique ${usernameKey}`]);
  });

  it('lists by name, of one owner or of all, with disabled and without, and those whose owners are gone', async () => {
    const { ada, bob } = await createChatFixture(database);
    const [z, a] = [await add(ada.id, { username: `z-${newId()}` }), await add(ada.id, { username: `a-${newId()}` })];
    const [off, orphan] = [await add(ada.id, { username: `m-${newId()}` }), await add(bob.id)];
    await users.setActive(causality, off.user.id, false, 5_000);
    expect(await listed({ ownerId: ada.id })).toEqual([a.user.id, z.user.id]);
    expect(await listed({ ownerId: ada.id, includeDeleted: true })).toEqual([a.user.id, off.user.id, z.user.id]);
    expect(await listed({ ownerId: ada.id }, { limit: 1, offset: 1 })).toEqual([z.user.id]);
    expect(await listed({ onlyOrphaned: true })).not.toContain(orphan.user.id);
    await users.setActive(causality, bob.id, false, 5_000);
    const orphans = await listed({ onlyOrphaned: true });
    expect([orphans.includes(orphan.user.id), orphans.includes(a.user.id)]).toEqual([true, false]);
    expect(await listed({})).toEqual(expect.arrayContaining([a.user.id, orphan.user.id]));
    expect((await users.activeBotsOf(ada.id)).map(({ id }) => id)).toEqual([z.user.id, a.user.id].toSorted());
  });

  it('changes what is given and leaves the rest, and nothing of an account that is no bot', async () => {
    const { user } = await add(fixture.ada.id);
    const username = `new-${newId()}`;
    const renamed = await store.patch(causality, user.id, { username }, 2_000);
    expect(renamed?.user).toMatchObject({ username, email: `${username}@localhost`, bot_description: 'does things' });
    const described = await store.patch(causality, user.id, { description: '', display_name: 'B' }, 3_000);
    expect(described?.user).toMatchObject({ username, first_name: 'B', bot_description: '', update_at: 3_000 });
    expect(await store.patch(causality, fixture.ada.id, { description: 'x' }, 2_000)).toBeUndefined();
    expect((await store.setOwner(causality, user.id, fixture.bob.id, 4_000))?.ownerId).toBe(fixture.bob.id);
    expect(await store.setOwner(causality, newId(), fixture.bob.id, 4_000)).toBeUndefined();
  });

  it('makes an account a bot: without password and sessions, its own owner, and never orphaned', async () => {
    const account = await users.insert(causality, newAccount(`person-${newId()}`), false);
    const session = { createAt: 1, expiresAt: 9e12, lastActivityAt: 1, deviceId: '', props: {} };
    const sessions = createSessionStore(database);
    await sessions.insert(causality, { ...session, id: newId(), tokenHash: account.id, userId: account.id });
    const bot = await store.convert(causality, account.id, 2_000);
    expect(bot).toMatchObject({ ownerId: account.id, user: { is_bot: true, username: account.username } });
    expect(await store.convert(causality, account.id, 3_000)).toEqual(bot);
    expect((await users.credentials(account.id))?.passwordHash).toBe('');
    expect(await sessions.byTokenHash(account.id)).toBeUndefined();
    expect(await store.convert(causality, newId(), 2_000)).toBeUndefined();
    await users.setActive(causality, account.id, false, 4_000);
    expect(await listed({ onlyOrphaned: true, includeDeleted: true })).not.toContain(account.id);
    expect(await users.activeBotsOf(account.id)).toEqual([]);
  });

  it('counts people and admins without bots, and disables several at once', async () => {
    const before = { people: await users.count(), admins: (await users.admins()).length };
    const [one, other] = [await add(fixture.ada.id), await add(fixture.ada.id)];
    await users.setRoles(causality, one.user.id, 'system_user system_admin', 2_000);
    expect({ people: await users.count(), admins: (await users.admins()).length }).toEqual(before);
    await users.setAllActive(causality, [other.user.id, one.user.id], false, 7_000);
    const found = await users.byIds(causality, [one.user.id, other.user.id]);
    expect(found.map((user) => user.delete_at)).toEqual([7_000, 7_000]);
  });
}
