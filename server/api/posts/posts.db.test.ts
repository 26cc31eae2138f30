import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Channel,
  type ChannelUnread,
  channelUnread,
  type Post,
  type PostList,
  post as postSchema,
  postList,
  reaction as reactionSchema,
  type StoredPostsResponse,
  storedPostsResponse,
} from '../../../contract/index.ts';
import { newId } from '../../services/index.ts';
import type { TestApi } from '../testing/index.ts';
import { type ChatClient, openChatApi } from './testing/chat-api.ts';

let stop: (() => Promise<void>) | undefined;
let api: TestApi;
let admin: ChatClient;
let ada: ChatClient;
let bob: ChatClient;
let outsider: ChatClient;
let teamId: string;
let channel: Channel;

const FORBIDDEN = [403, 'api.context.permissions.app_error'];
const GONE = [404, 'app.post.get.app_error'];
const ARCHIVED = [400, 'api.post.create_post.can_not_post_to_deleted.error'];

beforeAll(async () => {
  const opened = await openChatApi('admin', 'ada', 'bob', 'out');
  ({ api, stop } = opened);
  [admin, ada, bob, outsider] = opened.people;
  const team = await ada.post<{ id: string }>('/teams', { name: newId(), display_name: 'T', type: 'O' });
  teamId = team.id;
  await bob.post(`/teams/${teamId}/members`, { team_id: teamId, user_id: bob.userId });
});
afterAll(() => stop?.());
beforeEach(async () => {
  channel = await newChannel('O');
  await bob.post(`/channels/${channel.id}/members`, { user_id: bob.userId });
});

const newChannel = (type: string) =>
  ada.post<Channel>('/channels', { team_id: teamId, name: newId(), display_name: 'C', type });
const say = (who: ChatClient, message: string, more: object = {}) =>
  who.post<Post>('/posts', { channel_id: channel.id, message, ...more });
const page = async (who: ChatClient, query = '') =>
  postList.parse(await who.get<PostList>(`/channels/${channel.id}/posts?${query}`));
const unread = async (who: ChatClient) =>
  channelUnread.parse(await who.get<ChannelUnread>(`/users/me/channels/${channel.id}/unread`));

