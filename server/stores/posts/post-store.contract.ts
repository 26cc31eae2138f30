import { beforeAll, describe, expect, it } from 'vitest';
import { type Channel, type Post, type PostList, post as postSchema, postList } from '../../../contract/index.ts';
import type { Database } from '../../database/index.ts';
import { newId } from '../../services/index.ts';
import { createChannelStore } from '../channels/index.ts';
import { type ChatFixture, createChatFixture, newPost, testCausality } from '../testing/chat-fixture.ts';
import { type CreatedPost, createPostStore, type NewPost, type PostStore } from './index.ts';

// Set anew for each engine that the suite is run on.
let database: Database;
let fixture: ChatFixture;
let store: PostStore;
const causality = testCausality();

const write = async (post: Parameters<typeof newPost>[0]): Promise<Post> =>
  parse(await store.create(causality, newPost(post)));
const channelOf = (id: string): Promise<Channel | undefined> => createChannelStore(database).byId(causality, id);
const placeOf = async (channelId: string, userId: string) =>
  createChannelStore(database).member(causality, { channelId, userId });
const stored = async (id: string): Promise<Post> =>
  postSchema.parse(JSON.parse((await store.byId(causality, id))?.json ?? 'null'));
const list = async (text: Promise<string>): Promise<PostList> => postList.parse(JSON.parse(await text));

/** Writes all at once, so that they share statements; the results in order. */
const together = (posts: readonly NewPost[]): Promise<CreatedPost[]> =>
  Promise.all(posts.map((post) => store.create(causality, post)));

/** What every engine's post store does. */
export function postStoreContract(open: () => Database): void {
  beforeAll(async () => {
    database = open();
    fixture = await createChatFixture(database);
    store = createPostStore(database);
  });
  writesWithCounters();
  writesInOrderOrRefuses();
  isolatesBadRows();
  writesOnce();
  tellsWhatIsStored();
  countsMentions();
  keepsThreads();
}

function writesWithCounters(): void {
  describe('create', () => {
    it('answers with exactly what a read gives afterwards', async () => {
      const { ada } = fixture;
      const channel = await fixture.channel([ada]);
      const written = await write({
        userId: ada.id,
        channelId: channel.id,
        message: 'A "quoted" line\n\u0001 and a 🦆 \\ back',
        props: '{"a":{"b":[1]}}',
        hashtags: '#duck',
        pendingPostId: `${ada.id}:1`,
      });
      expect(await stored(written.id)).toEqual(written);
      const [first, second] = await together([
        newPost({ userId: ada.id, channelId: channel.id, message: 'one "of" many\n', props: '{"x":1}' }),
        newPost({ userId: ada.id, channelId: channel.id }),
      ]);
      expect(await stored(parse(first).id)).toEqual(parse(first));
      expect(await stored(parse(second).id)).toEqual(parse(second));
    });

    it('keeps the counters of the channel and of the author, for one post and for many at once', async () => {
      const { ada, bob } = fixture;
      const channel = await fixture.channel([ada, bob]);
      const root = await write({ userId: ada.id, channelId: channel.id });
      const results = await together([
        newPost({ userId: ada.id, channelId: channel.id }),
        newPost({ userId: bob.id, channelId: channel.id, rootId: root.id }),
        newPost({ userId: ada.id, channelId: channel.id }),
      ]);
      const last = parse(results[2]);
      expect(await channelOf(channel.id)).toMatchObject({
        total_msg_count: 4,
        total_msg_count_root: 3,
        last_post_at: last.create_at,
        last_root_post_at: last.create_at,
      });
      expect(await placeOf(channel.id, ada.id)).toMatchObject({
        msg_count: 4,
        msg_count_root: 3,
        last_viewed_at: last.create_at,
      });
      // Bob has read up to his own post and no further.
      expect(await placeOf(channel.id, bob.id)).toMatchObject({ msg_count: 3, msg_count_root: 2 });
    });
  });
}

