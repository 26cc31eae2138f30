import { beforeAll, describe, expect, it } from 'vitest';
import { type Post, type PostList, post as postSchema } from '../../../contract/index.ts';
import type { Database } from '../../database/index.ts';
import { newId } from '../../services/index.ts';
import { type CreatedPost, createPostStore, type NewPost, type PostStore } from '../posts/index.ts';
import { createPreferenceStore } from '../preferences/index.ts';
import { createUserStore, emailKey, type NewUser, usernameKey, type UserStore } from '../users/index.ts';
import { type ChatFixture, createChatFixture, newAccount, newPost, testCausality } from './chat-fixture.ts';

// Set anew for each engine that the suite is run on.
let database: Database;
let chat: ChatFixture;
let posts: PostStore;
let users: UserStore;
const causality = testCausality();

const read = async (id: string): Promise<Post> =>
  postSchema.parse(JSON.parse((await posts.byId(causality, id))?.json ?? 'null'));
const create = (post: NewPost): Promise<CreatedPost> => posts.create(causality, post);

/** What is easily lost between two engines, or in a text made of many. */
const texts: Readonly<Record<string, string>> = {
  emoji: '🦆👩‍👩‍👧‍👦🏳️‍🌈',
  composed: 'é',
  combining: 'e\u0301',
  spaces: '  a\t b \r\n c \n  ',
  quotes: `'"\`\\' \\" \\\\ \\n %_ $1 $2 ? ?? :a @x /* */ -- #`,
  controls: '\u0001\u0008\u000b\u001f\u007f\u0085\u2028\u2029\ufeff',
  json: '{"a":[1,"]}"]}, \\u0041',
  scripts: 'مرحبا 你好 नमस्ते ßŸ İı',
};

/** How every engine keeps and compares texts. */
export function textsContract(open: () => Database): void {
  beforeAll(async () => {
    database = open();
    chat = await createChatFixture(database);
    posts = createPostStore(database);
    users = createUserStore(database);
  });
  describe('texts', () => {
    keepsTexts();
    comparesTexts();
    limitsTexts();
    findsNames();
    ordersTies();
  });
}

function keepsTexts(): void {
  it('come back byte by byte, from posts that come alone and from those that come together', async () => {
    const channel = await chat.channel([chat.ada]);
    const of = (message: string): NewPost => newPost({ userId: chat.ada.id, channelId: channel.id, message });
    const alone = Object.values(texts).map(of);
    for (const post of alone) await create(post);
    const together = Object.values(texts).map(of);
    await Promise.all(together.map(create));
    for (const { id, message } of [...alone, ...together]) expect((await read(id)).message).toBe(message);
    const page = await posts.page(causality, channel.id, { page: 0, perPage: 50, skipThreads: false });
    const listed = JSON.parse(page) as PostList;
    for (const { id, message } of [...alone, ...together]) expect(listed.posts[id]?.message).toBe(message);
  });

  it('of the greatest length come back, alone and together', async () => {
    const channel = await chat.channel([chat.ada]);
    const long = '🦆'.repeat(16_383);
    const props = JSON.stringify({ blob: 'ü"\\'.repeat(40_000) });
    const make = (): NewPost => newPost({ userId: chat.ada.id, channelId: channel.id, message: long, props });
    const made = [make(), make(), make()];
    await create(made[0] as NewPost);
    await Promise.all(made.slice(1).map(create));
    for (const { id } of made)
      expect(await read(id)).toMatchObject({ message: long, props: JSON.parse(props) as object });
  });

  it('of props keep the order of their members', async () => {
    const channel = await chat.channel([chat.ada]);
    const props = '{"z":1,"aa":{"y":[],"b":null},"10":true,"9":1.50}';
    const made = ['one', 'two'].map(() => newPost({ userId: chat.ada.id, channelId: channel.id, props }));
    await Promise.all(made.map(create));
    for (const { id } of made) expect((await posts.byId(causality, id))?.json).toContain(`"props":${props},`);
  });
}

