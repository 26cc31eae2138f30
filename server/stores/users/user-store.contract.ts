import { beforeAll, describe, expect, it } from 'vitest';
import { type Database, DatabaseError, statement } from '../../database/index.ts';
import { newId } from '../../services/index.ts';
import { createSessionStore } from '../sessions/index.ts';
import { type ChatFixture, createChatFixture, newAccount, testCausality } from '../testing/chat-fixture.ts';
import { createUserStore, emailKey, type NewUser, usernameKey, type UserStore } from './index.ts';

// Set anew for each engine that the suite is run on.
let store: UserStore;
let database: Database;
const causality = testCausality();
let chat: ChatFixture;
let team: string;

const KEEP_BY_HAND = statement(
  'testing.keep_account',
  `INSERT INTO users (id, createat, updateat, username, password, email, roles, props, notifyprops, timezone)
   VALUES ($1, 1, 1, $2, '', $3, 'system_user', '{}', '{}', '{}')`,
);
const ROUND_TRIP = statement('testing.round_trip', 'SELECT id FROM users LIMIT 1');

let time = 1_000;
const account = (name: string, more: Partial<NewUser> = {}): NewUser => newAccount(name, { createAt: time++, ...more });
const add = (name: string, more: Partial<NewUser> = {}) => store.insert(causality, account(name, more), false);
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing',
    (error: unknown) => (error instanceof DatabaseError ? `${error.kind} ${error.constraint}` : String(error)),
  );

const names = (users: readonly { username: string }[]) => users.map((user) => user.username.split('_')[0]);
const page = { limit: 200, offset: 0, newestFirst: false };

/** What every engine's user store does. The database is empty but for what the suite makes. */
export function userStoreContract(open: () => Database): void {
  beforeAll(() => {
    database = open();
    store = createUserStore(database);
  });
  describe('insert', makesAccounts);
  describe('finding', findsAccounts);
  describe('changing', changesAccounts);
  describe('lists and search', listsAndSearches);
}

function makesAccounts(): void {
  it('makes exactly one admin of many who claim to be the first at the same moment', async () => {
    expect(await store.isEmpty()).toBe(true);
    const claims = await Promise.all(
      Array.from({ length: 6 }, (_, i) => store.insert(causality, account(`first${i}`), true)),
    );
    expect(claims.filter((user) => user.roles === 'system_user system_admin')).toHaveLength(1);
    expect(claims.filter((user) => user.roles === 'system_user')).toHaveLength(5);
    expect(await store.isEmpty()).toBe(false);
    expect(await store.admins()).toHaveLength(1);
  });

  it('passes over an account that another server is keeping at this moment', async () => {
    const same = account('racing');
    const { again } = await database.transaction(causality, async (tx) => {
      await tx.query(KEEP_BY_HAND, same.id, same.username, same.email);
      const started = store.insert(causality, same, false);
      // Long enough for it to come to the row that is not committed yet, and to wait for it.
      for (let n = 0; n < 30; n++) await tx.query(ROUND_TRIP);
      return { again: started };
    });
    expect((await again).id).toBe(same.id);
  });

  it('keeps one of many that are the same, and one of many who want the same name', async () => {
    const same = account('same');
    const kept = await Promise.all(Array.from({ length: 6 }, () => store.insert(causality, same, false)));
    expect(new Set(kept.map(({ id }) => id))).toEqual(new Set([same.id]));
    const wanted = await Promise.all(
      Array.from({ length: 6 }, (_, n) => refusal(add('wanted', { email: `wanted${n}@example.com` }))),
    );
    expect(wanted.sort()).toEqual(['nothing', ...Array.from({ length: 5 }, () => `unique ${usernameKey}`)]);
  });

  it('returns what a read gives afterwards, and the same again when it is repeated', async () => {
    const row = account('again', { nickname: 'Ä "quoted"', firstName: 'A', notifyProps: { channel: 'true' } });
    const made = await store.insert(causality, row, false);
    expect(made).toMatchObject({ id: row.id, create_at: row.createAt, update_at: row.createAt, delete_at: 0 });
    expect(made).toMatchObject({
      nickname: 'Ä "quoted"',
      notify_props: { channel: 'true' },
      props: {},
      timezone: {},
    });
    expect(made).not.toHaveProperty('password');
    expect(await store.insert(causality, row, false)).toEqual(made);
    expect(await store.byId(causality, row.id)).toEqual(made);
  });

  it('names the index that a taken username or address meets, whatever the case of what is stored', async () => {
    await add('taken');
    expect(await refusal(add('taken', { email: 'other@example.com' }))).toBe(`unique ${usernameKey}`);
    expect(await refusal(add('other', { email: 'taken@example.com' }))).toBe(`unique ${emailKey}`);
    expect(await refusal(add('TAKEN', { email: 'third@example.com' }))).toBe(`unique ${usernameKey}`);
  });
}

