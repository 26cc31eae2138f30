import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type Channel,
  type EventData,
  eventData,
  type Post,
  type PostList,
  postList,
  type TeamUnread,
  type UserThread,
  type UserThreads,
  userThread,
  userThreads,
} from '../../../contract/index.ts';
import { newId, type OutgoingEvent } from '../../services/index.ts';
import { type ChatClient, openChatApi } from '../posts/testing/chat-api.ts';
import type { TestApi } from '../testing/index.ts';

let stop: (() => Promise<void>) | undefined;
let api: TestApi;
let admin: ChatClient;
let ada: ChatClient;
let bob: ChatClient;
let outsider: ChatClient;
let teamId: string;
let channel: Channel;

const FORBIDDEN = [403, 'api.context.permissions.app_error'];
const NOT_FOLLOWED = [404, 'app.user.get_thread_membership_for_user.not_found'];
const GONE = [404, 'app.post.get.app_error'];

beforeAll(async () => {
  const opened = await openChatApi('admin', 'ada', 'bob', 'out');
  ({ api, stop } = opened);
  [admin, ada, bob, outsider] = opened.people;
});
afterAll(() => stop?.());
beforeEach(async () => {
  api.events.splice(0);
  const team = await ada.post<{ id: string }>('/teams', { name: newId(), display_name: 'T', type: 'O' });
  teamId = team.id;
  await bob.post(`/teams/${teamId}/members`, { team_id: teamId, user_id: bob.userId });
  const request = { team_id: teamId, name: newId(), display_name: 'C', type: 'O' };
  channel = await ada.post<Channel>('/channels', request);
  await bob.post(`/channels/${channel.id}/members`, { user_id: bob.userId });
});

const nameOf = (who: ChatClient): string => `@${who.person.user.username}`;
const pathOf = (who: ChatClient, rest = '') => `/users/${who.userId}/teams/${teamId}/threads${rest}`;
const say = (who: ChatClient, message: string, root_id = '') =>
  who.post<Post>('/posts', { channel_id: channel.id, message, root_id });
const list = async (who: ChatClient, query = '') =>
  userThreads.strict().parse(await who.get<UserThreads>(pathOf(who, `?${query}`)));
const ids = async (who: ChatClient, query = '') => (await list(who, query)).threads.map((thread) => thread.id);
const one = async (who: ChatClient, id: string) =>
  userThread.strict().parse(await who.get<UserThread>(pathOf(who, `/${id}`)));
/** Those of one user, each with data of the described shape. */
const told = (who: ChatClient, name: OutgoingEvent['event']) =>
  api.events
    .filter((event) => event.event === name && event.to.user_id === who.userId)
    .map(({ data }) => eventData[name].parse(data));
/** Replies, and waits for the news of it, which nobody waits for otherwise. */
async function reply(who: ChatClient, message: string, root: Post): Promise<Post> {
  const post = await say(who, message, root.id);
  await vi.waitFor(() => expect(newsOf(who).at(-1)?.last_reply_at).toBe(post.create_at));
  return post;
}
const newsOf = (who: ChatClient): UserThread[] =>
  (told(who, 'thread_updated') as EventData<'thread_updated'>[]).map(({ thread }) =>
    userThread.strict().parse(JSON.parse(thread)),
  );