function comparesTexts(): void {
  it.each([
    ['a space at the end', 'hello', 'hello '],
    ['capitals', 'hello', 'Hello'],
    ['the way a letter is composed', texts['composed'], texts['combining']],
  ])('differ by %s: such an edit is one', async (_what, before = '', after = '') => {
    const channel = await chat.channel([chat.ada]);
    const post = newPost({ userId: chat.ada.id, channelId: channel.id, message: before });
    await create(post);
    const place = { id: post.id, channelId: channel.id };
    await posts.patch(causality, place, { message: after, historyId: newId() });
    expect((await read(post.id)).edit_at).toBeGreaterThan(0);
    expect(await posts.history(causality, post.id)).toHaveLength(1);
  });

  it('of ids differ by capitals and by a space at the end', async () => {
    const channel = await chat.channel([chat.ada]);
    const pending = ['x', 'X', 'x ', ' x', 'é', 'e\u0301'];
    const made = await Promise.all(
      pending.map((pendingPostId) => create(newPost({ userId: chat.ada.id, channelId: channel.id, pendingPostId }))),
    );
    expect(made.map((result) => result.outcome)).toEqual(pending.map(() => 'created'));
    const [id, capitals] = ['abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
    for (const own of [id, capitals]) await create(newPost({ id: own, userId: chat.ada.id, channelId: channel.id }));
    expect((await posts.byId(causality, capitals))?.id).toBe(capitals);
    expect(await posts.byIds(causality, [id, capitals, `${id} `])).toHaveLength(2);
  });

  it('of the keys of preferences differ by everything', async () => {
    const store = createPreferenceStore(database);
    const user = newId();
    const named = ['a', 'A', 'a ', '', ' '].map((name) => ({ category: 'c', name, value: `"${name}"` }));
    await store.save(causality, user, named);
    expect(await store.ofUser(causality, user)).toHaveLength(named.length);
    await store.remove(causality, user, [{ category: 'c', name: 'a' }]);
    const left = (await store.ofUser(causality, user)).map(({ name }) => name);
    expect(left).toEqual(['', ' ', 'A', 'a ']);
  });
}

function limitsTexts(): void {
  it('that are too long are refused, not cut', async () => {
    const { id, username } = await chat.user('long');
    await users.patch(causality, id, { nickname: '🦆'.repeat(64) }, 2_000);
    const refused = users.patch(causality, id, { nickname: 'x'.repeat(65) }, 3_000);
    await expect(refused).rejects.toMatchObject({ kind: 'statement', outcome: 'final' });
    expect(await users.byId(causality, id)).toMatchObject({ username, nickname: '🦆'.repeat(64), update_at: 2_000 });
  });

  it('may come in thousands', async () => {
    const channel = await chat.channel([chat.ada]);
    const post = newPost({ userId: chat.ada.id, channelId: channel.id });
    await create(post);
    const ids = [...Array.from({ length: 5_000 }, () => newId()), post.id];
    expect((await posts.byIds(causality, ids)).map((found) => found.id)).toEqual([post.id]);
  });
}

const account = (username: string, more: Partial<NewUser> = {}): NewUser =>
  newAccount(username, { email: `${newId()}@example.com`, ...more });

function findsNames(): void {
  it('of accounts do not differ by capitals, and do by accents', async () => {
    const one = newId();
    await users.insert(causality, account(`n${one}`, { email: `é${one}@example.com` }), false);
    const again = (username: string, email: string) => users.insert(causality, account(username, { email }), false);
    await expect(again(`N${one}`, 'free@example.com')).rejects.toMatchObject({ constraint: usernameKey });
    await expect(again('free', `É${one}@Example.com`)).rejects.toMatchObject({ constraint: emailKey });
    expect((await again('free', `e${one}@example.com`)).username).toBe('free');
    expect((await users.byUsername(causality, `n${one}`))?.username).toBe(`n${one}`);
  });

  it('are searched for as they are written: no character of them is a wild card', async () => {
    const nicknames = ['100%_a\\b', '100 xa', '%', '_x', '\\y', 'Éclair', 'eclair'];
    const tag = newId().slice(0, 8);
    for (const [n, nickname] of nicknames.entries()) {
      await users.insert(causality, account(`s${tag}${n}`, { nickname }), false);
    }
    const found = async (term: string) =>
      (await users.search({}, term, { byEmail: false, limit: 50 })).map((user) => user.nickname);
    expect(await found('100%')).toEqual(['100%_a\\b']);
    expect(await found('100%_A\\')).toEqual(['100%_a\\b']);
    expect(await found('%')).toEqual(['%']);
    expect(await found('_')).toEqual(['_x']);
    expect(await found('\\')).toEqual(['\\y']);
    expect(await found('éC')).toEqual(['Éclair']);
    expect(await found('ec')).toEqual(['eclair']);
  });
}

function ordersTies(): void {
  it('of one moment are settled by the bytes of the id, in every list', async () => {
    const channel = await chat.channel([chat.ada]);
    const ids = ['A', 'Z', 'a', 'z', '0'].map((first) => first + newId().slice(1));
    // Servers that know nothing of each other, and all have the same time.
    for (const id of ids) {
      const server = createPostStore(database, { now: () => 5_000 });
      await server.create(causality, newPost({ id, userId: chat.ada.id, channelId: channel.id }));
    }
    const order = async (text: Promise<string>) => (JSON.parse(await text) as PostList).order;
    const newestFirst = [...ids].sort().reverse();
    const all = { page: 0, perPage: 50, skipThreads: false };
    expect(await order(posts.page(causality, channel.id, all))).toEqual(newestFirst);
    const [, , pivot = ''] = newestFirst;
    expect(await order(posts.before(causality, channel.id, pivot, all))).toEqual(newestFirst.slice(3));
    expect(await order(posts.after(causality, channel.id, pivot, all))).toEqual(newestFirst.slice(0, 2));
  });
}
