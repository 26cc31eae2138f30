import { beforeAll, expect, it } from 'vitest';
import type { Channel } from '../../../contract/index.ts';
import { type Database, DatabaseError, statement } from '../../database/index.ts';
import { createChannelStore } from '../channels/index.ts';
import { type ChatFixture, createChatFixture, newPost, testCausality, type TestUser } from '../testing/chat-fixture.ts';
import { createPostStore, type NewPost, type PostStore } from './index.ts';

const ROUNDS = 6;
const PER_ROUND = 60;

// Set anew for each engine that the suite is run on.
let database: Database;
let fixture: ChatFixture;
let users: TestUser[];
let channels: Channel[];
const causality = testCausality();

const pick = <T>(items: readonly T[], n: number): T => items[n % items.length] as T;
const postNumber = (n: number): NewPost =>
  newPost({
    userId: pick(users, n).id,
    channelId: pick(channels, n * 7 + (n >> 2)).id,
    pendingPostId: n % 5 === 0 ? `shared ${n % 40}` : '',
    mentions: n % 3 === 0 ? [pick(users, n + 1).id] : [],
  });

/** The stores of several servers at once, each with a combiner of its own, against the ledger of what they acknowledged. */
export function concurrentPostsContract(open: () => Database): void {
  beforeAll(async () => {
    database = open();
    fixture = await createChatFixture(database);
    users = [fixture.ada, fixture.bob, await fixture.user('carl')];
    channels = await Promise.all([1, 2, 3, 4].map(() => fixture.channel(users)));
  });
  agreesWithTheLedger();
  findsWhatItDidNotLearn();
  keepsOrderAndCounts();
}

function agreesWithTheLedger(): void {
  it('loses nothing, doubles nothing and counts right', async () => {
    const servers = [createPostStore(database), createPostStore(database), createPostStore(database)];
    const acknowledged = new Map<string, number>();
    for (let round = 0; round < ROUNDS; round++) {
      const results = await Promise.all(
        Array.from({ length: PER_ROUND }, (_, n) => {
          return pick(servers, n).create(causality, postNumber(round * PER_ROUND + n));
        }),
      );
      for (const result of results) {
        if (result.outcome === 'refused') throw new Error(result.reason);
        const before = acknowledged.get(result.id) ?? 0;
        acknowledged.set(result.id, before + (result.outcome === 'created' ? 1 : 0));
      }
    }
    // Each was made by exactly one call, however many asked for it.
    expect(new Set(acknowledged.values())).toEqual(new Set([1]));
    const stored = await storedPosts(database, channels);
    expect(new Set(stored.map((row) => row.id))).toEqual(new Set(acknowledged.keys()));
    await expectTotals(database, channels, stored);
  });

  it('makes one post of a request that comes to several servers at once, even for several channels', async () => {
    const servers = [createPostStore(database), createPostStore(database), createPostStore(database)];
    for (let round = 0; round < 10; round++) {
      const pendingPostId = `wandering ${round}`;
      // Every second round in company: posts that wait together go another way than one that comes alone.
      const company =
        round % 2 === 0 ? [] : channels.map(({ id }) => newPost({ userId: fixture.ada.id, channelId: id }));
      const results = await Promise.all(
        channels.map(async ({ id }, n) => {
          const server = pick(servers, n);
          const alongside = company
            .filter(({ channelId }) => channelId === id)
            .map((post) => server.create(causality, post));
          const wandering = server.create(causality, newPost({ userId: fixture.ada.id, channelId: id, pendingPostId }));
          await Promise.all(alongside);
          return wandering;
        }),
      );
      expect(results.map((result) => result.outcome).sort()).toEqual(['created', 'repeated', 'repeated', 'repeated']);
      expect(new Set(results.map((result) => 'id' in result && result.id)).size).toBe(1);
    }
    await expectTotals(database, channels, await storedPosts(database, channels));
  });
}

