import { beforeEach, describe, expect, test } from 'vitest';
import { type Causality, DatabaseError } from '../../database/index.ts';
import { silentLogger } from '../../observability/index.ts';
import type { SessionStore, SessionWithUser, StoredSession } from '../../stores/sessions/index.ts';
import type { Caller } from '../base/caller.ts';
import { SessionService } from './index.ts';
import { defaultGrants } from '../permissions/index.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const causality: Causality = { token: undefined, raise: () => undefined };
const down = () => new DatabaseError('down', { kind: 'unreachable', outcome: 'not-executed' });

/** A store in memory that can be down, or slow to answer. What the real one does is in its contract suite. */
class MemoryStore {
  readonly rows = new Map<string, SessionWithUser>();
  isDown = false;
  reads = 0;
  touched: number[] = [];
  /** Runs between the read and its answer. */
  beforeAnswer: () => Promise<void> = () => Promise.resolve();

  #check() {
    if (this.isDown) throw down();
  }
  async insert(_: Causality, session: StoredSession) {
    this.#check();
    this.rows.set(session.tokenHash, { ...session, roles: 'system_user', deactivated: false });
  }
  async byTokenHash(tokenHash: string) {
    this.reads++;
    this.#check();
    const row = this.rows.get(tokenHash);
    await this.beforeAnswer();
    return row;
  }
  async ofUser(_: Causality, userId: string) {
    this.#check();
    return [...this.rows.values()].filter((row) => row.userId === userId);
  }
  async touch(_: Causality, _id: string, at: number) {
    this.#check();
    this.touched.push(at);
  }
  async remove(_: Causality, id: string) {
    this.#check();
    for (const [hash, row] of this.rows) if (row.id === id) this.rows.delete(hash);
  }
  async removeByTokenHash(_: Causality, tokenHash: string) {
    this.#check();
    this.rows.delete(tokenHash);
  }
  async removeOfUser(_: Causality, userId: string) {
    this.#check();
    for (const [hash, row] of this.rows) if (row.userId === userId) this.rows.delete(hash);
  }
  async removeExpired() {
    this.#check();
  }
}

let now: number;
let store: MemoryStore;
let sessions: SessionService;
let closed: string[];
let accessTokens: boolean;
beforeEach(() => {
  now = 1e12;
  store = new MemoryStore();
  closed = [];
  accessTokens = true;
  sessions = new SessionService({
    grants: () => defaultGrants,
    store: store as unknown as SessionStore,
    sockets: {
      closeSession: (id) => void closed.push(id),
      closeUser: (id) => void closed.push(`user ${id}`),
      closeEverybody: () => void closed.push('everybody'),
    },
    detached: () => causality,
    settings: () => ({ lifetimeMs: 24 * HOUR, cacheMs: 10 * MINUTE, accessTokens }),
    log: silentLogger,
    now: () => now,
  });
});

const issue = (userId = 'ann') => sessions.issue(causality, userId, { deviceId: '', agent: 'test' });
const idOf = async (token: string) => (await sessions.authenticate(token))?.id ?? 'none';
const caller = (userId: string): Caller => ({
  userId,
  sessionId: 's',
  roles: ['system_user'],
  grants: defaultGrants,
  causality,
  requestId: '',
  address: '',
  connectionId: '',
});

describe('tokens', () => {
  test('are random, and only their hash is kept', async () => {
    const [a, b] = [await issue(), await issue()];
    expect(a.token).toMatch(/^[a-z0-9]{26}$/);
    expect([a.token === b.token, a.csrf === b.csrf, a.token === a.csrf]).toEqual([false, false, false]);
    expect(JSON.stringify([...store.rows])).not.toContain(a.token);
    expect([...store.rows.keys()][0]).toMatch(/^[\w-]{43}$/);
  });

  test('an unknown one, an expired one and one of a deactivated user are nobody', async () => {
    expect(await sessions.authenticate('nonsense')).toBeUndefined();
    const { token } = await issue();
    now += 25 * HOUR;
    expect(await sessions.authenticate(token)).toBeUndefined();
    const other = await issue('bob');
    for (const [hash, row] of store.rows) store.rows.set(hash, { ...row, deactivated: true });
    expect(await sessions.authenticate(other.token)).toBeUndefined();
  });
});

