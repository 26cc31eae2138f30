import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../../database/index.ts';
import { newId } from '../../services/index.ts';
import { createBotStore } from '../bots/index.ts';
import { createSessionStore, type SessionStore } from '../sessions/index.ts';
import { createChatFixture, testCausality, type TestUser } from '../testing/chat-fixture.ts';
import { createUserStore } from '../users/index.ts';
import { type AccessTokenStore, createAccessTokenStore, type NewAccessToken } from './index.ts';

// Set anew for each engine that the suite is run on.
let database: Database;
let store: AccessTokenStore;
let sessions: SessionStore;
let ada: TestUser;
let bob: TestUser;
const causality = testCausality();
const all = { limit: 200, offset: 0 };

let time = 1_000;
async function add(userId: string, more: Partial<NewAccessToken> = {}): Promise<NewAccessToken> {
  const id = newId();
  const token = {
    id,
    tokenHash: `hash of ${id}`,
    userId,
    description: 'ä "x"',
    createAt: time++,
    expiresAt: 0,
    ...more,
  };
  await store.insert(causality, token);
  return token;
}
const shown = ({ id, userId, description }: NewAccessToken) => ({ id, user_id: userId, description, is_active: true });

/** What every engine's store of access tokens does. */
export function accessTokenStoreContract(open: () => Database): void {
  beforeAll(async () => {
    database = open();
    store = createAccessTokenStore(database);
    sessions = createSessionStore(database);
    ({ ada, bob } = await createChatFixture(database));
  });

  it('keeps a token once, and shows neither it nor its hash', async () => {
    const token = await add(ada.id);
    await store.insert(causality, token);
    expect(await store.byId(token.id)).toEqual(shown(token));
    expect(await store.byId(newId())).toBeUndefined();
    const ending = await add(ada.id, { expiresAt: 7_000 });
    expect(await store.byId(ending.id)).toEqual({ ...shown(ending), expires_at: 7_000 });
  });

  it('lists the newest first, of a user and of all, by pages, and finds by id and by the beginning of a name', async () => {
    const [old, young, foreign] = [await add(bob.id), await add(bob.id), await add(ada.id)];
    expect(await store.ofUser(causality, bob.id, all)).toEqual([shown(young), shown(old)]);
    expect(await store.ofUser(causality, bob.id, { limit: 1, offset: 1 })).toEqual([shown(old)]);
    expect((await store.list(causality, { limit: 2, offset: 0 })).map(({ id }) => id)).toEqual([foreign.id, young.id]);
    const found = async (term: string) => (await store.search(term, 200)).map(({ id }) => id);
    expect(await found(old.id)).toEqual([old.id]);
    expect(await found(bob.id)).toEqual([young.id, old.id]);
    expect(await found(bob.username.slice(0, 8).toUpperCase())).toEqual([young.id, old.id]);
    expect(await found('%')).toEqual([]);
    expect(await store.search(bob.id, 1)).toHaveLength(1);
  });

  it('is a session as long as it is active, with the id of the token and the roles of its user', async () => {
    const token = await add(ada.id);
    const session = await sessions.byTokenHash(token.tokenHash);
    expect(session).toMatchObject({
      id: token.id,
      userId: ada.id,
      roles: 'system_user',
      deactivated: false,
      accessTokenOf: 'person',
      props: { type: 'UserAccessToken', user_access_token_id: token.id },
    });
    expect(session?.expiresAt).toBeGreaterThan(Date.now());
    await store.setActive(causality, token.id, false);
    expect([await sessions.byTokenHash(token.tokenHash), (await store.byId(token.id))?.is_active]).toEqual([
      undefined,
      false,
    ]);
    await store.setActive(causality, token.id, true);
    expect((await sessions.byTokenHash(token.tokenHash))?.id).toBe(token.id);
    await store.remove(causality, token.id);
    await store.remove(causality, token.id);
    expect([await sessions.byTokenHash(token.tokenHash), await store.byId(token.id)]).toEqual([undefined, undefined]);
  });

  it('ends when it is said to, and says whether a bot acts', async () => {
    const { user } = await createBotStore(database).insert(causality, {
      id: newId(),
      createAt: 1,
      username: `bot-${newId()}`,
      displayName: '',
      description: '',
      ownerId: ada.id,
      notifyProps: {},
    });
    const token = await add(user.id, { expiresAt: 77_000 });
    expect(await sessions.byTokenHash(token.tokenHash)).toMatchObject({
      expiresAt: 77_000,
      accessTokenOf: 'bot',
      props: { is_bot: 'true' },
    });
    expect((await sessions.ofUser(causality, user.id, 76_999)).map(({ id }) => id)).toEqual([token.id]);
    expect(await sessions.ofUser(causality, user.id, 77_000)).toEqual([]);
  });

  it('is listed among the sessions of its user, who keeps it when all of them end', async () => {
    const { ada: own } = await createChatFixture(database);
    const token = await add(own.id);
    const props = { csrf: 'c' };
    const times = { createAt: 1, expiresAt: 9e12, lastActivityAt: 9e11 };
    await sessions.insert(causality, { id: newId(), tokenHash: own.id, userId: own.id, deviceId: '', props, ...times });
    expect((await sessions.ofUser(causality, own.id, 5)).map((one) => one.accessTokenOf)).toEqual([
      undefined,
      'person',
    ]);
    await sessions.removeOfUser(causality, own.id, '');
    expect((await sessions.ofUser(causality, own.id, 5)).map(({ id }) => id)).toEqual([token.id]);
    await createUserStore(database).setActive(causality, own.id, false, 5);
    expect((await sessions.byTokenHash(token.tokenHash))?.deactivated).toBe(true);
  });
}