function writesInOrderOrRefuses(): void {
  describe('create', () => {
    it('counts no joins and leaves, and does not mark a bot as a reader', async () => {
      const { ada, bob } = fixture;
      const channel = await fixture.channel([ada, bob]);
      await write({ userId: ada.id, channelId: channel.id, type: 'system_join_channel' });
      await together([
        newPost({ userId: ada.id, channelId: channel.id, type: 'system_leave_channel' }),
        newPost({ userId: bob.id, channelId: channel.id, marksRead: false }),
      ]);
      expect(await channelOf(channel.id)).toMatchObject({ total_msg_count: 1 });
      expect(await placeOf(channel.id, bob.id)).toMatchObject({ msg_count: 0 });
    });

    it('gives the posts of a channel rising times in the order of the calls', async () => {
      const { ada } = fixture;
      const channel = await fixture.channel([ada]);
      const posts = Array.from({ length: 150 }, () => newPost({ userId: ada.id, channelId: channel.id }));
      const results = (await together(posts)).map((result) => parse(result));
      const times = results.map((post) => post.create_at);
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
      const page = await list(store.page(causality, channel.id, { page: 0, perPage: 200, skipThreads: false }));
      expect(page.order).toEqual(posts.map((post) => post.id).reverse());
      expect(await channelOf(channel.id)).toMatchObject({ total_msg_count: 150 });
    });

    it('refuses with a reason, and its neighbours are saved all the same', async () => {
      const { ada, bob } = fixture;
      const open = await fixture.channel([ada]);
      const archived = await fixture.channel([ada]);
      await createChannelStore(database).setDeleteAt(causality, archived.id, 5, 5);
      const root = await write({ userId: ada.id, channelId: open.id });
      const reply = await write({ userId: ada.id, channelId: open.id, rootId: root.id });
      const bad = [
        newPost({ userId: ada.id, channelId: archived.id }),
        newPost({ userId: bob.id, channelId: open.id }),
        newPost({ userId: ada.id, channelId: newId() }),
        newPost({ userId: ada.id, channelId: open.id, rootId: newId() }),
        newPost({ userId: ada.id, channelId: open.id, rootId: reply.id }),
      ];
      const reasons = ['archived', 'not_member', 'no_channel', 'root', 'root'];
      for (const [index, post] of bad.entries()) {
        expect(await store.create(causality, post)).toEqual({ outcome: 'refused', reason: reasons[index] });
      }
      const good = newPost({ userId: ada.id, channelId: open.id });
      const results = await together([...bad, good]);
      expect(results.slice(0, 5).map((result) => 'reason' in result && result.reason)).toEqual(reasons);
      expect(parse(results[5]).id).toBe(good.id);
      expect(await channelOf(open.id)).toMatchObject({ total_msg_count: 3 });
    });
  });
}

function isolatesBadRows(): void {
  describe('create', () => {
    it('isolates a row that the database rejects', async () => {
      const { ada } = fixture;
      const channel = await fixture.channel([ada]);
      const tooLong = newPost({ userId: ada.id, channelId: channel.id, type: 'x'.repeat(100) });
      const good = newPost({ userId: ada.id, channelId: channel.id });
      const [bad, saved] = await Promise.allSettled([store.create(causality, tooLong), store.create(causality, good)]);
      expect(bad?.status).toBe('rejected');
      expect(saved?.status).toBe('fulfilled');
      expect(await channelOf(channel.id)).toMatchObject({ total_msg_count: 1 });
    });
  });
}