describe('writing', () => {
  it('tells an author, and nobody else, which of their pending ids are stored', async () => {
    const ids = [newId(), newId()];
    await say(ada, 'kept', { pending_post_id: ids[0] });
    const ask = (who: ChatClient) => who.post<StoredPostsResponse>('/posts/stored', { pending_post_ids: ids });
    expect(storedPostsResponse.parse(await ask(ada))).toEqual({ pending_post_ids: [ids[0]] });
    expect(await ask(bob)).toEqual({ pending_post_ids: [] });
    const tooMany = await api.call(ada.person, 'POST', '/posts/stored', { pending_post_ids: Array(201).fill('p') });
    expect(tooMany.status).toBe(400);
  });

  it('answers 201 with the post, as exactly application/json, and tells the channel', async () => {
    const body = { channel_id: channel.id, message: `hi @${bob.person.user.username}`, pending_post_id: 'p1' };
    const answer = await api.call(ada.person, 'POST', '/posts', body);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([201, 'application/json']);
    const post = postSchema.parse(answer.body);
    expect(post).toMatchObject({ user_id: ada.userId, message: body.message, pending_post_id: 'p1', type: '' });
    const event = api.events.at(-1);
    expect(event).toMatchObject({
      event: 'posted',
      to: { channel_id: channel.id },
      data: { channel_type: 'O', team_id: teamId, sender_name: `@${ada.person.user.username}`, set_online: true },
    });
    const data = event?.data as { post: string; mentions: string };
    expect(JSON.parse(data.post)).toEqual(post);
    expect(JSON.parse(data.mentions)).toEqual([bob.userId]);
    expect(event?.token).toBeDefined();
  });

  it('answers a repeated pending id with the stored post and tells nobody again', async () => {
    const first = await say(ada, 'one', { pending_post_id: 'again' });
    const told = api.events.length;
    const again = await api.call(ada.person, 'POST', '/posts', {
      channel_id: channel.id,
      message: 'two',
      pending_post_id: 'again',
    });
    expect([again.status, again.body]).toEqual([201, first]);
    expect(api.events).toHaveLength(told);
  });

  it.each([
    ['an empty message', { message: ' \n' }, 'api.post.create_post.empty.app_error'],
    ['a message too long', { message: 'x'.repeat(16_384) }, 'model.post.is_valid.message_length.app_error'],
    ['an unknown root', { message: 'x', root_id: 'z'.repeat(26) }, 'api.post.create_post.root_id.app_error'],
    ['props too large', { message: 'x', props: { a: 'x'.repeat(9_000) } }, 'api.context.invalid_body_param.app_error'],
  ])('refuses %s', async (_name, body, id) => {
    expect(await ada.refused('POST', '/posts', { channel_id: channel.id, ...body })).toEqual([400, id]);
  });

  it('counts the length of a message in characters, not in halves of them', async () => {
    expect((await say(ada, '🦆'.repeat(16_383))).message).toHaveLength(2 * 16_383);
  });

  it('refuses replies to replies, to deleted roots and across channels', async () => {
    const refusal = [400, 'api.post.create_post.root_id.app_error'];
    const root = await say(ada, 'root');
    const reply = await say(bob, 'reply', { root_id: root.id });
    const to = (root_id: string, channel_id = channel.id) =>
      ada.refused('POST', '/posts', { channel_id, message: 'x', root_id });
    expect(await to(reply.id)).toEqual(refusal);
    expect(await to(root.id, (await newChannel('O')).id)).toEqual(refusal);
    await ada.delete(`/posts/${root.id}`);
    expect(await to(root.id)).toEqual(refusal);
  });

  it('refuses those who are not in the channel, and admins speak everywhere', async () => {
    expect(await outsider.refused('POST', '/posts', { channel_id: channel.id, message: 'x' })).toEqual(FORBIDDEN);
    expect(await outsider.refused('GET', `/channels/${channel.id}/posts`)).toEqual(FORBIDDEN);
    expect(await outsider.refused('POST', '/posts', { channel_id: newId(), message: 'x' })).toEqual([
      404,
      'app.channel.get.existing.app_error',
    ]);
    expect((await say(admin, 'attention')).user_id).toBe(admin.userId);
  });

  it('refuses everything in an archived channel but reading', async () => {
    const post = await say(ada, 'before');
    await ada.delete(`/channels/${channel.id}`);
    expect(await ada.refused('POST', '/posts', { channel_id: channel.id, message: 'x' })).toEqual(ARCHIVED);
    expect(await ada.refused('PUT', `/posts/${post.id}/patch`, { message: 'x' })).toEqual(ARCHIVED);
    expect(await ada.refused('DELETE', `/posts/${post.id}`)).toEqual(ARCHIVED);
    expect(await ada.refused('POST', '/reactions', { user_id: ada.userId, post_id: post.id, emoji_name: 'x' })).toEqual(
      FORBIDDEN,
    );
    expect((await page(ada)).posts[post.id]).toEqual(post);
  });
});

