import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { User } from '../../../contract/index.ts';
import type { Database } from '../../database/index.ts';
import { type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { createTestFiles, type TestFiles } from '../../services/files/testing/test-files.ts';
import { startTestApi, type TestApi, type TestPerson } from '../testing/index.ts';

let opened: OpenTestDatabase;
let api: TestApi;
let files: TestFiles;
let ann: TestPerson;
let bob: TestPerson;
const calls: string[] = [];

/** Counts the questions to the database. */
function counted(database: Database): Database {
  const names = new Set(['read', 'readLatest', 'readStale', 'write', 'writeAll', 'transaction']);
  return new Proxy(database, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]): unknown => {
        if (names.has(String(name))) calls.push(String(name));
        return (value as (...values: unknown[]) => unknown).apply(target, given);
      };
    },
  });
}

beforeAll(async () => {
  opened = await openTestDatabase();
  files = createTestFiles();
  api = await startTestApi({
    layer: { database: counted(opened.database), causalities: opened.causalities },
    fileGround: files,
  });
  await api.person('root');
  [ann, bob] = [await api.person('ann'), await api.person('bob')];
});
afterAll(async () => {
  await api?.stop();
  await opened?.stop();
  await files?.remove();
});

const get = (path: string, who = bob, headers: Record<string, string> = {}) =>
  fetch(`${api.base}/api/v4/users/${path}`, { headers: { ...who.headers, ...headers } });
const bytesOf = async (answer: Promise<Response>): Promise<Buffer> => Buffer.from(await (await answer).arrayBuffer());
const colourOf = async (bytes: Buffer): Promise<number[]> => [
  ...(await sharp(bytes).extract({ left: 64, top: 64, width: 1, height: 1 }).removeAlpha().raw().toBuffer()),
];
async function set(who: TestPerson, userId: string, picture: Buffer, field = 'image'): Promise<number> {
  const form = new FormData();
  form.append(field, new Blob([new Uint8Array(picture)]), 'me.png');
  const answer = await fetch(`${api.base}/api/v4/users/${userId}/image`, {
    method: 'POST',
    headers: who.headers,
    body: form,
  });
  return answer.status;
}
const plain = (background: string, width = 300, height = 200) =>
  sharp({ create: { width, height, channels: 3, background } });

it('generates a picture that is the same each time and costs the database nothing when it was just asked for', async () => {
  const answer = await get(`${ann.user.id}/image`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
  const etag = answer.headers.get('etag') ?? '';
  expect(etag).toMatch(/^\d+$/);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const { format, width, height } = await sharp(bytes).metadata();
  expect([format, width, height]).toEqual(['png', 128, 128]);
  calls.length = 0;
  expect(await bytesOf(get(`${ann.user.id}/image`))).toEqual(bytes);
  expect((await get(`${ann.user.id}/image`, bob, { 'if-none-match': etag })).status).toBe(304);
  expect(calls).toEqual([]);
  expect(await bytesOf(get(`${ann.user.id}/image/default`))).toEqual(bytes);
  expect((await get(`${ann.user.id}/image?_=1`)).headers.get('cache-control')).toBe('private, max-age=86400');
});

it('shows the own picture, square, and tells everybody', async () => {
  api.events.length = 0;
  expect(await set(ann, 'me', await plain('#00ff00').jpeg().toBuffer())).toBe(200);
  const answer = await get(`${ann.user.id}/image`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const { format, width, height } = await sharp(bytes).metadata();
  expect([format, width, height]).toEqual(['png', 128, 128]);
  const [red = 255, green = 0] = await colourOf(bytes);
  expect([red < 10, green > 245]).toEqual([true, true]);
  const user = (await api.call(bob, 'GET', `/users/${ann.user.id}`)).body as User;
  expect(answer.headers.get('etag')).toBe(String(user.last_picture_update));
  const told = api.events.filter(({ event }) => event === 'user_updated').map(({ data }) => data);
  expect(told).toHaveLength(2);
  expect(told[0]).toMatchObject({ user: { id: ann.user.id, last_picture_update: user.last_picture_update } });
  expect(await files.list()).toEqual([`users/${ann.user.id}/${user.last_picture_update}.png`]);
});

it('replaces the picture, keeps no old one, and goes back to the generated one', async () => {
  await set(ann, 'me', await plain('#ff0000').png().toBuffer());
  const [red = 0, green = 255] = await colourOf(await bytesOf(get(`${ann.user.id}/image`)));
  expect([red > 245, green < 10]).toEqual([true, true]);
  expect(await files.list()).toHaveLength(1);
  expect((await api.call(ann, 'DELETE', '/users/me/image')).status).toBe(200);
  const generated = await bytesOf(get(`${ann.user.id}/image/default`));
  expect(await bytesOf(get(`${ann.user.id}/image`))).toEqual(generated);
  expect(await files.list()).toEqual([]);
  const user = (await api.call(bob, 'GET', `/users/${ann.user.id}`)).body as User;
  expect(user.last_picture_update).toBeLessThan(0);
});

it('shows the generated picture when the folder has lost the own one', async () => {
  await set(bob, 'me', await plain('#ff0000').png().toBuffer());
  await files.remove();
  expect(await bytesOf(get(`${bob.user.id}/image`, ann))).toEqual(await bytesOf(get(`${bob.user.id}/image/default`)));
});

it('refuses what is no picture, too large, unfolds too far, or somebody else’s account; nothing is left', async () => {
  await api.call(bob, 'DELETE', '/users/me/image');
  const bomb = await plain('#000', 5_000, 5_000).png().toBuffer();
  const png = await plain('#000').png().toBuffer();
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
  expect(await set(ann, 'me', Buffer.from('no picture'))).toBe(400);
  expect(await set(ann, 'me', Buffer.alloc(0))).toBe(400);
  expect(await set(ann, 'me', svg)).toBe(400);
  expect(await set(ann, 'me', bomb)).toBe(400);
  expect(await set(ann, 'me', png.subarray(0, 60))).toBe(400);
  expect(await set(ann, 'me', png, 'other')).toBe(400);
  expect(await set(ann, 'me', Buffer.alloc(1_000_001))).toBe(413);
  expect(await set(ann, bob.user.id, png)).toBe(403);
  expect(await set(ann, 'z'.repeat(26), png)).toBe(403);
  expect((await api.call(ann, 'DELETE', `/users/${bob.user.id}/image`)).status).toBe(403);
  expect((await api.call(ann, 'POST', '/users/me/image', {})).status).toBe(400);
  expect((await get(`${'z'.repeat(26)}/image`)).status).toBe(404);
  expect(await files.list()).toEqual([]);
});