function writesOnce(): void {
  describe('create again', () => {
    it('gives the stored post for a pending id, whenever and with whatever content it comes', async () => {
      const { ada } = fixture;
      const channel = await fixture.channel([ada]);
      const pending = { userId: ada.id, channelId: channel.id, pendingPostId: `${ada.id}:${newId()}` };
      const first = await write({ ...pending, message: 'first' });
      expect(await store.create(causality, newPost({ ...pending, message: 'second' }))).toMatchObject({
        outcome: 'repeated',
        id: first.id,
      });
      await store.patch(causality, { id: first.id, channelId: channel.id }, { message: 'edited', historyId: newId() });
      expect((await write(pending)).message).toBe('edited');
      await store.delete(causality, { id: first.id, channelId: channel.id, rootId: '' });
      expect((await write(pending)).delete_at).toBeGreaterThan(0);
      expect(await channelOf(channel.id)).toMatchObject({ total_msg_count: 1 });
    });

    it('saves one of many requests with the same pending id, in one process and in two', async () => {
      const { ada } = fixture;
      const channel = await fixture.channel([ada]);
      const pending = { userId: ada.id, channelId: channel.id, pendingPostId: `${ada.id}:${newId()}` };
      const other = createPostStore(database);
      const results = await Promise.all(
        Array.from({ length: 12 }, (_, i) => (i % 2 ? store : other).create(causality, newPost(pending))),
      );
      expect(new Set(results.map((result) => parse(result).id)).size).toBe(1);
      expect(results.filter((result) => result.outcome === 'created')).toHaveLength(1);
      expect(await channelOf(channel.id)).toMatchObject({ total_msg_count: 1 });
    });

    it('changes nothing when a whole statement is executed twice', async () => {
      const { ada, bob } = fixture;
      const channel = await fixture.channel([ada, bob]);
      const root = await write({ userId: ada.id, channelId: channel.id });
      const posts = [
        newPost({ userId: ada.id, channelId: channel.id, mentions: [bob.id] }),
        newPost({ userId: ada.id, channelId: channel.id, rootId: root.id, mentions: [bob.id] }),
      ];
      const before = await together(posts);
      const state = await Promise.all([channelOf(channel.id), placeOf(channel.id, bob.id), stored(root.id)]);
      const again = await together(posts);
      expect(again.map((result) => parse(result).id)).toEqual(before.map((result) => parse(result).id));
      for (const post of posts) expect((await store.create(causality, post)).outcome).toBe('created');
      expect(await Promise.all([channelOf(channel.id), placeOf(channel.id, bob.id), stored(root.id)])).toEqual(state);
    });

    it('tells users apart who chose the same pending id', async () => {
      const { ada, bob } = fixture;
      const channel = await fixture.channel([ada, bob]);
      const [mine, yours] = await together(
        [ada, bob].map((user) => newPost({ userId: user.id, channelId: channel.id, pendingPostId: 'same' })),
      );
      expect(parse(mine).id).not.toBe(parse(yours).id);
    });
  });
}

function tellsWhatIsStored(): void {
  describe('stored', () => {
    it('says which pending ids of an author are stored, deleted posts included', async () => {
      const { ada, bob } = fixture;
      const channel = await fixture.channel([ada, bob]);
      const post = (user: string, pendingPostId: string) =>
        write({ userId: user, channelId: channel.id, pendingPostId });
      const [mine, deleted, others] = [`${ada.id}:1st`, `${ada.id}:2nd`, `${bob.id}:1st`];
      await post(ada.id, mine);
      await post(bob.id, others);
      const { id } = await post(ada.id, deleted);
      await store.delete(causality, { id, channelId: channel.id, rootId: '' });
      await post(ada.id, '');
      expect(new Set(await store.stored(ada.id, [mine, deleted, others, 'never', '']))).toEqual(
        new Set([mine, deleted]),
      );
    });
  });
}