/** The same database, whose answers to writes are lost while it is `deaf`, and whose reads find nobody. */
function lossyDatabase(): { database: Database; loss: { deaf: boolean } } {
  const loss = { deaf: true };
  const lost = (): DatabaseError =>
    new DatabaseError('The connection was lost.', { kind: 'unreachable', outcome: 'unknown' });
  const lossy = Object.create(database) as Database;
  lossy.write = async (...write: Parameters<Database['write']>) => {
    const rows = await database.write(...write);
    if (loss.deaf) throw lost();
    return rows as never;
  };
  return { database: lossy, loss };
}

function findsWhatItDidNotLearn(): void {
  it('has made a post once, however often its author asks: when the first answer was lost, with the next one', async () => {
    const { database: lossy, loss } = lossyDatabase();
    const server = createPostStore(lossy);
    const { ada, bob } = fixture;
    const ask = (pendingPostId: string) =>
      server.create(
        causality,
        newPost({ userId: ada.id, channelId: pick(channels, 0).id, pendingPostId, mentions: [bob.id] }),
      );
    await expect(ask('unheard')).rejects.toMatchObject({ outcome: 'unknown' });
    loss.deaf = false;
    const [again, alongside] = await Promise.all([ask('unheard'), ask('unheard')]);
    const later = await ask('unheard');
    expect(again).toMatchObject({ outcome: 'created', mentioned: [bob.id] });
    expect([alongside, later]).toMatchObject([{ outcome: 'repeated' }, { outcome: 'repeated' }]);
    expect(new Set([again, alongside, later].map((result) => 'id' in result && result.id)).size).toBe(1);
    await expectTotals(database, channels, await storedPosts(database, channels));
  });
}

function keepsOrderAndCounts(): void {
  it('keeps the order of a channel in which each server took its posts in', async () => {
    const channel = pick(channels, 0);
    const server = createPostStore(database);
    const posts = Array.from({ length: 200 }, () => newPost({ userId: fixture.ada.id, channelId: channel.id }));
    const finished: string[] = [];
    await Promise.all(
      posts.map((post) => server.create(causality, post).then((result) => 'id' in result && finished.push(result.id))),
    );
    expect(finished).toEqual(posts.map((post) => post.id));
    const ids = new Set(finished);
    const stored = (await storedPosts(database, [channel])).filter((row) => ids.has(row.id));
    expect(stored.map((row) => row.id)).toEqual(finished);
  });

  it('counts the replies of a thread that all servers write into', async () => {
    const channel = pick(channels, 1);
    const root = newPost({ userId: fixture.ada.id, channelId: channel.id });
    const servers: PostStore[] = [createPostStore(database), createPostStore(database)];
    await servers[0]?.create(causality, root);
    const replies = Array.from({ length: 60 }, (_, n) => ({
      ...newPost({ userId: pick(users, n).id, channelId: channel.id }),
      rootId: root.id,
    }));
    await Promise.all(replies.map((reply, n) => pick(servers, n).create(causality, reply)));
    const stored = await servers[0]?.byId(causality, root.id);
    const { reply_count, participants } = JSON.parse(stored?.json ?? '') as {
      reply_count: number;
      participants: { id: string }[];
    };
    expect(reply_count).toBe(60);
    expect(new Set(participants.map(({ id }) => id))).toEqual(new Set(users.map(({ id }) => id)));
  });
}

type StoredRow = { id: string; channelid: string };
const STORED = statement(
  'testing.stored_posts',
  (sql) => `SELECT p.id, p.channelid FROM ${sql.rows('$1', { id: 'text' }, 'i')} JOIN posts p ON p.channelid = i.id
   ORDER BY p.createat, p.id`,
);

function storedPosts(database: Database, channels: readonly Channel[]): Promise<StoredRow[]> {
  return database.readLatest<StoredRow>(STORED, JSON.stringify(channels.map(({ id }) => ({ id }))));
}

async function expectTotals(database: Database, channels: readonly Channel[], stored: StoredRow[]): Promise<void> {
  const store = createChannelStore(database);
  for (const { id } of channels) {
    const count = stored.filter((row) => row.channelid === id).length;
    expect((await store.byId(testCausality(), id))?.total_msg_count).toBe(count);
  }
}