describe('following', () => {
  it('begins with a reply for its author and the author of the root, and tells both', async () => {
    const root = await say(ada, 'root');
    expect((await list(ada)).threads).toEqual([]);
    const answer = await reply(bob, 'reply', root);
    const thread = await one(ada, root.id);
    expect(thread).toMatchObject({
      id: root.id,
      reply_count: 1,
      last_reply_at: answer.create_at,
      last_viewed_at: 0,
      unread_replies: 1,
      unread_mentions: 0,
      is_following: true,
      participants: [{ id: bob.userId }],
      post: { id: root.id, message: 'root', reply_count: 1 },
    });
    expect(newsOf(ada)).toEqual([thread]);
    expect(newsOf(bob)).toEqual([await one(bob, root.id)]);
    expect(told(ada, 'thread_updated')).toMatchObject([{ previous_unread_replies: 0, previous_unread_mentions: 0 }]);
    expect((await one(bob, root.id)).unread_replies).toBe(0);
  });

  it('tells of many replies at once so that the last one heard is the newest', async () => {
    const root = await say(ada, 'root');
    await Promise.all(Array.from({ length: 30 }, (_, n) => say(bob, n % 2 === 0 ? nameOf(ada) : 'reply', root.id)));
    await vi.waitFor(async () => expect(newsOf(ada).at(-1)).toEqual(await one(ada, root.id)));
    expect(newsOf(ada).at(-1)).toMatchObject({ reply_count: 30, unread_replies: 30, unread_mentions: 15 });
    expect(told(ada, 'thread_updated').length).toBeLessThanOrEqual(30);
  });

  it('takes in whom the root names, and whom a reply names', async () => {
    const [byRoot, byReply] = [await say(ada, `ask ${nameOf(bob)}.`), await say(ada, 'root')];
    await reply(ada, 'first', byRoot);
    await reply(ada, `second ${nameOf(bob)}`, byReply);
    expect(await one(bob, byRoot.id)).toMatchObject({ unread_replies: 1, unread_mentions: 0 });
    expect(await one(bob, byReply.id)).toMatchObject({ unread_replies: 1, unread_mentions: 1 });
    expect(await list(bob)).toMatchObject({ total: 2, total_unread_threads: 2, total_unread_mentions: 1 });
    expect(told(bob, 'thread_updated').at(-1)).toMatchObject({
      previous_unread_replies: 0,
      previous_unread_mentions: 0,
    });
  });

  it('is begun and ended by oneself, and ended it stays until a mention', async () => {
    const root = await say(ada, 'root');
    await reply(bob, 'reply', root);
    const path = pathOf(ada, `/${root.id}/following`);
    expect(await ada.delete(path)).toEqual({ status: 'OK' });
    expect(told(ada, 'thread_follow_changed')).toEqual([{ thread_id: root.id, state: false, reply_count: 1 }]);
    expect(await ada.refused('GET', pathOf(ada, `/${root.id}`))).toEqual(NOT_FOLLOWED);
    await reply(bob, 'again', root);
    expect(await ids(ada)).toEqual([]);
    await reply(bob, `${nameOf(ada)}!`, root);
    expect(await one(ada, root.id)).toMatchObject({ unread_mentions: 1, unread_replies: 3 });
    await ada.delete(path);
    expect(await ada.put(path)).toEqual({ status: 'OK' });
    expect(await one(ada, root.id)).toMatchObject({ unread_mentions: 0, unread_replies: 0 });
    expect(await ada.refused('PUT', pathOf(ada, `/${newId()}/following`))).toEqual(GONE);
  });
});

describe('lists', () => {
  it('come newest first, from a thread on, filtered, counted or not', async () => {
    const roots = [await say(ada, '0'), await say(ada, '1'), await say(ada, '2')];
    const [a, b, c] = roots as [Post, Post, Post];
    for (const root of [b, a, c]) await reply(bob, 'reply', root);
    await reply(ada, 'own', a);
    expect(await ids(ada)).toEqual([a.id, c.id, b.id]);
    expect(await ids(ada, 'per_page=1')).toEqual([a.id]);
    expect(await ids(ada, 'pageSize=2')).toEqual([a.id, c.id]);
    expect(await ids(ada, `before=${c.id}`)).toEqual([b.id]);
    expect(await ids(ada, `after=${b.id}`)).toEqual([c.id, a.id]);
    expect(await list(ada, 'unread=true&per_page=1')).toMatchObject({ total: 2, threads: [{ id: c.id }] });
    expect(await list(ada, 'totalsOnly=true')).toMatchObject({ total: 3, total_unread_threads: 2, threads: [] });
    const only = await list(ada, 'threadsOnly=true');
    expect([only.total, only.total_unread_threads, only.threads.length]).toEqual([0, 0, 3]);
    await ada.delete(`/posts/${c.id}`);
    expect(await ids(ada)).toEqual([a.id, b.id]);
    const [, gone] = (await list(ada, 'deleted=true')).threads;
    expect([gone?.id, gone?.post.message, (gone?.delete_at ?? 0) > 0]).toEqual([c.id, '', true]);
    const since = (await one(ada, a.id)).last_reply_at;
    expect(await ids(ada, `since=${since}`)).toEqual([a.id]);
  });

  it('show the participants in full when it is asked for', async () => {
    const root = await say(ada, 'root');
    await reply(bob, 'reply', root);
    const [thread] = (await list(ada, 'extended=true')).threads;
    expect(thread?.participants).toMatchObject([{ id: bob.userId, username: bob.person.user.username }]);
    expect(thread?.participants[0]).not.toHaveProperty('notify_props');
    const single = await ada.get<UserThread>(pathOf(ada, `/${root.id}?extended=true`));
    expect(single.participants).toEqual(thread?.participants);
  });

  it('refuse contradictions', async () => {
    const both = pathOf(ada, `?before=${newId()}&after=${newId()}`);
    expect(await ada.refused('GET', both)).toEqual([400, 'api.getThreadsForUser.bad_params']);
    const neither = pathOf(ada, '?totalsOnly=true&threadsOnly=true');
    expect(await ada.refused('GET', neither)).toEqual([400, 'api.getThreadsForUser.bad_only_params']);
  });
});