function findsAccounts(): void {
  it('finds by id, name and address; several by name order; what is not there is left out', async () => {
    const [b, a] = [await add('find.b'), await add('find.a')];
    expect(await store.byUsername(causality, 'find.a')).toEqual(a);
    expect(await store.byEmail(causality, 'find.b@example.com')).toEqual(b);
    expect(await store.byUsername(causality, 'find_a')).toBeUndefined();
    expect(await store.byIds(causality, [b.id, newId(), a.id, b.id])).toEqual([a, b]);
    expect(await store.byIds(causality, [b.id, a.id], b.update_at)).toEqual([a]);
    expect(await store.byUsernames(causality, ['find.b', 'find.a', 'nobody.here'])).toEqual([a, b]);
  });

  it('gives the password with the account only to whoever signs in, by name, address or id', async () => {
    const user = await add('login');
    for (const loginId of ['login', 'login@example.com', user.id]) {
      expect(await store.credentials(loginId)).toEqual({ user, passwordHash: 'hash of login' });
    }
    expect(await store.credentials('nobody')).toBeUndefined();
  });
}

function changesAccounts(): void {
  it('patches what is given, clears with an empty text, and leaves the rest', async () => {
    const user = await add('patch', { nickname: 'Nick', firstName: 'First' });
    const patch = {
      nickname: '',
      position: 'Captain',
      notify_props: { push: 'none' },
      timezone: { manualTimezone: 'UTC' },
    };
    const changed = await store.patch(causality, user.id, patch, 9_000);
    expect(changed).toEqual({ ...user, ...patch, update_at: 9_000 });
    expect(await store.byId(causality, user.id)).toEqual(changed);
    expect(await store.patch(causality, newId(), patch, 9_000)).toBeUndefined();
    expect(await refusal(store.patch(causality, user.id, { username: 'taken' }, 9_001))).toBe(`unique ${usernameKey}`);
  });

  it('a new password ends all sessions but one, deactivating ends all', async () => {
    const user = await add('sessions');
    const sessions = createSessionStore(database);
    const session = () => {
      const id = newId();
      const times = { createAt: 1, expiresAt: 9e12, lastActivityAt: 1 };
      return { id, tokenHash: `hash-${id}`, userId: user.id, deviceId: '', props: {}, ...times };
    };
    const [kept, other] = [session(), session()];
    for (const one of [kept, other]) await sessions.insert(causality, one);
    await store.setPassword(causality, user.id, { hash: 'new', now: 10_000, exceptSession: kept.id });
    expect((await store.credentials('sessions'))?.passwordHash).toBe('new');
    expect((await sessions.ofUser(causality, user.id, 0)).map((one) => one.id)).toEqual([kept.id]);
    await store.setActive(causality, user.id, false, 11_000);
    expect(await sessions.ofUser(causality, user.id, 0)).toEqual([]);
    expect(await store.byId(causality, user.id)).toMatchObject({ delete_at: 11_000, update_at: 11_000 });
    await store.setActive(causality, user.id, true, 12_000);
    expect(await store.byId(causality, user.id)).toMatchObject({ delete_at: 0 });
  });

  it('counts active accounts and names active admins', async () => {
    const before = await store.count();
    const user = await add('admin.too');
    await store.setRoles(causality, user.id, 'system_user system_admin', 1);
    expect(await store.admins()).toContain(user.id);
    expect(await store.count()).toBe(before + 1);
    await store.setActive(causality, user.id, false, 2);
    expect(await store.admins()).not.toContain(user.id);
    expect(await store.count()).toBe(before);
  });
}