describe('the memory', () => {
  test('answers without a promise and without the database for ten minutes', async () => {
    const { token } = await issue();
    await sessions.authenticate(token);
    now += 9 * MINUTE;
    expect(sessions.authenticate(token)).toMatchObject({ userId: 'ann' });
    expect(store.reads).toBe(1);
    now += 2 * MINUTE;
    await sessions.authenticate(token);
    expect(store.reads).toBe(2);
  });

  test('asks once for many requests at the same moment', async () => {
    const { token } = await issue();
    await Promise.all([1, 2, 3].map(async () => sessions.authenticate(token)));
    expect(store.reads).toBe(1);
  });

  test('is doubted on request, which signs nobody out while no database answers', async () => {
    const { token } = await issue();
    await sessions.authenticate(token);
    store.isDown = true;
    sessions.doubtAll();
    expect(await idOf(token)).not.toBe('none');
    sessions.doubtAll();
    store.isDown = false;
    store.rows.clear();
    expect(await idOf(token)).toBe('none');
  });

  test('a session stays good for as long as no database answers, and nobody waits for it', async () => {
    const { token } = await issue();
    await sessions.authenticate(token);
    store.isDown = true;
    now += 3 * HOUR;
    expect(await sessions.authenticate(token)).toMatchObject({ userId: 'ann' });
    now += 5_000;
    expect(sessions.authenticate(token)).not.toBeInstanceOf(Promise);
    now += 23 * HOUR;
    expect(await sessions.authenticate(token)).toMatchObject({ userId: 'ann' });
  });

  test('what happened meanwhile counts as soon as the database is back', async () => {
    const { token } = await issue();
    await sessions.authenticate(token);
    store.isDown = true;
    now += HOUR;
    await sessions.authenticate(token);
    store.isDown = false;
    store.rows.clear();
    now += 2_000;
    await expect.poll(() => sessions.authenticate(token)).toBeUndefined();
  });

  test('a session that was never seen is unknown while the database is down, which is not "signed out"', async () => {
    const { token } = await issue();
    store.isDown = true;
    await expect(sessions.authenticate(token)).rejects.toBeInstanceOf(DatabaseError);
    store.isDown = false;
    expect(await sessions.authenticate(token)).toMatchObject({ userId: 'ann' });
  });

  test('new roles count at the next request', async () => {
    const { token } = await issue();
    await sessions.authenticate(token);
    for (const [hash, row] of store.rows) store.rows.set(hash, { ...row, roles: 'system_user system_admin' });
    sessions.userChanged('ann');
    expect(await sessions.authenticate(token)).toMatchObject({ roles: ['system_user', 'system_admin'] });
  });
});

describe('access tokens', () => {
  /** As the store finds them, with the hash of a session's token that is taken in their place. */
  async function keep(accessTokenOf: 'person' | 'bot', expiresAt = 1e15): Promise<{ token: string; id: string }> {
    const { token } = await issue();
    const [hash, row] = [...store.rows].at(-1) as [string, SessionWithUser];
    store.rows.set(hash, { ...row, expiresAt, accessTokenOf });
    return { token, id: row.id };
  }

  test('are found in memory like sessions, without a question, and while no database answers', async () => {
    const { token } = await keep('bot');
    await sessions.authenticate(token);
    expect(sessions.authenticate(token)).toMatchObject({ userId: 'ann', accessTokenOf: 'bot' });
    expect(store.reads).toBe(1);
    store.isDown = true;
    now += 3 * HOUR;
    expect(await sessions.authenticate(token)).toMatchObject({ userId: 'ann' });
  });

  test('are not made longer by being used, and nothing is written of it', async () => {
    const { token } = await keep('person', now + HOUR);
    await sessions.authenticate(token);
    now += 50 * MINUTE;
    expect(await sessions.authenticate(token)).toMatchObject({ userId: 'ann' });
    now += 10 * MINUTE;
    expect([await sessions.authenticate(token), store.touched]).toEqual([undefined, []]);
  });

  test('of people are nobody while the setting is off, from the next request on; bots’ go on', async () => {
    const [person, bot] = [await keep('person'), await keep('bot')];
    for (const { token } of [person, bot]) await sessions.authenticate(token);
    accessTokens = false;
    expect([await sessions.authenticate(person.token), (await sessions.authenticate(bot.token))?.id]).toEqual([
      undefined,
      bot.id,
    ]);
    accessTokens = true;
    expect((await sessions.authenticate(person.token))?.id).toBe(person.id);
  });

  test('end at once with their sockets, also when a look-up is under way', async () => {
    const { token, id } = await keep('person');
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    store.beforeAnswer = () => held;
    const asked = sessions.authenticate(token);
    store.beforeAnswer = () => Promise.resolve();
    store.rows.clear();
    sessions.accessTokenEnded(id);
    release();
    expect([await asked, closed]).toEqual([undefined, [id]]);
  });
});