describe('changing', () => {
  it('edits, with the old text in the history', async () => {
    const post = await say(ada, 'old');
    const edited = postSchema.parse(await ada.put(`/posts/${post.id}`, { id: post.id, message: 'new' }));
    expect(edited).toMatchObject({ id: post.id, message: 'new', create_at: post.create_at });
    expect(edited.edit_at).toBeGreaterThan(0);
    const history = postSchema.array().parse(await ada.get(`/posts/${post.id}/edit_history`));
    expect(history).toMatchObject([{ message: 'old', original_id: post.id }]);
    expect(await ada.refused('PUT', `/posts/${post.id}`, { id: newId(), message: 'x' })).toEqual([
      400,
      'api.context.invalid_body_param.app_error',
    ]);
  });

  it('is for the author, and for admins', async () => {
    const post = await say(ada, 'mine');
    expect(await bob.refused('PUT', `/posts/${post.id}/patch`, { message: 'yours' })).toEqual(FORBIDDEN);
    expect(await bob.refused('DELETE', `/posts/${post.id}`)).toEqual(FORBIDDEN);
    expect(await bob.refused('GET', `/posts/${post.id}/edit_history`)).toEqual(FORBIDDEN);
    await admin.put(`/posts/${post.id}/patch`, { message: 'ours' });
    await admin.delete(`/posts/${post.id}`);
    expect(await ada.refused('GET', `/posts/${post.id}`)).toEqual(GONE);
    expect(await ada.refused('PUT', `/posts/${post.id}/patch`, { message: 'x' })).toEqual(GONE);
    expect(await admin.get(`/posts/${post.id}?include_deleted=true`)).toMatchObject({ message: '' });
    expect(await ada.refused('GET', `/posts/${post.id}?include_deleted=true`)).toEqual(FORBIDDEN);
  });

  it('leaves what the server has said as it is', async () => {
    const note = Object.values((await page(ada)).posts).find((post) => post.type === 'system_join_channel');
    expect(await admin.refused('PUT', `/posts/${note?.id}/patch`, { message: 'x' })).toEqual([
      400,
      'api.post.update_post.system_message.app_error',
    ]);
  });

  it('pins for every member', async () => {
    const post = await say(ada, 'important');
    expect(await bob.post(`/posts/${post.id}/pin`)).toEqual({ status: 'OK' });
    expect(postList.parse(await bob.get(`/channels/${channel.id}/pinned`)).order).toEqual([post.id]);
    await bob.post(`/posts/${post.id}/unpin`);
    expect(postList.parse(await bob.get(`/channels/${channel.id}/pinned`)).order).toEqual([]);
    expect(await outsider.refused('POST', `/posts/${post.id}/pin`)).toEqual(FORBIDDEN);
  });
});

describe('reading', () => {
  it('pages, goes on from a post and tells what has changed', async () => {
    const posts = [await say(ada, '1'), await say(ada, '2'), await say(ada, '3')];
    const [a, b, c] = posts.map((post) => post.id);
    expect(await page(ada, 'page=0&per_page=2')).toMatchObject({ order: [c, b], prev_post_id: a, next_post_id: '' });
    expect((await page(ada, `after=${a}`)).order).toEqual([c, b]);
    expect((await page(ada, `before=${c}&per_page=1`)).order).toEqual([b]);
    await ada.delete(`/posts/${b}`);
    const changed = await page(ada, `since=${posts[2]?.update_at}&page=5`);
    expect(changed.order).toEqual([b]);
    expect(await page(ada, 'page=99')).toMatchObject({ order: [], posts: {} });
  });

  it('shows threads, in whole and in parts', async () => {
    const root = await say(ada, 'root');
    const [first, second] = [await say(bob, '1', { root_id: root.id }), await say(ada, '2', { root_id: root.id })];
    const thread = postList.parse(await bob.get(`/posts/${first.id}/thread`));
    expect(thread.order).toEqual([second.id, first.id, root.id]);
    expect(thread.posts[root.id]).toMatchObject({
      reply_count: 2,
      participants: [{ id: bob.userId }, { id: ada.userId }],
    });
    const part = postList.parse(await bob.get(`/posts/${root.id}/thread?perPage=1&direction=down`));
    expect(part).toMatchObject({ order: [first.id, root.id], has_next: true });
    const rest = postList.parse(
      await bob.get(`/posts/${root.id}/thread?perPage=5&direction=down&fromPost=${first.id}`),
    );
    expect(rest).toMatchObject({ order: [second.id, root.id], has_next: false });
    expect(await bob.refused('GET', `/posts/${newId()}/thread`)).toEqual(GONE);
  });

  it('gives several posts by their ids, of those that may be read', async () => {
    const post = await say(ada, 'open');
    const hidden = await newChannel('P');
    const secret = await ada.post<Post>('/posts', { channel_id: hidden.id, message: 'secret' });
    const ids = [post.id, secret.id, newId()];
    expect(await bob.post('/posts/ids', ids)).toEqual([post]);
    expect(await ada.post<Post[]>('/posts/ids', ids)).toHaveLength(2);
    expect(await bob.refused('GET', `/posts/${secret.id}`)).toEqual(FORBIDDEN);
  });
});

