import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Channel, Post, Team } from '../../../contract/index.ts';
import type { Database } from '../../database/index.ts';
import { type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import type { TestApi } from '../testing/index.ts';
import { type ChatClient, chatClient, startChatApi } from './testing/chat-api.ts';

let opened: OpenTestDatabase;
let api: TestApi;
let root: ChatClient;
let ann: ChatClient;
let bob: ChatClient;
let team: Team;
let channel: Channel;
const calls: string[] = [];

/** Names the questions to the database. */
function named(database: Database): Database {
  return new Proxy(database, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]): unknown => {
        if (name === 'read' || name === 'readLatest') {
          const asked = given.find((one) => typeof one === 'object' && one !== null && 'name' in one);
          calls.push(String((asked as { name?: unknown } | undefined)?.name));
        }
        return (value as (...values: unknown[]) => unknown).apply(target, given);
      };
    },
  });
}

beforeAll(async () => {
  opened = await openTestDatabase();
  api = await startChatApi({ database: named(opened.database), causalities: opened.causalities });
  [root, ann, bob] = [
    chatClient(api, await api.person('root')),
    chatClient(api, await api.person('ann')),
    chatClient(api, await api.person('bob')),
  ];
  team = await ann.post<Team>('/teams', { name: 'tagged', display_name: 'Tagged', type: 'O' });
  await ann.post(`/teams/${team.id}/members`, { team_id: team.id, user_id: bob.userId });
});
afterAll(async () => {
  await api?.stop();
  await opened?.stop();
});
beforeEach(async () => {
  const name = `c${Date.now()}`;
  channel = await ann.post<Channel>('/channels', { team_id: team.id, name, display_name: name, type: 'O' });
});

async function ask(who: ChatClient, path: string, known?: string) {
  const headers = { ...who.person.headers, ...(known !== undefined && { 'if-none-match': known }) };
  const answer = await fetch(`${api.base}/api/v4${path}`, { headers });
  const text = await answer.text();
  return { status: answer.status, etag: answer.headers.get('etag') ?? undefined, text };
}
const tagOf = async (who: ChatClient, path: string): Promise<string> => (await ask(who, path)).etag ?? 'none';
const say = (message: string, more = {}) => ann.post<Post>('/posts', { channel_id: channel.id, message, ...more });

describe('a page of posts', () => {
  const page = (query = '') => `/channels/${channel.id}/posts${query}`;

  it('has a bare tag with the version of the server, and is answered by it alone', async () => {
    await say('hello');
    const { etag = '' } = await ask(ann, page());
    expect(etag).toMatch(/^5\.39\.0\.test\.0\.false\.[\w.]+$/);
    calls.length = 0;
    const again = await ask(ann, page(), etag);
    expect([again.status, again.text, again.etag]).toEqual([304, '', etag]);
    expect(calls).toEqual(['posts.channel_state']);
    expect((await ask(bob, page(), etag)).status).toBe(304);
    // Go clients always send the header; of another version nothing is known.
    for (const other of ['', '*', `"${etag}"`, `x${etag}`, etag.replace('5.39', '5.40')]) {
      expect((await ask(ann, page(), other)).status).toBe(200);
    }
  });

  it('costs one question when nobody asks for less', async () => {
    await say('hello');
    await ask(ann, page());
    calls.length = 0;
    await ask(ann, page());
    expect(calls).toEqual(['posts.newest_page']);
  });

  it('has another tag after every change of what it shows', async () => {
    const post = await say('first');
    const other = await say('second');
    const changes: (() => Promise<unknown>)[] = [
      () => say('third'),
      () => say('a reply', { root_id: post.id }),
      () => ann.put(`/posts/${post.id}/patch`, { message: 'changed' }),
      () => ann.post(`/posts/${post.id}/pin`),
      () => ann.post('/reactions', { user_id: ann.userId, post_id: post.id, emoji_name: 'smile' }),
      () => ann.delete(`/users/me/posts/${post.id}/reactions/smile`),
      () => ann.delete(`/posts/${other.id}`),
      () => ann.post(`/channels/${channel.id}/members`, { user_id: bob.userId }),
    ];
    for (const change of changes) {
      const before = await ask(ann, page());
      await change();
      const after = await ask(ann, page(), before.etag);
      expect([after.status, after.text === before.text, after.etag === before.etag]).toEqual([200, false, false]);
      expect((await ask(ann, page(), after.etag)).status).toBe(304);
    }
  });

  it('is not confused with another page, and has none where each asks for their own', async () => {
    const ids: string[] = [];
    for (const message of ['a', 'b', 'c']) ids.push((await say(message)).id);
    const tag = await tagOf(ann, page('?per_page=1'));
    for (const query of [
      '?per_page=2',
      '?per_page=1&page=1',
      `?per_page=1&before=${ids[2]}`,
      `?per_page=1&after=${ids[0]}`,
    ]) {
      const answer = await ask(ann, page(query), tag);
      expect([answer.status, (await ask(ann, page(query), answer.etag)).status]).toEqual([200, 304]);
    }
    for (const query of ['?since=1', '?collapsedThreads=true', '?page=99']) {
      expect([query, (await ask(ann, page(query))).etag]).toEqual([query, undefined]);
    }
  });

  it('is refused in spite of a good tag to who may not read the channel', async () => {
    await say('secret');
    const tag = await tagOf(ann, page());
    await ann.put(`/channels/${channel.id}/privacy`, { privacy: 'P' });
    expect((await ask(bob, page(), tag)).status).toBe(403);
  });
});

describe('users', () => {
  it('are answered by their tag after one question, until they change', async () => {
    for (const path of [`/users/${bob.userId}`, `/users/username/${bob.person.user.username}`]) {
      const tag = await tagOf(ann, path);
      calls.length = 0;
      const again = await ask(ann, path, tag);
      expect([again.status, again.text, calls.length]).toEqual([304, '', 1]);
      expect((await ask(ann, path, '')).status).toBe(200);
      await bob.put('/users/me/patch', { position: `at ${path.length}` });
      expect((await ask(ann, path, tag)).status).toBe(200);
    }
  });

  it('have another tag for who sees more of them', async () => {
    const path = `/users/${bob.userId}`;
    expect(await tagOf(ann, path)).not.toBe(await tagOf(root, path));
    const tag = await tagOf(ann, path);
    api.settings.showEmail = false;
    expect((await ask(ann, path, tag)).status).toBe(200);
    api.settings.showEmail = true;
    expect((await ask(ann, path, tag)).status).toBe(304);
  });

  it('in and out of a team have a tag that follows who comes, goes and changes', async () => {
    const [inside, outside] = [`/users?in_team=${team.id}`, `/users?not_in_team=${team.id}`];
    const tags = [await tagOf(ann, inside), await tagOf(root, outside)];
    expect([(await ask(ann, inside, tags[0])).status, (await ask(root, outside, tags[1])).status]).toEqual([304, 304]);
    const carl = await api.person('carl');
    expect([(await ask(ann, inside, tags[0])).status, (await ask(root, outside, tags[1])).status]).toEqual([304, 200]);
    await ann.post(`/teams/${team.id}/members`, { team_id: team.id, user_id: carl.user.id });
    const joined = await ask(ann, inside, tags[0]);
    expect(joined.status).toBe(200);
    await ann.delete(`/teams/${team.id}/members/${carl.user.id}`);
    expect((await ask(ann, inside, joined.etag)).status).toBe(200);
    expect((await ask(ann, inside, tags[0])).status).toBe(304);
  });
});
