import { beforeAll, describe, expect, it } from 'vitest';
import { type Post, type PostList, post as postSchema, postList } from '../../../contract/index.ts';
import type { Database } from '../../database/index.ts';
import { newId } from '../../services/index.ts';
import { createChannelStore } from '../channels/index.ts';
import { createPreferenceStore } from '../preferences/index.ts';
import { createReactionStore } from '../reactions/index.ts';
import { type ChatFixture, createChatFixture, newPost, testCausality } from '../testing/chat-fixture.ts';
import { createPostStore, type PostStore } from './index.ts';

// Set anew for each engine that the suite is run on.
let database: Database;
let fixture: ChatFixture;
let store: PostStore;
const causality = testCausality();

const list = async (text: Promise<string>): Promise<PostList> => postList.parse(JSON.parse(await text));
const stored = async (id: string): Promise<Post> =>
  postSchema.parse(JSON.parse((await store.byId(causality, id))?.json ?? 'null'));

/** A channel with `count` posts of ada's, oldest first. */
async function filled(count: number): Promise<{ channelId: string; ids: string[]; posts: Post[] }> {
  const { ada, bob } = fixture;
  const channel = await fixture.channel([ada, bob]);
  const posts = Array.from({ length: count }, () => newPost({ userId: ada.id, channelId: channel.id }));
  await Promise.all(posts.map((post) => store.create(causality, post)));
  const ids = posts.map((post) => post.id);
  return { channelId: channel.id, ids, posts: await Promise.all(ids.map(stored)) };
}

const options = (page: number, perPage: number, skipThreads = false) => ({ page, perPage, skipThreads });

/** What every engine's post store answers to lists, edits and deletions. */
export function postChangesContract(open: () => Database): void {
  beforeAll(async () => {
    database = open();
    fixture = await createChatFixture(database);
    store = createPostStore(database);
  });
  tellsTheState();
  listsPages();
  listsWhatIsNeeded();
  listsCollapsed();
  listsFlagged();
  listsReactions();
  listsAsItReads();
  edits();
  deletes();
}

function tellsTheState(): void {
  it('the state of a channel is that of each of its pages, and another one after each change', async () => {
    const { channelId, ids } = await filled(3);
    const [first = '', second = ''] = ids;
    const userId = fixture.ada.id;
    const seen: string[] = [];
    const told: string[] = [];
    const onState = (state: string): void => void told.push(state);
    const look = async (): Promise<void> => {
      told.length = 0;
      await store.page(causality, channelId, { ...options(0, 2), onState });
      await store.page(causality, channelId, { ...options(1, 2), onState });
      await store.before(causality, channelId, second, { ...options(0, 2), onState });
      await store.after(causality, channelId, first, { ...options(0, 2), onState });
      const state = await store.channelState(causality, channelId);
      expect(told).toEqual([state, state, state, state]);
      seen.push(state);
    };
    await look();
    await store.create(causality, newPost({ userId, channelId }));
    await look();
    await store.create(causality, newPost({ userId, channelId, rootId: first }));
    await look();
    await store.patch(causality, { id: first, channelId }, { isPinned: true, historyId: newId() });
    await look();
    await store.delete(causality, { id: second, channelId, rootId: '' });
    told.length = 0;
    await store.page(causality, channelId, { ...options(0, 2), onState });
    expect(new Set([...seen, ...told]).size).toBe(5);
    told.length = 0;
    await store.page(causality, channelId, { ...options(9, 2), onState });
    await store.page(causality, channelId, { ...options(0, 2), collapsedFor: userId, onState });
    expect([told, await store.channelState(causality, newId())]).toEqual([[], '']);
  });
}

