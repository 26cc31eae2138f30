import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Team } from '../../../contract/index.ts';
import { type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { createTestFiles, type TestFiles } from '../../services/files/testing/test-files.ts';
import { type ChatClient, chatClient, startChatApi } from '../posts/testing/chat-api.ts';
import type { TestApi } from '../testing/index.ts';

let opened: OpenTestDatabase;
let files: TestFiles;
let api: TestApi;
/** Admin of the team, member of it, and in no team. */
let ann: ChatClient;
let bob: ChatClient;
let eve: ChatClient;
let team: Team;
const none = [404, 'api.team.get_team_icon.read_file.app_error'];
const forbidden = [403, 'api.context.permissions.app_error'];

beforeAll(async () => {
  opened = await openTestDatabase();
  files = createTestFiles();
  api = await startChatApi(opened, { fileGround: files });
  await api.person('root');
  [ann, bob, eve] = [
    chatClient(api, await api.person('ann')),
    chatClient(api, await api.person('bob')),
    chatClient(api, await api.person('eve')),
  ];
  team = await ann.post<Team>('/teams', { name: 'pictured', display_name: 'Pictured', type: 'I' });
  await ann.post(`/teams/${team.id}/members`, { team_id: team.id, user_id: bob.userId });
});
afterAll(async () => {
  await api?.stop();
  await opened?.stop();
  await files?.remove();
});

const plain = (background: string) => sharp({ create: { width: 300, height: 200, channels: 3, background } });
const get = (who: ChatClient, query = '', headers: Record<string, string> = {}) =>
  fetch(`${api.base}/api/v4/teams/${team.id}/image${query}`, { headers: { ...who.person.headers, ...headers } });
async function set(who: ChatClient, picture: Buffer, field = 'image'): Promise<number> {
  const form = new FormData();
  form.append(field, new Blob([new Uint8Array(picture)]), 'team.png');
  const init = { method: 'POST', headers: who.person.headers, body: form };
  return (await fetch(`${api.base}/api/v4/teams/${team.id}/image`, init)).status;
}
const fresh = () => bob.get<Team>(`/teams/${team.id}`);

it('a team has no picture until it is given one, square, with its time as the tag', async () => {
  expect(team.last_team_icon_update).toBe(0);
  expect(await bob.refused('GET', `/teams/${team.id}/image`)).toEqual(none);
  api.events.length = 0;
  expect(await set(ann, await plain('#00ff00').jpeg().toBuffer())).toBe(200);
  const answer = await get(bob);
  const { format, width, height } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
  expect([answer.headers.get('content-type'), format, width, height]).toEqual(['image/png', 'png', 128, 128]);
  const now = await fresh();
  expect(answer.headers.get('etag')).toBe(String(now.last_team_icon_update));
  expect((await get(bob, '', { 'if-none-match': answer.headers.get('etag') ?? '' })).status).toBe(304);
  expect((await get(bob, `?_=${now.last_team_icon_update}`)).headers.get('cache-control')).toBe(
    'private, max-age=86400',
  );
  // What a client holds and the event together are what it would read.
  const told = api.events.filter(({ event }) => event === 'update_team');
  const data = { team: JSON.stringify({ ...now, invite_id: '' }) };
  expect(told).toMatchObject([{ to: { team_id: team.id }, data }]);
});

it('a new one replaces it, and it can be taken away; no old one stays', async () => {
  expect(await set(ann, await plain('#ff0000').png().toBuffer())).toBe(200);
  expect(await files.list()).toEqual([`teams/${team.id}/${(await fresh()).last_team_icon_update}.png`]);
  await ann.delete(`/teams/${team.id}/image`);
  expect([await files.list(), (await fresh()).last_team_icon_update]).toEqual([[], 0]);
  expect(await bob.refused('GET', `/teams/${team.id}/image`)).toEqual(none);
});

it('only who manages the team changes it, and only who may see the team sees it', async () => {
  const png = await plain('#000').png().toBuffer();
  expect([await set(bob, png), await set(eve, png)]).toEqual([403, 403]);
  expect(await bob.refused('DELETE', `/teams/${team.id}/image`)).toEqual(forbidden);
  expect(await set(ann, png)).toBe(200);
  expect((await get(eve)).status).toBe(403);
  await ann.put(`/teams/${team.id}/privacy`, { privacy: 'O' });
  expect((await get(eve)).status).toBe(200);
  expect((await eve.refused('GET', `/teams/${'z'.repeat(26)}/image`))[0]).toBe(404);
});

it('refuses what is no picture, and is without one when the folder has lost it', async () => {
  const before = await files.list();
  expect(await set(ann, Buffer.from('no picture'))).toBe(400);
  expect(await set(ann, await plain('#000').png().toBuffer(), 'other')).toBe(400);
  expect(await set(ann, Buffer.alloc(1_000_001))).toBe(413);
  expect((await ann.refused('POST', `/teams/${team.id}/image`, {}))[0]).toBe(400);
  expect(await files.list()).toEqual(before);
  await files.remove();
  expect(await bob.refused('GET', `/teams/${team.id}/image`)).toEqual(none);
});