function listsAndSearches(): void {
  beforeAll(async () => {
    chat = await createChatFixture(database);
    team = chat.team.id;
  });

  it('filters by team and channel, both ways, and pages by name', async () => {
    const zoe = await chat.user('zoe');
    const channel = await chat.channel([chat.ada]);
    const list = (filter: Parameters<UserStore['list']>[1], options = {}) =>
      store.list(causality, filter, { ...page, ...options });
    expect(names(await list({ inTeam: team }))).toEqual(['ada', 'bob']);
    expect(names(await list({ inChannel: channel.id }))).toEqual(['ada']);
    expect(names(await list({ inTeam: team, notInChannel: channel.id }))).toEqual(['bob']);
    expect(names(await list({ inTeam: team }, { limit: 1, offset: 1 }))).toEqual(['bob']);
    expect(await list({ inTeam: team }, { offset: 5 })).toEqual([]);
    const outside = await list({ notInTeam: team });
    expect(outside.map((user) => user.id)).toContain(zoe.id);
    expect(names(outside)).not.toContain('ada');
    expect((await list({ withoutTeam: true })).map((user) => user.id)).toContain(zoe.id);
  });

  it('filters by activity and by a whole role', async () => {
    const gone = await add('gone.away');
    await store.setActive(causality, gone.id, false, 5);
    const ids = async (filter: Parameters<UserStore['list']>[1]) =>
      (await store.list(causality, filter, page)).map((user) => user.id);
    expect(await ids({ activity: 'inactive' })).toContain(gone.id);
    expect(await ids({ activity: 'active' })).not.toContain(gone.id);
    expect(await ids({ role: 'system_admin', activity: 'active' })).toEqual(await store.admins());
    expect(await ids({ role: 'admin' })).toEqual([]);
    expect(await ids({ role: '%' })).toEqual([]);
  });

  it('the newest come first when that is asked for', async () => {
    const newest = await add('the.newest', { createAt: 5_000_000 });
    expect((await store.list(causality, {}, { ...page, newestFirst: true }))[0]).toEqual(newest);
  });

  describe('search', searches);
}

function searches(): void {
  it('every word of a search begins a name; patterns stand for themselves; the address only when asked', async () => {
    await add('search.one', { firstName: 'Ottilie', lastName: 'Quast', nickname: '100%' });
    await add('search.two', { firstName: 'Otto', lastName: 'Zweig' });
    const search = async (term: string, byEmail = false) => names(await store.search({}, term, { byEmail, limit: 10 }));
    expect(await search('ott')).toEqual(['search.one', 'search.two']);
    expect(await search('OTTI qua')).toEqual(['search.one']);
    expect(await search('@search.t')).toEqual(['search.two']);
    expect(await search('100%')).toEqual(['search.one']);
    expect(await search('%')).toEqual([]);
    expect(await search('_')).toEqual([]);
    expect(await search("'; DROP TABLE users; --")).toEqual([]);
    await add('mail.me', { email: 'unusual@example.com' });
    expect([await search('unusual'), await search('unusual', true)]).toEqual([[], ['mail.me']]);
  });

  it('knows who shares a channel, and what a user can see', async () => {
    const [eve, mallory] = [await chat.user('eve'), await chat.user('mallory')];
    const secret = await chat.channel([chat.ada, eve], 'P');
    const open = await chat.channel([chat.ada]);
    expect(await store.known(causality, eve.id)).toEqual([chat.ada.id]);
    expect(await store.known(causality, mallory.id)).toEqual([]);
    const reach = (who: string, channel: string) => store.reach(causality, who, team, channel);
    expect(await reach(chat.ada.id, secret.id)).toEqual({ team: true, channel: true });
    expect(await reach(chat.bob.id, secret.id)).toEqual({ team: true, channel: false });
    expect(await reach(chat.bob.id, open.id)).toEqual({ team: true, channel: true });
    expect(await reach(mallory.id, open.id)).toEqual({ team: false, channel: false });
    expect(await reach(eve.id, secret.id)).toEqual({ team: false, channel: true });
  });
}