it('a channel shows only roots, and whether they are followed, to those who ask for collapsed threads', async () => {
  const [root, other] = [await say(ada, 'root'), await say(bob, 'other')];
  const answer = await reply(bob, 'reply', root);
  const posts = async (query: string) =>
    postList.parse(await bob.get<PostList>(`/channels/${channel.id}/posts?since=1&${query}`));
  const collapsed = await posts('collapsedThreads=true');
  expect(collapsed.order).not.toContain(answer.id);
  expect([collapsed.posts[root.id]?.is_following, collapsed.posts[other.id]?.is_following]).toEqual([true, false]);
  expect((await posts('')).order).toContain(answer.id);
  const thread = await bob.get<PostList>(`/posts/${answer.id}/thread?collapsedThreads=true`);
  expect([thread.posts[root.id]?.is_following, thread.order.length]).toEqual([true, 2]);
});

describe('reading', () => {
  it('moves the mark to a time and counts what comes after it', async () => {
    const root = await say(ada, 'root');
    const first = await reply(bob, `${nameOf(ada)} 1`, root);
    const second = await reply(bob, `${nameOf(ada)} 2`, root);
    const read = (time: number) => ada.put<UserThread>(pathOf(ada, `/${root.id}/read/${time}`));
    const marked = userThread.strict().parse(await read(first.create_at));
    expect(marked).toMatchObject({ last_viewed_at: first.create_at, unread_replies: 1, unread_mentions: 1 });
    expect(marked).toEqual(await one(ada, root.id));
    expect(told(ada, 'thread_read_changed')).toEqual([
      {
        thread_id: root.id,
        channel_id: channel.id,
        timestamp: first.create_at,
        unread_replies: 1,
        unread_mentions: 1,
        previous_unread_replies: 2,
        previous_unread_mentions: 2,
      },
    ]);
    expect(await read(second.create_at)).toMatchObject({ unread_replies: 0, unread_mentions: 0 });
    const unread = await ada.post<UserThread>(pathOf(ada, `/${root.id}/set_unread/${first.id}`));
    expect(userThread.strict().parse(unread)).toMatchObject({
      last_viewed_at: first.create_at - 1,
      unread_replies: 2,
      unread_mentions: 2,
    });
    const elsewhere = await say(ada, 'elsewhere');
    expect(await ada.refused('POST', pathOf(ada, `/${root.id}/set_unread/${elsewhere.id}`))).toEqual([
      400,
      'app.user.update_thread_read_for_user_by_post.app_error',
    ]);
    for (const time of ['soon', '-1', '1.5', '99999999999999999']) {
      expect((await ada.refused('PUT', pathOf(ada, `/${root.id}/read/${time}`)))[0]).toBe(400);
    }
  });

  it('follows a thread by making it unread, and needs following otherwise', async () => {
    const root = await say(ada, 'root');
    const answer = await reply(ada, 'reply', root);
    expect(await bob.refused('PUT', pathOf(bob, `/${root.id}/read/1`))).toEqual(NOT_FOLLOWED);
    expect(await bob.post(pathOf(bob, `/${root.id}/set_unread/${answer.id}`))).toMatchObject({ unread_replies: 1 });
    expect(await ids(bob)).toEqual([root.id]);
  });

  it('marks all of a team at once', async () => {
    for (const root of [await say(ada, '1'), await say(ada, '2')]) await reply(bob, nameOf(ada), root);
    expect(await ada.put(pathOf(ada, '/read'))).toEqual({ status: 'OK' });
    expect(await list(ada)).toMatchObject({ total: 2, total_unread_threads: 0, total_unread_mentions: 0 });
    expect(told(ada, 'thread_read_changed').at(-1)).toEqual({ timestamp: expect.any(Number) });
  });

  it('counts unread threads with the unread messages of a team, when they are asked for', async () => {
    await reply(bob, nameOf(ada), await say(ada, 'root'));
    const [withThreads, without] = await Promise.all(
      ['?include_collapsed_threads=true', ''].map((query) => ada.get<TeamUnread[]>(`/users/me/teams/unread${query}`)),
    );
    const own = withThreads?.find((team) => team.team_id === teamId);
    expect(own).toMatchObject({ thread_count: 1, thread_mention_count: 1, thread_urgent_mention_count: 0 });
    expect(without?.find((team) => team.team_id === teamId)).not.toHaveProperty('thread_count');
  });
});