describe('ending', () => {
  test('signing out ends the session and its sockets', async () => {
    const { token } = await issue();
    const id = await idOf(token);
    await sessions.end(token);
    expect([await idOf(token), store.rows.size, closed]).toEqual(['none', 0, [id]]);
    await sessions.end('never issued');
  });

  test('signing out while the database is down holds here at once and there later', async () => {
    const { token } = await issue();
    const id = await idOf(token);
    store.isDown = true;
    await sessions.end(token);
    expect([await idOf(token), store.rows.size, closed]).toEqual(['none', 1, [id]]);
    store.isDown = false;
    expect(await idOf(token)).toBe('none');
    await sessions.tidy();
    expect(store.rows.size).toBe(0);
  });

  test('a look-up that was under way does not bring a revoked session back', async () => {
    const { token } = await issue();
    const { id } = [...store.rows.values()][0] as SessionWithUser;
    let release: () => void = () => undefined;
    store.beforeAnswer = () => new Promise((resolve) => (release = resolve));
    const underWay = sessions.authenticate(token);
    await expect.poll(() => store.reads).toBe(1);
    store.beforeAnswer = () => Promise.resolve();
    await sessions.revoke(caller('ann'), 'ann', id);
    release();
    expect([await underWay, await idOf(token)]).toEqual([undefined, 'none']);
  });

  test('one revokes own sessions only, and all at once', async () => {
    const [mine, other] = [await issue('ann'), await issue('bob')];
    const otherId = await idOf(other.token);
    await expect(sessions.revoke(caller('ann'), 'ann', otherId)).rejects.toMatchObject({ status: 400 });
    await expect(sessions.revoke(caller('ann'), 'bob', otherId)).rejects.toMatchObject({ status: 403 });
    await expect(sessions.revokeAll(caller('ann'), 'bob')).rejects.toMatchObject({ status: 403 });
    await sessions.revokeAll(caller('ann'), 'ann');
    expect([await idOf(mine.token), await idOf(other.token), closed]).toEqual(['none', otherId, ['user ann']]);
  });

  test('lists show neither token nor proof', async () => {
    const { token, csrf } = await issue();
    const listed = await sessions.list(caller('ann'), 'ann');
    expect(listed).toHaveLength(1);
    expect(JSON.stringify(listed)).not.toContain(csrf);
    expect(JSON.stringify(listed)).not.toContain(token);
    expect(JSON.stringify(listed)).not.toContain([...store.rows.keys()][0]);
  });
});

test('activity is written at most every five minutes and extends the session', async () => {
  const { token, expiresAt } = await issue();
  await sessions.authenticate(token);
  for (let minute = 0; minute < 11; minute++) {
    await sessions.authenticate(token);
    now += MINUTE;
  }
  expect(store.touched.map((at) => (at - 1e12) / MINUTE)).toEqual([5, 10]);
  const extended = await sessions.authenticate(token);
  expect(extended?.expiresAt).toBe(expiresAt + 10 * MINUTE);
});