function listsPages(): void {
  describe('lists', () => {
    it('pages go from the newest to the oldest, with the neighbours as cursors', async () => {
      const { channelId, ids } = await filled(5);
      const [a, b, c, d, e] = ids;
      const first = await list(store.page(causality, channelId, options(0, 2)));
      expect(first).toMatchObject({ order: [e, d], next_post_id: '', prev_post_id: c });
      const second = await list(store.page(causality, channelId, options(1, 2)));
      expect(second).toMatchObject({ order: [c, b], next_post_id: d, prev_post_id: a });
      expect(new Set(Object.keys(second.posts))).toEqual(new Set([b, c]));
      const third = await list(store.page(causality, channelId, options(2, 2)));
      expect(third).toMatchObject({ order: [a], next_post_id: b, prev_post_id: '' });
      const beyond = await list(store.page(causality, channelId, options(9, 2)));
      expect(beyond).toMatchObject({ order: [], posts: {}, next_post_id: '', prev_post_id: '' });
      expect(await list(store.page(causality, channelId, options(0, 0)))).toMatchObject({ order: [] });
    });

    it('before and after go on from a post', async () => {
      const { channelId, ids } = await filled(5);
      const [a, b, c, d, e] = ids as [string, string, string, string, string];
      expect(await list(store.before(causality, channelId, d, options(0, 2)))).toMatchObject({
        order: [c, b],
        next_post_id: d,
        prev_post_id: a,
      });
      expect(await list(store.before(causality, channelId, b, options(0, 2)))).toMatchObject({
        order: [a],
        prev_post_id: '',
      });
      expect(await list(store.after(causality, channelId, a, options(0, 2)))).toMatchObject({
        order: [c, b],
        next_post_id: d,
        prev_post_id: a,
      });
      expect(await list(store.after(causality, channelId, c, options(0, 2)))).toMatchObject({
        order: [e, d],
        next_post_id: '',
      });
      expect(await list(store.before(causality, channelId, newId(), options(0, 2)))).toMatchObject({ order: [] });
    });
  });
}

function listsWhatIsNeeded(): void {
  describe('lists', () => {
    it('show the roots of listed replies, and their other replies unless they are to be skipped', async () => {
      const { ada } = fixture;
      const { channelId, ids } = await filled(1);
      const root = ids[0] as string;
      const reply = async () => {
        const post = newPost({ userId: ada.id, channelId, rootId: root });
        await store.create(causality, post);
        return post.id;
      };
      const [first, second] = [await reply(), await reply()];
      const full = await list(store.page(causality, channelId, options(0, 1)));
      expect(full.order).toEqual([second]);
      expect(new Set(Object.keys(full.posts))).toEqual(new Set([root, first, second]));
      expect(full.posts[root]).toMatchObject({ reply_count: 2, participants: [{ id: ada.id }] });
      const lean = await list(store.page(causality, channelId, options(0, 1, true)));
      expect(new Set(Object.keys(lean.posts))).toEqual(new Set([root, second]));
    });

    it('since tells of changes and deletions, without what was deleted', async () => {
      const { channelId, ids, posts } = await filled(3);
      const [a, b, c] = ids as [string, string, string];
      const since = posts[2]?.update_at ?? 0;
      await store.patch(causality, { id: a, channelId }, { message: 'new', historyId: newId() });
      await store.delete(causality, { id: b, channelId, rootId: '' });
      const changed = await list(store.since(causality, channelId, since));
      expect(changed).toMatchObject({ order: [b, a], next_post_id: '', prev_post_id: '' });
      expect(changed.posts[a]).toMatchObject({ message: 'new' });
      expect(changed.posts[b]).toMatchObject({ message: '', props: {} });
      expect(changed.posts[b]?.delete_at).toBeGreaterThan(0);
      expect((await list(store.since(causality, channelId, since - 1))).order).toContain(c);
    });

    it('around the unread ones begin where the member has stopped', async () => {
      const { ada, bob } = fixture;
      const { channelId, ids } = await filled(3);
      await createChannelStore(database).view(causality, bob.id, [channelId], 1);
      const more = Array.from({ length: 3 }, () => newPost({ userId: ada.id, channelId }));
      await Promise.all(more.map((post) => store.create(causality, post)));
      const place = { channelId, userId: bob.id };
      const around = { before: 1, after: 2, skipThreads: false };
      expect(await list(store.aroundUnread(causality, place, around))).toMatchObject({
        order: [more[1]?.id, more[0]?.id, ids[2]],
        next_post_id: more[2]?.id,
        prev_post_id: ids[1],
      });
    });
  });
}