describe('who may', () => {
  it('see and mark threads: oneself in one’s teams and channels, and admins', async () => {
    const root = await say(ada, 'root');
    await reply(bob, 'reply', root);
    const calls = [
      ['GET', ''],
      ['GET', `/${root.id}`],
      ['PUT', '/read'],
      ['PUT', `/${root.id}/read/1`],
      ['PUT', `/${root.id}/following`],
      ['DELETE', `/${root.id}/following`],
      ['POST', `/${root.id}/set_unread/${root.id}`],
    ] as const;
    for (const [method, rest] of calls) {
      expect(await outsider.refused(method, pathOf(outsider, rest))).toEqual(FORBIDDEN);
      expect(await bob.refused(method, pathOf(ada, rest))).toEqual(FORBIDDEN);
    }
    expect(await admin.get(pathOf(ada))).toEqual(await ada.get(pathOf(ada)));
  });

  it('are not listed by who edits others and reads not all of their channels', async () => {
    const direct = await ada.post<Channel>('/channels/direct', [ada.userId, admin.userId]);
    const secret = await ada.post<Post>('/posts', { channel_id: direct.id, message: 'secret' });
    await admin.post('/posts', { channel_id: direct.id, message: 'reply', root_id: secret.id });
    const { id, permissions } = await admin.get<{ id: string; permissions: string[] }>('/roles/name/system_post_all');
    await admin.put(`/roles/${id}/patch`, { permissions: [...permissions, 'edit_other_users'] });
    await admin.put(`/users/${bob.userId}/roles`, { roles: 'system_user system_post_all' });
    try {
      expect(await bob.refused('GET', pathOf(ada))).toEqual(FORBIDDEN);
      expect((await list(bob)).threads).toEqual([]);
    } finally {
      await admin.put(`/users/${bob.userId}/roles`, { roles: 'system_user' });
      await admin.put(`/roles/${id}/patch`, { permissions });
    }
  });
});

describe('the law', () => {
  type Threads = Map<string, UserThread>;
  /** How far one has read is told to the millisecond for one thread, and not for all at once. */
  const threadsOf = async (who: ChatClient): Promise<Threads> =>
    new Map((await list(who)).threads.map((thread) => [thread.id, { ...thread, last_viewed_at: 0 }]));

  const handlers = {
    thread_updated: (threads: Threads, { thread }: EventData<'thread_updated'>) => {
      const told = JSON.parse(thread) as UserThread;
      threads.set(told.id, { ...told, last_viewed_at: 0 });
    },
    thread_follow_changed: async (threads: Threads, data: EventData<'thread_follow_changed'>, who: ChatClient) => {
      if (data.state) threads.set(data.thread_id, { ...(await one(who, data.thread_id)), last_viewed_at: 0 });
      else threads.delete(data.thread_id);
    },
    thread_read_changed: (threads: Threads, data: EventData<'thread_read_changed'>) => {
      const { thread_id, unread_replies = 0, unread_mentions = 0 } = data;
      for (const [id, thread] of threads) {
        if (thread_id === undefined || thread_id === id)
          threads.set(id, { ...thread, unread_replies, unread_mentions });
      }
    },
  };

  /** Of one action: the threads before it, with the events to each, are the threads after it. */
  async function law<T>(act: () => Promise<T>): Promise<T> {
    const people = [ada, bob];
    const before = await Promise.all(people.map(threadsOf));
    const first = api.events.length;
    const result = await act();
    for (const { event, data, to } of api.events.slice(first)) {
      const index = people.findIndex((who) => who.userId === to.user_id);
      const handler = handlers[event as keyof typeof handlers] as
        | (typeof handlers)['thread_follow_changed']
        | undefined;
      if (index >= 0) await handler?.(before[index] as Threads, data as never, people[index] as ChatClient);
    }
    expect(before).toEqual(await Promise.all(people.map(threadsOf)));
    return result;
  }

  it('holds: the threads before and the events are the threads after', async () => {
    const root = await say(ada, `root ${nameOf(bob)}`);
    const first = await law(() => reply(ada, 'first', root));
    await law(() => reply(bob, `second ${nameOf(ada)}`, root));
    await law(() => ada.put(pathOf(ada, `/${root.id}/read/${first.create_at}`)));
    await law(() => ada.post(pathOf(ada, `/${root.id}/set_unread/${first.id}`)));
    await law(() => reply(ada, `@all`, root));
    await law(() => bob.delete(pathOf(bob, `/${root.id}/following`)));
    await law(() => reply(ada, 'without bob', root));
    await law(() => reply(ada, `with ${nameOf(bob)}`, root));
    await law(() => bob.put(pathOf(bob, '/read')));
    await law(() => bob.post(pathOf(bob, `/${root.id}/set_unread/${first.id}`)));
    await law(() => bob.delete(pathOf(bob, `/${root.id}/following`)));
    await law(() => bob.put(pathOf(bob, `/${root.id}/following`)));
    expect(await ids(bob)).toEqual([root.id]);
  });
});