function countsMentions(): void {
  describe('mentions', () => {
    it('raise the counters of mentioned members only, and not of the author', async () => {
      const { ada, bob } = fixture;
      const channel = await fixture.channel([ada, bob]);
      const stranger = await fixture.user('eve');
      const mentions = [ada.id, bob.id, stranger.id];
      const single = await store.create(causality, newPost({ userId: ada.id, channelId: channel.id, mentions }));
      expect(single).toMatchObject({ mentioned: [bob.id] });
      const many = await together([
        newPost({ userId: ada.id, channelId: channel.id, mentions }),
        newPost({ userId: ada.id, channelId: channel.id }),
      ]);
      expect(many).toMatchObject([{ mentioned: [bob.id] }, { mentioned: [] }]);
      expect(await placeOf(channel.id, bob.id)).toMatchObject({ mention_count: 2, mention_count_root: 2 });
      expect(await placeOf(channel.id, ada.id)).toMatchObject({ mention_count: 0 });
    });

    it('are read away by an own post, also by one of the same batch', async () => {
      const { ada, bob } = fixture;
      const channel = await fixture.channel([ada, bob]);
      await together([
        newPost({ userId: ada.id, channelId: channel.id, mentions: [bob.id] }),
        newPost({ userId: bob.id, channelId: channel.id }),
        newPost({ userId: ada.id, channelId: channel.id, mentions: [bob.id] }),
      ]);
      expect(await placeOf(channel.id, bob.id)).toMatchObject({ mention_count: 1, msg_count: 2 });
      await write({ userId: bob.id, channelId: channel.id });
      expect(await placeOf(channel.id, bob.id)).toMatchObject({ mention_count: 0, msg_count: 4 });
    });

    it('of everyone pass those who have switched them off', async () => {
      const { ada, bob } = fixture;
      const carl = await fixture.user('carl');
      const channel = await fixture.channel([ada, bob, carl]);
      const place = { channelId: channel.id, userId: carl.id, at: 1 };
      await createChannelStore(database).setNotifyProps(causality, place, { ignore_channel_mentions: 'on' });
      const everyone = newPost({ userId: ada.id, channelId: channel.id, mentionsEveryone: true });
      expect(await store.create(causality, everyone)).toMatchObject({ mentioned: [bob.id] });
      const [first] = await together([
        newPost({ userId: ada.id, channelId: channel.id, mentionsEveryone: true }),
        newPost({ userId: ada.id, channelId: channel.id }),
      ]);
      expect(first).toMatchObject({ mentioned: [bob.id] });
      expect(await placeOf(channel.id, carl.id)).toMatchObject({ mention_count: 0 });
    });
  });
}

function keepsThreads(): void {
  describe('threads', () => {
    it('count replies, remember who took part in which order, and count the root as changed', async () => {
      const { ada, bob } = fixture;
      const channel = await fixture.channel([ada, bob]);
      const root = await write({ userId: ada.id, channelId: channel.id });
      const reply = await write({ userId: bob.id, channelId: channel.id, rootId: root.id });
      expect(reply).toMatchObject({ reply_count: 1, last_reply_at: reply.create_at });
      const results = await together([
        newPost({ userId: ada.id, channelId: channel.id, rootId: root.id }),
        newPost({ userId: bob.id, channelId: channel.id, rootId: root.id }),
      ]);
      const last = parse(results[1]);
      expect(await stored(root.id)).toMatchObject({
        reply_count: 3,
        last_reply_at: last.create_at,
        update_at: last.create_at,
        participants: [{ id: bob.id }, { id: ada.id }],
      });
      const thread = await list(store.thread(causality, reply.id));
      expect(thread.order).toEqual([last.id, parse(results[0]).id, reply.id, root.id]);
    });

    it('come in parts, upwards and downwards', async () => {
      const { ada } = fixture;
      const channel = await fixture.channel([ada]);
      const root = await write({ userId: ada.id, channelId: channel.id });
      const replies: Post[] = [];
      for (let i = 0; i < 5; i++) replies.push(await write({ userId: ada.id, channelId: channel.id, rootId: root.id }));
      const ids = replies.map((reply) => reply.id);
      const from = { fromCreateAt: replies[1]?.create_at ?? 0, fromPost: ids[1] ?? '' };
      const down = await list(store.threadPart(causality, root.id, { direction: 'down', perPage: 2, ...from }));
      expect(down).toMatchObject({ order: [ids[3], ids[2], root.id], has_next: true });
      const up = await list(
        store.threadPart(causality, root.id, { direction: 'up', perPage: 10, fromCreateAt: 0, fromPost: '' }),
      );
      expect(up).toMatchObject({ order: [...ids].reverse().concat(root.id), has_next: false });
    });
  });
}

function parse(result: CreatedPost | undefined): Post {
  if (result === undefined || !('json' in result)) throw new Error(`not created: ${JSON.stringify(result)}`);
  return postSchema.parse(JSON.parse(result.json));
}
