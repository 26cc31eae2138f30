import { beforeAll, expect, it } from 'vitest';
import { type Channel, post as postSchema } from '../../../contract/index.ts';
import type { Database } from '../../database/index.ts';
import { newId } from '../../services/index.ts';
import { createChannelStore } from '../channels/index.ts';
import { type CreatedPost, createPostStore, type NewPost, type PostStore } from '../posts/index.ts';
import { type ChatFixture, createChatFixture, newPost, testCausality, type TestUser } from '../testing/chat-fixture.ts';
import { createThreadStore, type FollowedThread, type Follower, type ThreadPage, type ThreadStore } from './index.ts';

// Set anew for each engine that the suite is run on.
let database: Database;
let fixture: ChatFixture;
let posts: PostStore;
let threads: ThreadStore;
let carl: TestUser;
let channel: Channel;
const causality = testCausality();

type Written = Extract<CreatedPost, { json: string }>;
const everything: ThreadPage = { perPage: 30, deleted: false, unread: false, since: 0 };

const numberOf = (user: TestUser): string => user.id;
const say = async (user: TestUser, post: Partial<NewPost> = {}): Promise<Written> => {
  const result = await posts.create(causality, newPost({ userId: user.id, channelId: channel.id, ...post }));
  if (result.outcome === 'refused') throw new Error(result.reason);
  return result;
};
const reply = (user: TestUser, rootId: string, ...named: readonly TestUser[]): Promise<Written> =>
  say(user, { rootId, ...mentioning(named) });
const mentioning = (named: readonly TestUser[]) => ({
  mentions: named.map(numberOf),
  follows: named.map((person) => ({ userId: person.id, mentioned: true })),
});
const place = (user: TestUser, threadId: string) => ({ userId: user.id, threadId });
const team = (user: TestUser) => ({ userId: user.id, teamId: fixture.team.id });
const one = (user: TestUser, threadId: string) => threads.one(causality, place(user, threadId));
const page = async (user: TestUser, options: Partial<ThreadPage> = {}): Promise<string[]> =>
  (await threads.page(causality, team(user), { ...everything, ...options })).map((thread) => thread.id);
const follow = (user: TestUser, threadId: string, following: boolean, at = Date.now()) =>
  threads.follow(causality, place(user, threadId), { following, at });
const states = async (rootId: string): Promise<Record<string, [replies: number, mentions: number]>> =>
  Object.fromEntries(
    (await threads.followers(causality, rootId)).map((follower: Follower) => [
      follower.userId,
      [follower.unreadReplies, follower.unreadMentions],
    ]),
  );

/** What every engine's thread store does, with the followers that posts bring. */
export function threadStoreContract(open: () => Database): void {
  beforeAll(async () => {
    database = open();
    fixture = await createChatFixture(database);
    posts = createPostStore(database);
    threads = createThreadStore(database);
    carl = await fixture.user('carl');
    channel = await fixture.channel([fixture.ada, fixture.bob, carl]);
  });
  followsByReplies();
  countsReplies();
  respectsWhoHasLeft();
  listsThreads();
  marksThreads();
}

function followsByReplies(): void {
  it('takes in who replies, who is mentioned and whom the caller names, and counts what is new to each', async () => {
    const { ada, bob } = fixture;
    const root = await say(ada);
    expect(await states(root.id)).toEqual({});
    const first = await say(bob, { rootId: root.id, follows: [{ userId: ada.id, mentioned: false }] });
    expect(await states(root.id)).toEqual({ [ada.id]: [1, 0], [bob.id]: [0, 0] });
    await reply(bob, root.id, carl, ada);
    expect(await states(root.id)).toEqual({ [ada.id]: [2, 1], [bob.id]: [0, 0], [carl.id]: [2, 1] });
    // Whoever answers has read.
    const last = await reply(ada, root.id);
    expect(await states(root.id)).toEqual({ [ada.id]: [0, 0], [bob.id]: [1, 0], [carl.id]: [3, 1] });
    expect(await one(ada, root.id)).toMatchObject({
      following: true,
      channelId: channel.id,
      lastViewedAt: last.createAt,
      lastReplyAt: last.createAt,
      replyCount: 3,
      participantIds: [bob.id, ada.id],
      deleteAt: 0,
    });
    const shown = postSchema.parse(JSON.parse((await one(bob, root.id))?.post ?? 'null'));
    expect(shown).toEqual(JSON.parse((await posts.byId(causality, root.id))?.json ?? 'null'));
    expect(first.createAt).toBeLessThan(last.createAt);
  });

  it('takes in everybody whom a reply to all mentions, but not those who do not want to hear it', async () => {
    const { ada, bob } = fixture;
    const members = createChannelStore(database);
    const placeOfCarl = { channelId: channel.id, userId: carl.id, at: 5 };
    await members.setNotifyProps(causality, placeOfCarl, { ignore_channel_mentions: 'on' });
    const root = await say(ada);
    await say(bob, { rootId: root.id, mentionsEveryone: true });
    expect(await states(root.id)).toEqual({ [ada.id]: [1, 1], [bob.id]: [0, 0] });
    const [, second] = await Promise.all([
      say(ada),
      say(bob, { rootId: root.id, mentionsEveryone: true, ...mentioning([ada]) }),
      say(bob, { rootId: root.id }),
    ]);
    expect(second.mentioned).toEqual([ada.id]);
    expect(await states(root.id)).toEqual({ [ada.id]: [3, 2], [bob.id]: [0, 0] });
  });
}

