import { beforeAll, describe, expect, it } from 'vitest';
import { bind, type Database, statement } from '../../database/index.ts';
import { createFileStore } from '../files/index.ts';
import { createPostStore } from '../posts/index.ts';
import { type ChatFixture, createChatFixture, newPost, testCausality, type TestUser } from '../testing/chat-fixture.ts';
import { type AnalyticsStore, createAnalyticsStore, createUserReportStore, type UserReportStore } from './index.ts';

const DAY_MS = 86_400_000;
const WRITE_AT = statement('testing.write_at', 'UPDATE posts SET createat = $2 WHERE id = $1');
const WRITTEN_AT = statement('testing.written_at', 'UPDATE channels SET lastpostat = $2 WHERE id = $1');
const DEACTIVATE = statement('testing.deactivate', 'UPDATE users SET deleteat = 5 WHERE id = $1');
const SEEN_AT = statement(
  'testing.seen_at',
  `INSERT INTO status (userid, status, lastactivityat) VALUES ($1, 'online', $2)`,
);
const SIGNED_IN = statement(
  'testing.signed_in',
  `INSERT INTO sessions (id, token, createat, expiresat, lastactivityat, userid, props) VALUES ($1, $1, $2, $3, $2, $4, '{}')`,
);

/** What every engine does with figures. The database is empty but for what the suite makes. */
export function analyticsStoreContract(open: () => Database): void {
  let database: Database;
  let store: AnalyticsStore;
  let reports: UserReportStore;
  let chat: ChatFixture;
  let carl: TestUser;
  const causality = testCausality();
  const run = (query: ReturnType<typeof statement>, ...values: (string | number)[]) =>
    database.write(causality, bind(query, ...values));
  const post = async (who: TestUser, channelId: string, day: number) => {
    const made = newPost({ userId: who.id, channelId });
    await createPostStore(database).create(causality, made);
    await run(WRITE_AT, made.id, day * DAY_MS + 7);
    await run(WRITTEN_AT, channelId, 200 * DAY_MS);
  };

  beforeAll(async () => {
    database = open();
    store = createAnalyticsStore(database);
    reports = createUserReportStore(database);
    chat = await createChatFixture(database);
    carl = await chat.user('carl', { roles: 'system_user system_admin' });
    await run(DEACTIVATE, carl.id);
  });

  describe('figures', () => {
    it('are counted, of the server and of a team', async () => {
      const before = await store.totals('', { day: 1_000, month: 10 });
      const ofTeam = await store.totals(chat.team.id, { day: 1_000, month: 10 });
      expect(ofTeam).toMatchObject({
        openChannels: 2,
        privateChannels: 0,
        posts: 0,
        users: 2,
        inactiveUsers: 0,
        teams: 1,
      });
      const closed = await chat.channel([chat.ada], 'P');
      await post(chat.ada, closed.id, 1);
      await run(SEEN_AT, chat.ada.id, 500);
      await run(SEEN_AT, chat.bob.id, 5_000);
      await run(SEEN_AT, carl.id, 5_000);
      const file = await keepFile(database, chat);
      expect(await store.totals('', { day: 1_000, month: 10 })).toEqual({
        ...before,
        privateChannels: before.privateChannels + 1,
        posts: before.posts + 1,
        activeToday: before.activeToday + 1,
        activeThisMonth: before.activeThisMonth + 2,
        files: before.files + 1,
        fileBytes: before.fileBytes + file.size,
      });
      expect(await store.totals(chat.team.id, { day: 1_000, month: 10 })).toMatchObject({
        ...{ privateChannels: 1, posts: 1, activeToday: 1, activeThisMonth: 2, files: 1, fileBytes: file.size },
      });
      const extra = await store.extra('', 100);
      await run(SIGNED_IN, 'x'.repeat(26), 50, 200, chat.ada.id);
      await run(SIGNED_IN, 'y'.repeat(26), 10, 20, chat.ada.id);
      expect(await store.extra('', 100)).toEqual({ ...extra, sessions: extra.sessions + 1 });
      expect(await store.extra(chat.team.id, 100)).toMatchObject({ postsWithFiles: 0 });
    });

    it('of days are those of UTC, newest first, without what lies outside or elsewhere', async () => {
      const here = await chat.channel([chat.ada, chat.bob]);
      const elsewhere = await chat.channel([chat.ada, chat.bob], 'D');
      for (const day of [99, 100, 100, 102, 103]) await post(chat.ada, here.id, day);
      await post(chat.bob, here.id, 102);
      await post(chat.bob, elsewhere.id, 102);
      const days = { from: 100 * DAY_MS, to: 103 * DAY_MS, teamId: '' };
      expect(await store.postsByDay(days)).toEqual([
        { day: 102 * DAY_MS, count: 3 },
        { day: 100 * DAY_MS, count: 2 },
      ]);
      expect(await store.postsByDay({ ...days, teamId: chat.team.id })).toEqual([
        { day: 102 * DAY_MS, count: 2 },
        { day: 100 * DAY_MS, count: 2 },
      ]);
      expect(await store.authorsByDay({ ...days, teamId: chat.team.id })).toEqual([
        { day: 102 * DAY_MS, count: 2 },
        { day: 100 * DAY_MS, count: 1 },
      ]);
      expect((await store.authorsByDay(days)).map(({ count }) => count)).toEqual([2, 1]);
    });
  });

  describe('users', () => {
    const any = { admins: false, others: false };
    const all = {
      ...{ inTeam: undefined, inChannel: undefined, includeDeleted: false, roles: [] },
      ...{ teamPlaces: any, channelPlaces: any },
    };
    it('are counted by place and role', async () => {
      const inTeam = chat.team.id;
      const everybody = await reports.count(all);
      expect(await reports.count({ ...all, includeDeleted: true })).toBe(everybody + 1);
      expect(await reports.count({ ...all, inTeam })).toBe(2);
      expect(await reports.count({ ...all, inTeam, teamPlaces: { admins: true, others: false } })).toBe(1);
      expect(await reports.count({ ...all, inTeam, teamPlaces: { admins: false, others: true } })).toBe(1);
      expect(await reports.count({ ...all, inChannel: chat.townSquare.id })).toBe(2);
      expect(await reports.count({ ...all, inChannel: chat.townSquare.id, roles: ['system_admin'] })).toBe(0);
      expect(await reports.count({ ...all, includeDeleted: true, roles: ['system_admin', 'nothing%'] })).toBe(1);
      expect(await reports.count({ ...all, roles: ['system_user'] })).toBe(everybody);
    });

    const filter = { role: '', withoutTeam: false, teamId: '', hideActive: false, hideInactive: false, term: '' };
    const page = { column: 'Username', descending: false, backwards: false, limit: 50 } as const;
    it('are reported page by page, both ways, in any order', async () => {
      const here = { ...filter, teamId: chat.team.id };
      const [first, second] = await reports.page(here, page);
      expect([first?.id, second?.id]).toEqual([chat.ada.id, chat.bob.id]);
      expect(first).toMatchObject({ last_login: 50, last_status_at: 500, roles: 'system_user' });
      const from = (user: typeof first) => ({ value: user?.username ?? '', id: user?.id ?? '' });
      const ids = async (...args: Parameters<UserReportStore['page']>) =>
        (await reports.page(...args)).map(({ id }) => id);
      expect(await ids(here, { ...page, limit: 1, after: from(first) })).toEqual([chat.bob.id]);
      expect(await ids(here, { ...page, limit: 1, after: from(second), backwards: true })).toEqual([chat.ada.id]);
      expect(await ids(here, { ...page, descending: true })).toEqual([chat.bob.id, chat.ada.id]);
      const byTime = { ...page, column: 'CreateAt', descending: true } as const;
      const [newest, oldest] = await ids(here, byTime);
      expect(await ids(here, { ...byTime, after: { value: 1, id: newest ?? '' } })).toEqual([oldest]);
      expect(await reports.reportCount(here)).toBe(2);
    });

    it('are reported by state, role and beginnings of names, which stand for themselves', async () => {
      const names = async (more: Partial<typeof filter>) =>
        (await reports.page({ ...filter, ...more }, page)).map(({ id }) => id);
      expect(await names({ hideActive: true })).toEqual([carl.id]);
      expect(await names({ hideInactive: true, role: 'system_admin' })).toEqual([]);
      expect(await names({ term: `@CARL ${carl.username}` })).toEqual([carl.id]);
      expect(await names({ term: 'car%' })).toEqual([]);
      expect(await names({ withoutTeam: true, term: 'ada' })).toEqual([]);
      expect(await reports.reportCount({ ...filter, hideActive: true })).toBe(1);
    });
  });
}

/** A file of Town Square that hangs on no post. */
async function keepFile(database: Database, { ada, townSquare }: ChatFixture): Promise<{ readonly size: number }> {
  const files = createFileStore(database);
  const id = 'f'.repeat(26);
  await files.begin(testCausality(), { id, creatorId: ada.id, createAt: 1, name: 'a.txt', extension: 'txt' });
  const size = 77;
  const kept = { id, channelId: townSquare.id, mimeType: 'text/plain', size, width: 0, height: 0 };
  await files.finish(testCausality(), [kept]);
  return { size };
}
