import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Channel,
  type Post,
  type PostInfo,
  postInfo,
  type PostList,
  post as postSchema,
} from '../../../contract/index.ts';
import { newId, type OutgoingEvent } from '../../services/index.ts';
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

beforeAll(async () => {
  const opened = await openChatApi('admin', 'ada', 'bob', 'out');
  ({ api, stop } = opened);
  [admin, ada, bob, outsider] = opened.people;
  const team = await ada.post<{ id: string }>('/teams', { name: newId(), display_name: 'T', type: 'I' });
  teamId = team.id;
  await ada.post(`/teams/${teamId}/members`, { team_id: teamId, user_id: bob.userId });
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
const historyOf = (post: Post) => ada.get<Post[]>(`/posts/${post.id}/edit_history`);

async function upload(who: ChatClient, name: string): Promise<string> {
  const form = new FormData();
  form.append('files', new Blob([name]), name);
  form.append('channel_id', channel.id);
  const init = { method: 'POST', headers: who.person.headers, body: form };
  const answer = (await (await fetch(`${api.base}/api/v4/files`, init)).json()) as { file_infos: { id: string }[] };
  return answer.file_infos[0]?.id ?? '';
}

describe('files of a post', () => {
  it('change with an edit, and come back with a former version', async () => {
    const [first, second] = [await upload(ada, 'a.txt'), await upload(ada, 'b.txt')];
    const post = await say(ada, 'one', { file_ids: [first] });
    const edited = postSchema.parse(await ada.put(`/posts/${post.id}/patch`, { message: 'two', file_ids: [second] }));
    expect(edited).toMatchObject({ message: 'two', file_ids: [second], metadata: { files: [{ name: 'b.txt' }] } });
    const told = api.events.at(-1) as OutgoingEvent<'post_edited'>;
    expect([told.event, JSON.parse(told.data.post)]).toEqual(['post_edited', edited]);
    expect(await ada.refused('GET', `/files/${first}/info`)).toEqual([404, 'app.file_info.get.app_error']);
    const [version] = await historyOf(post);
    expect(version).toMatchObject({ message: 'one', file_ids: [first], metadata: { files: [{ name: 'a.txt' }] } });
    const restored = postSchema.parse(await ada.post(`/posts/${post.id}/restore/${version?.id}`));
    expect(restored).toMatchObject({ message: 'one', file_ids: [first], metadata: { files: [{ name: 'a.txt' }] } });
    expect(await ada.get(`/files/${first}/info`)).toMatchObject({ post_id: post.id });
    expect((await historyOf(post)).map(({ message }) => message)).toEqual(['two', 'one']);
    // Clients send the whole post back: the same files are no change.
    const same = await ada.put<Post>(`/posts/${post.id}`, { ...restored, is_pinned: true });
    expect([same.edit_at, same.is_pinned, same.file_ids]).toEqual([restored.edit_at, true, [first]]);
  });

  it('are one’s own', async () => {
    const post = await say(ada, 'one');
    const foreign = await upload(bob, 'b.txt');
    const refusal = [400, 'api.post.create_post.files.app_error'];
    expect(await ada.refused('PUT', `/posts/${post.id}/patch`, { file_ids: [foreign] })).toEqual(refusal);
    expect(await ada.refused('PUT', `/posts/${post.id}/patch`, { file_ids: [newId()] })).toEqual(refusal);
    expect(await bob.refused('PUT', `/posts/${post.id}/patch`, { file_ids: [foreign] })).toEqual(FORBIDDEN);
    expect(await ada.get(`/posts/${post.id}`)).toEqual(post);
  });
});

it('a former version comes back for its author only', async () => {
  const post = await say(ada, 'old #tag');
  await ada.put(`/posts/${post.id}/patch`, { message: 'new' });
  const [version] = await historyOf(post);
  const path = `/posts/${post.id}/restore/${version?.id}`;
  expect(await bob.refused('POST', path)).toEqual(FORBIDDEN);
  expect(await admin.refused('POST', path)).toEqual(FORBIDDEN);
  expect(await ada.refused('POST', `/posts/${post.id}/restore/${post.id}`)).toEqual(GONE);
  const other = await say(ada, 'other');
  expect(await ada.refused('POST', `/posts/${other.id}/restore/${version?.id}`)).toEqual(GONE);
  expect(await ada.post(path)).toMatchObject({ message: 'old #tag', hashtags: '#tag' });
});

it('flagged posts are one’s own, of all teams, of one, of a channel', async () => {
  const [first, second] = [await say(bob, '1'), await say(bob, '2')];
  const flag = (post: Post) => ({ user_id: ada.userId, category: 'flagged_post', name: post.id, value: 'true' });
  await ada.put('/users/me/preferences', [flag(first), flag(second)]);
  const order = async (query = '') => (await ada.get<PostList>(`/users/me/posts/flagged${query}`)).order;
  expect(await order(`?channel_id=${channel.id}`)).toEqual([second.id, first.id]);
  expect(await order(`?team_id=${teamId}&per_page=1&page=1`)).toEqual([first.id]);
  expect(await order(`?team_id=${newId()}`)).toEqual([]);
  await bob.delete(`/posts/${first.id}`);
  expect(await order()).toEqual([second.id]);
  expect(await bob.refused('GET', `/users/${ada.userId}/posts/flagged`)).toEqual(FORBIDDEN);
  expect(await admin.refused('GET', `/users/${ada.userId}/posts/flagged`)).toEqual(FORBIDDEN);
});

describe('where a post is', () => {
  const infoOf = async (who: ChatClient, id: string) =>
    postInfo.strict().parse(await who.get<PostInfo>(`/posts/${id}/info`));

  it('is told to members and to those who could join', async () => {
    const post = await say(ada, 'here');
    expect(await infoOf(bob, post.id)).toEqual({
      channel_id: channel.id,
      channel_type: 'O',
      channel_display_name: 'C',
      has_joined_channel: true,
      team_id: teamId,
      team_type: 'I',
      team_display_name: 'T',
      has_joined_team: true,
    });
    await bob.delete(`/channels/${channel.id}/members/${bob.userId}`);
    expect(await infoOf(bob, post.id)).toMatchObject({ has_joined_channel: false, has_joined_team: true });
    expect(await outsider.refused('GET', `/posts/${post.id}/info`)).toEqual(GONE);
    const open = await bob.post<{ id: string }>('/teams', { name: newId(), display_name: 'O', type: 'O' });
    await bob.put(`/teams/${open.id}/patch`, { allow_open_invite: true });
    const request = { team_id: open.id, name: newId(), display_name: 'D', type: 'O' };
    const inOpen = await bob.post<Channel>('/channels', request);
    const there = await bob.post<Post>('/posts', { channel_id: inOpen.id, message: 'x' });
    expect(await infoOf(outsider, there.id)).toMatchObject({ has_joined_channel: false, has_joined_team: false });
  });

  it('is hidden where one could not come, and empty of a team in direct channels', async () => {
    channel = await newChannel('P');
    const post = await say(ada, 'closed');
    expect(await bob.refused('GET', `/posts/${post.id}/info`)).toEqual(GONE);
    expect(await ada.refused('GET', `/posts/${newId()}/info`)).toEqual(GONE);
    channel = await ada.post<Channel>('/channels/direct', [ada.userId, bob.userId]);
    const direct = await say(ada, 'psst');
    expect(await infoOf(bob, direct.id)).toMatchObject({ channel_type: 'D', team_id: '', has_joined_channel: true });
    expect(await outsider.refused('GET', `/posts/${direct.id}/info`)).toEqual(GONE);
  });
});

it('an ephemeral post reaches one user and is nowhere afterwards', async () => {
  const body = { user_id: bob.userId, post: { channel_id: channel.id, message: 'only you #see', user_id: ada.userId } };
  const answer = await api.call(admin.person, 'POST', '/posts/ephemeral', body);
  expect(answer.status).toBe(201);
  const post = postSchema.strict().parse(answer.body);
  expect(post).toMatchObject({ user_id: admin.userId, type: 'system_ephemeral', message: 'only you #see' });
  const told = api.events.at(-1) as OutgoingEvent<'ephemeral_message'>;
  expect([told.event, told.to]).toEqual(['ephemeral_message', { user_id: bob.userId, channel_id: channel.id }]);
  expect(JSON.parse(told.data.post)).toEqual(post);
  expect(await admin.refused('GET', `/posts/${post.id}`)).toEqual(GONE);
  expect(await ada.refused('POST', '/posts/ephemeral', body)).toEqual(FORBIDDEN);
  const to = (user_id: string, channel_id: string) =>
    admin.refused('POST', '/posts/ephemeral', { user_id, post: { channel_id, message: 'x' } });
  expect(await to(newId(), channel.id)).toEqual([404, 'app.user.missing_account.const']);
  expect(await to(bob.userId, newId())).toEqual([404, 'app.channel.get.existing.app_error']);
});

it('a deleted post is told to everybody, and to admins by whom', async () => {
  const post = await say(bob, 'gone');
  const first = api.events.length;
  await bob.delete(`/posts/${post.id}`);
  const told = api.events.slice(first) as OutgoingEvent<'post_deleted'>[];
  const [toOthers, toAdmins] = told;
  expect(told).toHaveLength(2);
  expect(toOthers).toMatchObject({ event: 'post_deleted', to: { channel_id: channel.id }, exceptAdmins: true });
  expect(toOthers?.data).not.toHaveProperty('delete_by');
  expect(toAdmins).toMatchObject({ adminsOnly: true, data: { delete_by: bob.userId, post: toOthers?.data.post } });
});