function countsReplies(): void {
  it('counts the same for many replies at once as for one after the other', async () => {
    const { ada, bob } = fixture;
    const [one, two] = [await say(ada), await say(bob)];
    await Promise.all([
      say(carl),
      reply(bob, one.id, ada),
      reply(ada, two.id, bob, carl),
      reply(bob, one.id, ada, carl),
      reply(ada, one.id),
      reply(bob, two.id, ada),
      reply(carl, one.id, ada),
      say(ada, { rootId: two.id, marksRead: false }),
    ]);
    // Ada has read away what was said to her in the first thread before her own reply.
    expect(await states(one.id)).toEqual({ [ada.id]: [1, 1], [bob.id]: [2, 0], [carl.id]: [0, 0] });
    expect(await states(two.id)).toEqual({ [ada.id]: [2, 1], [bob.id]: [1, 0], [carl.id]: [3, 1] });
  });

  it('writes nothing twice for a repeated reply, and nothing for a refused one', async () => {
    const { ada, bob } = fixture;
    const root = await say(ada);
    const again = newPost({
      userId: bob.id,
      channelId: channel.id,
      rootId: root.id,
      pendingPostId: `p ${newId()}`,
      ...mentioning([ada]),
    });
    await posts.create(causality, again);
    await createPostStore(database).create(causality, { ...again, id: newId() });
    await Promise.all([posts.create(causality, { ...again, id: newId() }), say(bob)]);
    const refused = newPost({ userId: carl.id, channelId: channel.id, rootId: newId(), follows: [] });
    expect((await posts.create(causality, refused)).outcome).toBe('refused');
    expect(await states(root.id)).toEqual({ [ada.id]: [1, 1], [bob.id]: [0, 0] });
    expect(await states(refused.rootId)).toEqual({});
  });
}

function respectsWhoHasLeft(): void {
  it('lets whoever has stopped following be, until a mention', async () => {
    const { ada, bob } = fixture;
    const root = await say(ada);
    await reply(bob, root.id, ada);
    await follow(ada, root.id, false);
    expect(await page(ada)).not.toContain(root.id);
    await say(bob, { rootId: root.id, follows: [{ userId: ada.id, mentioned: false }] });
    await reply(ada, root.id);
    expect(Object.keys(await states(root.id))).toEqual([bob.id]);
    expect((await one(ada, root.id))?.following).toBe(false);
    await reply(bob, root.id, ada);
    expect((await states(root.id))[ada.id]).toEqual([1, 1]);
    expect(await page(ada)).toContain(root.id);
  });

  it('keeps those out who are not in the channel', async () => {
    const { ada, bob } = fixture;
    const dora = await fixture.user('dora');
    const root = await say(ada);
    await reply(bob, root.id, dora);
    await Promise.all([say(ada), reply(bob, root.id, dora)]);
    expect(Object.keys(await states(root.id))).toEqual([bob.id]);
    const members = createChannelStore(database);
    const there = { channelId: channel.id, userId: dora.id };
    await members.addMember(causality, { ...there, at: 1 });
    await reply(bob, root.id, dora);
    expect((await states(root.id))[dora.id]).toEqual([3, 1]);
    await members.removeMember(causality, { ...there, at: 2 });
    expect((await states(root.id))[dora.id]).toBeUndefined();
    expect([await page(dora), await one(dora, root.id)]).toEqual([[], undefined]);
    expect(await threads.totals(causality, team(dora), true)).toEqual({
      total: 0,
      unreadThreads: 0,
      unreadMentions: 0,
    });
  });
}