function listsCollapsed(): void {
  it('lists only roots for those who show threads apart, and tells which of them they follow', async () => {
    const { ada, bob } = fixture;
    const { channelId, ids, posts } = await filled(4);
    const [a = '', b = '', c = '', d = ''] = ids;
    const reply = newPost({ userId: bob.id, channelId, rootId: b });
    await store.create(causality, reply);
    await store.create(causality, newPost({ userId: ada.id, channelId, rootId: c }));
    const collapsed = (page: number, perPage: number) => ({ ...options(page, perPage), collapsedFor: bob.id });
    const page = await list(store.page(causality, channelId, collapsed(0, 3)));
    expect(page).toMatchObject({ order: [d, c, b], prev_post_id: a });
    expect(Object.fromEntries(Object.values(page.posts).map((post) => [post.id, post.is_following]))).toEqual({
      [b]: true,
      [c]: false,
      [d]: false,
    });
    expect({ ...page.posts[b], is_following: undefined }).toEqual({ ...(await stored(b)), is_following: undefined });
    expect(await list(store.page(causality, channelId, collapsed(1, 2)))).toMatchObject({ order: [b, a] });
    expect(await list(store.before(causality, channelId, c, collapsed(0, 5)))).toMatchObject({ order: [b, a] });
    expect(await list(store.after(causality, channelId, b, collapsed(0, 5)))).toMatchObject({ order: [d, c] });
    const since = await list(store.since(causality, channelId, posts[3]?.update_at ?? 0, bob.id));
    expect([since.order, since.posts[b]?.is_following]).toEqual([[c, b], true]);
    const around = { before: 1, after: 9, skipThreads: false, collapsedFor: ada.id };
    const read = await list(store.aroundUnread(causality, { channelId, userId: ada.id }, around));
    expect([read.order, read.posts[d]?.is_following]).toEqual([[d], false]);
    const thread = await list(store.thread(causality, b, bob.id));
    expect([thread.posts[b]?.is_following, thread.posts[reply.id]?.is_following]).toEqual([true, undefined]);
    const part = { direction: 'down', perPage: 5, fromCreateAt: 0, fromPost: '', collapsedFor: ada.id } as const;
    expect((await list(store.threadPart(causality, b, part))).posts[b]?.is_following).toBe(false);
    expect((await list(store.thread(causality, b))).posts[b]).not.toHaveProperty('is_following');
  });
}

function listsFlagged(): void {
  it('lists what a user has flagged, in the channels that they are in', async () => {
    const { ada, bob, team } = fixture;
    const user = await fixture.user('flagger');
    const [one, direct, left] = [
      await fixture.channel([user, ada]),
      await fixture.channel([user, bob], 'D'),
      await fixture.channel([ada]),
    ];
    const ids: string[] = [];
    // Times rise inside of a channel only: in two of them two posts may have the same.
    let time = Date.now();
    const ticking = createPostStore(database, { now: () => time++ });
    for (const channel of [one, one, direct, left]) {
      const post = newPost({ userId: ada.id, channelId: channel.id, membersOnly: false });
      await ticking.create(causality, post);
      ids.push(post.id);
    }
    const [a = '', b = '', c = ''] = ids;
    const flags = [...ids, newId()].map((name) => ({ category: 'flagged_post', name, value: 'true' }));
    await createPreferenceStore(database).save(causality, user.id, [
      ...flags,
      { category: 'flagged_post', name: 'x', value: 'false' },
    ]);
    const flagged = async (filter: { teamId?: string; channelId?: string; page?: number; perPage?: number } = {}) =>
      (await list(store.flagged(causality, user.id, { teamId: '', channelId: '', page: 0, perPage: 60, ...filter })))
        .order;
    expect(await flagged()).toEqual([c, b, a]);
    expect(await flagged({ page: 1, perPage: 2 })).toEqual([a]);
    expect(await flagged({ channelId: one.id })).toEqual([b, a]);
    expect(await flagged({ teamId: team.id })).toEqual([c, b, a]);
    expect(await flagged({ teamId: newId() })).toEqual([c]);
    await store.delete(causality, { id: b, channelId: one.id, rootId: '' });
    expect(await flagged()).toEqual([c, a]);
  });
}

function listsReactions(): void {
  describe('lists', () => {
    it('carry the reactions of their posts', async () => {
      const { ada, bob } = fixture;
      const { channelId, ids } = await filled(2);
      const reactions = createReactionStore(database);
      const place = { postId: ids[0] as string, emojiName: 'duck', at: store.nextTime(channelId) };
      await reactions.add(causality, { ...place, userId: ada.id });
      await reactions.add(causality, { ...place, userId: bob.id, at: store.nextTime(channelId) });
      const page = await list(store.page(causality, channelId, options(0, 10)));
      expect(page.posts[ids[0] as string]).toMatchObject({
        has_reactions: true,
        metadata: { reactions: [{ user_id: ada.id, emoji_name: 'duck' }, { user_id: bob.id }] },
      });
      expect(page.posts[ids[1] as string]?.metadata).toEqual({});
    });
  });
}

