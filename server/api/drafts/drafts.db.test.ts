import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Channel, type Draft, draft as draftSchema, type Post } from '../../../contract/index.ts';
import { newId } from '../../services/index.ts';
import { type ChatClient, openChatApi } from '../posts/testing/chat-api.ts';
import type { TestApi } from '../testing/index.ts';

let stop: (() => Promise<void>) | undefined;
let api: TestApi;
let ada: ChatClient;
let bob: ChatClient;
let teamId: string;
let channel: Channel;

const FORBIDDEN = [403, 'api.context.permissions.app_error'];

beforeAll(async () => {
  const opened = await openChatApi('admin', 'ada', 'bob');
  ({ api, stop } = opened);
  [, ada, bob] = opened.people;
  const team = await ada.post<{ id: string }>('/teams', { name: newId(), display_name: 'T', type: 'O' });
  teamId = team.id;
  channel = await ada.post<Channel>('/channels', { team_id: teamId, name: newId(), display_name: 'C', type: 'P' });
});
afterAll(() => stop?.());

const save = async (message: string, more: object = {}): Promise<Draft> =>
  draftSchema.strict().parse(await ada.post('/drafts', { channel_id: channel.id, message, ...more }));
const all = async (): Promise<Draft[]> =>
  draftSchema
    .strict()
    .array()
    .parse(await ada.get(`/users/me/teams/${teamId}/drafts`));
const pathOf = (userId: string, rest = '') => `/users/${userId}/channels/${channel.id}/drafts${rest}`;
const told = () =>
  api.events.splice(0).flatMap(({ event, data, to }) => {
    if (!event.startsWith('draft_')) return [];
    return [[event, to.user_id, JSON.parse((data as { draft: string }).draft) as Draft] as const];
  });

it('keeps what somebody writes, tells their other devices, and forgets it when they are done', async () => {
  told();
  const begun = await save('begun', { props: { a: 1 } });
  expect(begun).toMatchObject({ user_id: ada.userId, root_id: '', props: { a: 1 }, delete_at: 0, file_ids: [] });
  // Clients send back what they got, with what they keep for themselves.
  const saved = await save('begun and', { ...begun, message: 'begun and', update_at: 1, show: true });
  expect(saved.create_at).toBe(begun.create_at);
  expect(await all()).toEqual([saved]);
  expect(told()).toEqual([
    ['draft_created', ada.userId, begun],
    ['draft_updated', ada.userId, saved],
  ]);
  expect(await ada.delete(pathOf('me'))).toEqual({ status: 'OK' });
  expect(await ada.delete(pathOf('me'))).toEqual({ status: 'OK' });
  expect(await all()).toEqual([]);
  expect(told()).toMatchObject([['draft_deleted', ada.userId, { message: 'begun and' }]]);
});

it('keeps one in each thread, and removes an emptied one', async () => {
  const root = await ada.post<Post>('/posts', { channel_id: channel.id, message: 'root' });
  await save('in the channel');
  await save('in the thread', { root_id: root.id });
  expect((await all()).map((draft) => draft.root_id).toSorted()).toEqual(['', root.id].toSorted());
  told();
  expect((await save('')).delete_at).toBeGreaterThan(0);
  expect((await save('')).delete_at).toBeGreaterThan(0);
  expect(told().map(([event]) => event)).toEqual(['draft_deleted']);
  expect((await all()).map((draft) => draft.message)).toEqual(['in the thread']);
  await ada.delete(pathOf('me', `/${root.id}`));
  expect(await all()).toEqual([]);
});

it('shows the files that hang on it', async () => {
  const form = new FormData();
  form.append('files', new Blob(['text']), 'a.txt');
  form.append('channel_id', channel.id);
  const url = `${api.base}/api/v4/files`;
  const answer = await fetch(url, { method: 'POST', headers: ada.person.headers, body: form });
  const { file_infos: infos } = (await answer.json()) as { file_infos: { id: string }[] };
  const fileIds = infos.map((info) => info.id);
  const kept = await save('', { file_ids: [...fileIds, newId()] });
  expect(kept.metadata.files?.map((file) => file.id)).toEqual(fileIds);
  expect(await all()).toEqual([kept]);
  await ada.delete(pathOf('me'));
});

it('is for oneself only, where one may post', async () => {
  expect(await bob.refused('POST', '/drafts', { channel_id: channel.id, message: 'x' })).toEqual(FORBIDDEN);
  expect(await bob.refused('GET', `/users/${ada.userId}/teams/${teamId}/drafts`)).toEqual(FORBIDDEN);
  expect(await bob.refused('DELETE', pathOf(ada.userId))).toEqual(FORBIDDEN);
  expect(await bob.refused('DELETE', pathOf(ada.userId, `/${newId()}`))).toEqual(FORBIDDEN);
  expect(await ada.refused('POST', '/drafts', { channel_id: newId(), message: 'x' })).toEqual([
    404,
    'app.channel.get.existing.app_error',
  ]);
  const long = { channel_id: channel.id, message: 'x'.repeat(16_384) };
  expect(await ada.refused('POST', '/drafts', long)).toEqual([400, 'model.post.is_valid.message_length.app_error']);
  expect((await ada.refused('POST', '/drafts', { channel_id: channel.id, root_id: 'short' }))[0]).toBe(400);
});