function listsThreads(): void {
  it('lists by the last reply, from pivots on, and filters', async () => {
    const [ann, ben] = [await fixture.user('ann'), await fixture.user('ben')];
    const own = channel;
    channel = await fixture.channel([ann, ben]);
    const roots = [await say(ann), await say(ann), await say(ann), await say(ann)];
    const [a = '', b = '', c = '', d = ''] = roots.map((root) => root.id);
    const replies: Written[] = [];
    for (const id of [b, a, c, d]) replies.push(await reply(ben, id, ann));
    expect(await page(ann)).toEqual([d, c, a, b]);
    expect(await page(ann, { perPage: 2 })).toEqual([d, c]);
    expect(await page(ann, { before: c, perPage: 1 })).toEqual([a]);
    expect(await page(ann, { after: a })).toEqual([c, d]);
    expect(await page(ann, { before: newId() })).toEqual([]);
    expect(await page(ann, { since: replies[2]?.createAt ?? 0 })).toEqual([d, c]);
    expect(await page(ben, { unread: true })).toEqual([]);
    expect(await threads.totals(causality, team(ann), false)).toEqual({
      total: 4,
      unreadThreads: 4,
      unreadMentions: 4,
    });
    await posts.delete(causality, { id: a, channelId: channel.id, rootId: '' });
    expect(await page(ann)).toEqual([d, c, b]);
    expect(await page(ann, { deleted: true })).toEqual([d, c, a, b]);
    const [gone] = (await threads.page(causality, team(ann), { ...everything, deleted: true })).slice(2);
    expect(gone?.deleteAt).toBeGreaterThan(0);
    expect(await threads.unreadByTeam(causality, ann.id)).toEqual(
      new Map([[fixture.team.id, { unread: 3, mentions: 3 }]]),
    );
    expect(await threads.page(causality, { userId: ann.id, teamId: newId() }, everything)).toEqual([]);
    channel = own;
  });

  it('shows threads of direct channels in every team, with reactions as they are', async () => {
    const { ada } = fixture;
    const eve = await fixture.user('eve');
    const own = channel;
    channel = await fixture.channel([ada, eve], 'D');
    const root = await say(ada);
    await reply(ada, root.id, eve);
    channel = own;
    expect(await page(eve)).toEqual([root.id]);
    const elsewhere = await threads.page(causality, { userId: eve.id, teamId: newId() }, everything);
    expect(elsewhere.map((thread) => thread.id)).toEqual([root.id]);
    expect(await threads.unreadByTeam(causality, eve.id)).toEqual(new Map());
  });
}

function marksThreads(): void {
  it('marks a thread as read and unread again, and finds the replies after a time', async () => {
    const { ada, bob } = fixture;
    const root = await say(ada);
    const said = [await reply(bob, root.id, ada), await reply(bob, root.id, ada), await reply(bob, root.id)];
    const mark = async (readTo: number, unreadMentions: number): Promise<FollowedThread | undefined> =>
      threads.markRead(causality, place(ada, root.id), { readTo, unreadMentions, at: 9 });
    expect(await mark(said[2]?.createAt ?? 0, 0)).toMatchObject({ unreadReplies: 0, unreadMentions: 0 });
    expect(await mark((said[1]?.createAt ?? 0) - 1, 1)).toMatchObject({ unreadReplies: 2, unreadMentions: 1 });
    expect(await page(ada, { unread: true })).toContain(root.id);
    const after = await threads.repliesAfter(causality, root.id, said[0]?.createAt ?? 0);
    expect(after.map((post) => [post.id, post.userid])).toEqual([
      [said[1]?.id, bob.id],
      [said[2]?.id, bob.id],
    ]);
    expect(
      await threads.markRead(causality, place(await fixture.user('nobody'), root.id), {
        readTo: 1,
        unreadMentions: 0,
        at: 1,
      }),
    ).toBeUndefined();
  });

  it('marks all threads of a team as read, and follows without forgetting what is unread', async () => {
    const { ada, bob } = fixture;
    const roots = [await say(ada), await say(ada)];
    const [a = '', b = ''] = roots.map((root) => root.id);
    for (const id of [a, b]) await reply(bob, id, ada);
    await follow(ada, a, true);
    expect((await states(a))[ada.id]).toEqual([1, 1]);
    await threads.markAllRead(causality, { userId: ada.id, teamId: newId() }, Date.now());
    expect((await states(a))[ada.id]).toEqual([1, 1]);
    // A server's clock may be behind that of the channel.
    await threads.markAllRead(causality, team(ada), 5);
    expect([(await states(a))[ada.id], (await states(b))[ada.id]]).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(await threads.totals(causality, team(ada), false)).toMatchObject({ unreadThreads: 0, unreadMentions: 0 });
    await follow(carl, a, true, 5);
    await follow(carl, b, false);
    expect((await states(a))[carl.id]).toEqual([0, 0]);
    expect(await one(carl, b)).toMatchObject({ following: false });
    await follow(carl, b, true, 5);
    expect((await states(b))[carl.id]).toEqual([0, 0]);
    await follow(carl, b, false);
    expect(await page(carl)).not.toContain(b);
  });
}