/** Lists have columns of their own, for speed: what comes out must be the same. */
function listsAsItReads(): void {
  describe('lists', () => {
    it('show each post exactly as a read of it alone does', async () => {
      const { ada, bob } = fixture;
      const { channelId, ids } = await filled(2);
      const [root = '', pinned = ''] = ids;
      const written = await store.create(
        causality,
        newPost({
          userId: bob.id,
          channelId,
          rootId: root,
          message: 'A "quoted" line\n\u0001 and a \u{1F986} \\ back, {braces}',
          props: '{"a":{"b":"}"}}',
          hashtags: '#duck "x"',
          type: 'custom_"kind"',
          pendingPostId: `${bob.id}:"1"`,
        }),
      );
      const reply = 'id' in written ? written.id : '';
      await store.patch(
        causality,
        { id: pinned, channelId },
        { isPinned: true, message: 'edited', historyId: newId() },
      );
      const place = { postId: root, userId: ada.id, emojiName: 'duck', at: store.nextTime(channelId) };
      await createReactionStore(database).add(causality, place);

      const expected = Object.fromEntries(
        await Promise.all([root, pinned, reply].map(async (id) => [id, await stored(id)] as const)),
      );
      expect((await list(store.page(causality, channelId, options(0, 9)))).posts).toEqual(expected);
      await store.delete(causality, { id: reply, channelId, rootId: root });
      const since = await list(store.since(causality, channelId, 0));
      expect(since.posts[reply]).toEqual(await stored(reply));
    });
  });
}

function edits(): void {
  describe('edit', () => {
    it('changes what is given and keeps the text that was', async () => {
      const { channelId, ids } = await filled(1);
      const id = ids[0] as string;
      const before = await stored(id);
      await store.patch(causality, { id, channelId }, { message: 'edited', historyId: newId() });
      const after = await stored(id);
      expect(after).toMatchObject({ message: 'edited', create_at: before.create_at, props: before.props });
      expect(after.edit_at).toBeGreaterThan(0);
      expect(after.update_at).toBeGreaterThan(before.update_at);
      const [history] = await store.history(causality, id);
      expect(JSON.parse(history?.json ?? '')).toMatchObject({ message: 'hello', original_id: id });
      expect(history?.deleteAt).toBeGreaterThan(0);
      const page = await list(store.page(causality, channelId, options(0, 10)));
      expect(page.order).toEqual([id]);
      expect((await list(store.since(causality, channelId, 0))).order).toEqual([id]);
    });

    it('is no edit when only the pin changes', async () => {
      const { channelId, ids } = await filled(2);
      const id = ids[0] as string;
      await store.patch(causality, { id, channelId }, { isPinned: true, historyId: newId() });
      expect(await stored(id)).toMatchObject({ is_pinned: true, edit_at: 0, message: 'hello' });
      expect((await list(store.pinned(causality, channelId))).order).toEqual([id]);
      expect(await store.history(causality, id)).toEqual([]);
    });

    it('finds no post that is deleted or was never there', async () => {
      const { channelId, ids } = await filled(1);
      const id = ids[0] as string;
      await store.delete(causality, { id, channelId, rootId: '' });
      for (const gone of [id, newId()]) {
        const place = { id: gone, channelId };
        expect(await store.patch(causality, place, { message: 'x', historyId: newId() })).toBeUndefined();
      }
      expect(await stored(id)).toMatchObject({ message: '' });
    });
  });
}

function deletes(): void {
  describe('delete', () => {
    it('takes the replies along, twice is no error, and the totals stay', async () => {
      const { ada } = fixture;
      const { channelId, ids } = await filled(1);
      const root = ids[0] as string;
      const reply = newPost({ userId: ada.id, channelId, rootId: root });
      await store.create(causality, reply);
      const deleted = await store.delete(causality, { id: root, channelId, rootId: '' });
      expect(deleted?.deleteAt).toBeGreaterThan(0);
      expect((await store.byId(causality, reply.id))?.deleteAt).toBe(deleted?.deleteAt);
      const again = await store.delete(causality, { id: root, channelId, rootId: '' });
      expect(again?.deleteAt).toBe(deleted?.deleteAt);
      expect((await list(store.page(causality, channelId, options(0, 10)))).order).toEqual([]);
      expect(await createChannelStore(database).byId(causality, channelId)).toMatchObject({ total_msg_count: 2 });
    });

    it('of a reply lowers the count of its thread', async () => {
      const { ada } = fixture;
      const { channelId, ids } = await filled(1);
      const rootId = ids[0] as string;
      const replies = [newPost({ userId: ada.id, channelId, rootId }), newPost({ userId: ada.id, channelId, rootId })];
      for (const reply of replies) await store.create(causality, reply);
      await store.delete(causality, { id: replies[1]?.id as string, channelId, rootId });
      const root = await stored(rootId);
      expect(root.reply_count).toBe(1);
      expect(root.last_reply_at).toBe((await stored(replies[0]?.id as string)).create_at);
    });
  });
}