describe('unread', () => {
  it('counts what others write, and an own post reads everything', async () => {
    await say(ada, '1');
    await say(ada, `2 @${bob.person.user.username}`);
    expect(await unread(bob)).toMatchObject({ msg_count: 2, mention_count: 1, team_id: teamId });
    expect(await unread(ada)).toMatchObject({ msg_count: 0 });
    await say(bob, 'read');
    expect(await unread(bob)).toMatchObject({ msg_count: 0, mention_count: 0 });
  });

  it('is read by a look, and unread again from a post on', async () => {
    const [first] = [await say(ada, `@${bob.person.user.username}`), await say(ada, '2')];
    const view = { channel_id: channel.id, prev_channel_id: '' };
    const viewed = await bob.post<{ last_viewed_at_times: object }>('/channels/members/me/view', view);
    expect(Object.keys(viewed.last_viewed_at_times)).toEqual([channel.id]);
    expect(await unread(bob)).toMatchObject({ msg_count: 0, mention_count: 0 });
    const back = await bob.post(`/users/me/posts/${first?.id}/set_unread`, {});
    expect(back).toMatchObject({ mention_count: 1, last_viewed_at: (first?.create_at ?? 0) - 1 });
    expect(await unread(bob)).toMatchObject({ msg_count: 2, mention_count: 1 });
    const around = postList.parse(
      await bob.get(`/users/me/channels/${channel.id}/posts/unread?limit_before=1&limit_after=1`),
    );
    expect(around.order[0]).toBe(first?.id);
    expect(around.order).toHaveLength(2);
    expect(await bob.post('/channels/members/me/view', { channel_id: '' })).toMatchObject({ last_viewed_at_times: {} });
    expect(await bob.refused('POST', `/channels/members/${ada.userId}/view`, view)).toEqual(FORBIDDEN);
  });
});

describe('reactions', () => {
  it('are added once, listed, shown with the post and removed', async () => {
    const post = await say(ada, 'react');
    const body = { user_id: bob.userId, post_id: post.id, emoji_name: '+1' };
    const answer = await api.call(bob.person, 'POST', '/reactions', body);
    expect(answer.status).toBe(200);
    const reaction = reactionSchema.parse(answer.body);
    expect(await bob.post('/reactions', body)).toEqual(reaction);
    expect(await ada.get(`/posts/${post.id}/reactions`)).toEqual([reaction]);
    expect(await ada.post('/posts/ids/reactions', [post.id])).toEqual({ [post.id]: [reaction] });
    expect((await page(ada)).posts[post.id]?.metadata.reactions).toEqual([reaction]);
    expect(await bob.refused('DELETE', `/users/${ada.userId}/posts/${post.id}/reactions/+1`)).toEqual(FORBIDDEN);
    expect(await bob.delete(`/users/me/posts/${post.id}/reactions/+1`)).toEqual({ status: 'OK' });
    expect(await ada.get(`/posts/${post.id}/reactions`)).toEqual([]);
  });

  it("are everybody's own", async () => {
    const post = await say(ada, 'react');
    const body = { user_id: ada.userId, post_id: post.id, emoji_name: '+1' };
    expect(await bob.refused('POST', '/reactions', body)).toEqual([
      403,
      'api.reaction.save_reaction.user_id.app_error',
    ]);
    const bad = { ...body, user_id: bob.userId, emoji_name: 'no spaces' };
    expect(await bob.refused('POST', '/reactions', bad)).toEqual([400, 'api.context.invalid_body_param.app_error']);
  });
});
