import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../database/index.ts';
import { newId } from '../../services/index.ts';
import { createChatFixture, testCausality, type TestUser } from '../testing/chat-fixture.ts';
import { createUserStore } from '../users/index.ts';
import { createSessionStore, type SessionStore, type StoredSession } from './index.ts';

// Set anew for each engine that the suite is run on.
let database: Database;
let store: SessionStore;
let ada: TestUser;
let bob: TestUser;
const causality = testCausality();

const session = (userId: string, more: Partial<StoredSession> = {}): StoredSession => {
  const id = newId();
  const props = { csrf: 'c', agent: '"quoted" ü' };
  const times = { createAt: 1_000, expiresAt: 9_000, lastActivityAt: 1_000 };
  return { id, tokenHash: `hash of ${id}`, userId, deviceId: '', props, ...times, ...more };
};
const idsOf = async (userId: string, now = 2_000) => (await store.ofUser(causality, userId, now)).map((one) => one.id);

/** What every engine's session store does. */
export function sessionStoreContract(open: () => Database): void {
  beforeAll(async () => {
    database = open();
    store = createSessionStore(database);
    ({ ada, bob } = await createChatFixture(database));
  });
  describe('sessions', keepsSessions);
  describe('sessions', endsSessions);
}

function keepsSessions(): void {
  it('are found by the hash of their token, with the roles of their user', async () => {
    const kept = session(ada.id, { deviceId: 'phone' });
    await store.insert(causality, kept);
    await store.insert(causality, kept);
    expect(await store.byTokenHash(kept.tokenHash)).toEqual({ ...kept, roles: 'system_user', deactivated: false });
    expect(await store.byTokenHash('hash of nothing')).toBeUndefined();
  });

  it('show at once when their user is deactivated or gets other roles', async () => {
    const kept = session(bob.id);
    const users = createUserStore(database);
    await store.insert(causality, kept);
    await users.setRoles(causality, bob.id, 'system_user system_admin', 5);
    expect((await store.byTokenHash(kept.tokenHash))?.roles).toBe('system_user system_admin');
    const gone = await createChatFixture(database);
    const ofGone = session(gone.ada.id);
    await users.setActive(causality, gone.ada.id, false, 5);
    await store.insert(causality, ofGone);
    expect((await store.byTokenHash(ofGone.tokenHash))?.deactivated).toBe(true);
  });

  it('are listed while they last, the last used first, and only their user’s', async () => {
    const { ada: own } = await createChatFixture(database);
    const [old, used, expired] = [
      session(own.id),
      session(own.id, { lastActivityAt: 1_500 }),
      session(own.id, { expiresAt: 2_000 }),
    ];
    for (const one of [old, used, expired, session(ada.id)]) await store.insert(causality, one);
    expect(await idsOf(own.id)).toEqual([used.id, old.id]);
    expect(await idsOf(own.id, 1_999)).toContain(expired.id);
  });

  it('move their activity and their end forward only', async () => {
    const kept = session(ada.id);
    await store.insert(causality, kept);
    await store.touch(causality, kept.id, 5_000, 15_000);
    await store.touch(causality, kept.id, 4_000, 14_000);
    expect(await store.byTokenHash(kept.tokenHash)).toMatchObject({ lastActivityAt: 5_000, expiresAt: 15_000 });
    await store.setDevice(causality, kept.id, 'tablet');
    expect(await store.byTokenHash(kept.tokenHash)).toMatchObject({ deviceId: 'tablet' });
  });
}

function endsSessions(): void {
  it('end one by one, by token, all of a user but one, and by time', async () => {
    const { ada: own, bob: other } = await createChatFixture(database);
    const all = Array.from({ length: 4 }, () => session(own.id));
    const foreign = session(other.id);
    for (const one of [...all, foreign]) await store.insert(causality, one);
    const [first, second, third, fourth] = all as [StoredSession, StoredSession, StoredSession, StoredSession];
    await store.remove(causality, first.id);
    await store.removeByTokenHash(causality, second.tokenHash);
    expect((await idsOf(own.id)).sort()).toEqual([third.id, fourth.id].sort());
    await store.removeOfUser(causality, own.id, fourth.id);
    expect([await idsOf(own.id), await idsOf(other.id)]).toEqual([[fourth.id], [foreign.id]]);
    await store.removeExpired(causality, 8_999);
    expect(await idsOf(own.id)).toEqual([fourth.id]);
    await store.removeExpired(causality, 9_000);
    expect(await store.byTokenHash(fourth.tokenHash)).toBeUndefined();
  });
}
