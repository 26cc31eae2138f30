import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Emoji, emoji as emojiSchema, errorBody } from '../../../contract/index.ts';
import { type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { createTestFiles, type TestFiles } from '../../services/files/testing/test-files.ts';
import { type ChatClient, chatClient, startChatApi } from '../posts/testing/chat-api.ts';
import { type TestApi } from '../testing/index.ts';

let opened: OpenTestDatabase;
let files: TestFiles;
let api: TestApi;
let root: ChatClient;
let ann: ChatClient;
let bob: ChatClient;
let square: Buffer;
let moving: Buffer;
const missing = [404, 'app.emoji.get.no_result'];
const forbidden = [403, 'api.context.permissions.app_error'];

const plain = (background: string, width = 300, height = 150) =>
  sharp({ create: { width, height, channels: 3, background } });

beforeAll(async () => {
  opened = await openTestDatabase();
  files = createTestFiles();
  api = await startChatApi(opened, { fileGround: files });
  [root, ann, bob] = [
    chatClient(api, await api.person('root')),
    chatClient(api, await api.person('ann')),
    chatClient(api, await api.person('bob')),
  ];
  square = await plain('#00ff00').png().toBuffer();
  const frames = await Promise.all(['#f00', '#0f0', '#00f'].map((colour) => plain(colour, 40, 40).png().toBuffer()));
  moving = await sharp(frames, { join: { animated: true } })
    .gif({ delay: [100, 100, 100] })
    .toBuffer();
});
afterAll(async () => {
  await api?.stop();
  await opened?.stop();
  await files?.remove();
});
beforeEach(() => {
  api.settings.customEmoji = true;
});

interface Upload {
  readonly picture?: Buffer;
  readonly body?: unknown;
  readonly order?: readonly ('image' | 'emoji')[];
}
let made = 0;
async function send(who: ChatClient, { picture = square, body, order = ['image', 'emoji'] }: Upload = {}) {
  made += 1;
  const form = new FormData();
  for (const part of order) {
    if (part === 'image') form.append('image', new Blob([new Uint8Array(picture)]), 'x.png');
    else form.append('emoji', typeof body === 'string' ? body : JSON.stringify(body ?? { name: `own-${made}` }));
  }
  const response = await fetch(`${api.base}/api/v4/emoji`, { method: 'POST', headers: who.person.headers, body: form });
  const answer: unknown = await response.json();
  return { status: response.status, answer };
}
async function make(who = ann, upload: Upload = {}): Promise<Emoji> {
  const { status, answer } = await send(who, upload);
  expect([status, answer]).toEqual([200, expect.anything()]);
  return emojiSchema.strict().parse(answer);
}
const refusedUpload = async (who: ChatClient, upload: Upload) => {
  const { status, answer } = await send(who, upload);
  return [status, errorBody.parse(answer).id];
};
const image = (id: string, headers: Record<string, string> = {}) =>
  fetch(`${api.base}/api/v4/emoji/${id}/image`, { headers: { ...bob.person.headers, ...headers } });

describe('making', () => {
  it('gives everybody an emoji, found by id, by name and among names, and told of', async () => {
    api.events.length = 0;
    const own = await make(ann, { body: { name: 'party-Blob', creator_id: ann.userId } });
    expect(own).toMatchObject({ name: 'party-Blob', creator_id: ann.userId, delete_at: 0 });
    expect(await bob.get(`/emoji/${own.id}`)).toEqual(own);
    expect(await bob.get('/emoji/name/party-Blob')).toEqual(own);
    expect(await bob.post('/emoji/names', ['nothing', 'party-Blob'])).toEqual([own]);
    const told = api.events.filter(({ event }) => event === 'emoji_added');
    expect(told).toMatchObject([{ data: { emoji: JSON.stringify(own) }, to: {} }]);
    expect(await files.list()).toEqual([`emoji/${own.id}`]);
  });

  it('takes the parts of the form in any order', async () => {
    expect(await make(ann, { order: ['emoji', 'image'] })).toMatchObject({ creator_id: ann.userId });
  });

  it('draws the picture small, and keeps what moves moving', async () => {
    const answer = await image((await make()).id);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/webp']);
    const still = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
    expect([still.format, still.width, still.height]).toEqual(['webp', 128, 64]);
    const bytes = Buffer.from(await (await image((await make(ann, { picture: moving })).id)).arrayBuffer());
    const { format, pages, width, pageHeight } = await sharp(bytes, { animated: true }).metadata();
    expect([format, pages, width, pageHeight]).toEqual(['webp', 3, 40, 40]);
  });

  it('refuses names that are taken, by another one or by an emoji that everybody has', async () => {
    const own = await make();
    const before = await files.list();
    const taken = [400, 'api.emoji.create.duplicate.app_error'];
    expect(await refusedUpload(bob, { body: { name: own.name } })).toEqual(taken);
    for (const name of ['smile', '+1', 'flag-de']) {
      expect(await refusedUpload(bob, { body: { name } })).toEqual([400, 'model.emoji.system_emoji_name.app_error']);
    }
    const racing = await Promise.all(Array.from({ length: 4 }, () => send(ann, { body: { name: 'raced' } })));
    expect(racing.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400, 400, 400]);
    expect(await files.list()).toHaveLength(before.length + 1);
  });

  it('refuses what is no emoji: its name, its picture, its form; nothing is left', async () => {
    const before = await files.list();
    for (const body of [{ name: '' }, { name: 'ä' }, { name: 'a b' }, { name: 'x'.repeat(65) }, {}, [], 'no json']) {
      expect((await send(ann, { body })).status).toBe(400);
    }
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    const bomb = await plain('#000', 5_000, 5_000).png().toBuffer();
    for (const picture of [Buffer.alloc(0), Buffer.from('no picture at all'), svg, square.subarray(0, 60), bomb]) {
      expect(await refusedUpload(ann, { picture })).toEqual([400, 'api.emoji.upload.image.app_error']);
    }
    const large = Buffer.concat([square, Buffer.alloc(524_288)]);
    expect(await refusedUpload(ann, { picture: large })).toEqual([413, 'api.emoji.create.too_large.app_error']);
    expect(await refusedUpload(ann, { picture: Buffer.alloc(2_000_000) })).toEqual([
      413,
      'api.emoji.create.too_large.app_error',
    ]);
    for (const order of [['image'], ['emoji'], ['image', 'image', 'emoji']] as const) {
      expect((await send(ann, { order })).status).toBe(400);
    }
    expect((await ann.refused('POST', '/emoji', { name: 'x' }))[0]).toBe(400);
    expect(await files.list()).toEqual(before);
  });

  it('is in one’s own name', async () => {
    const body = { name: 'in-your-name', creator_id: bob.userId };
    expect(await refusedUpload(ann, { body })).toEqual([403, 'api.emoji.create.other_user.app_error']);
  });
});

describe('the picture', () => {
  it('is kept by whoever has it', async () => {
    const own = await make();
    const first = await image(own.id);
    expect(first.headers.get('cache-control')).toBe('private, max-age=2592000');
    expect(first.headers.get('etag')).toBe(own.id);
    expect((await image(own.id, { 'if-none-match': own.id })).status).toBe(304);
    expect((await image(own.id, { 'if-none-match': '' })).status).toBe(200);
  });
});

describe('lists', () => {
  it('are the newest first or by name, by pages, and find parts and beginnings', async () => {
    const [z, a] = [await make(ann, { body: { name: 'zz-listed' } }), await make(ann, { body: { name: 'aa-listed' } })];
    expect(await bob.get('/emoji?per_page=2')).toEqual([a, z]);
    const byName = await bob.get<Emoji[]>('/emoji?per_page=200&sort=name');
    expect(byName.findIndex(({ id }) => id === a.id)).toBeLessThan(byName.findIndex(({ id }) => id === z.id));
    expect(await bob.get('/emoji?page=99')).toEqual([]);
    expect((await bob.refused('GET', '/emoji?sort=age'))[0]).toBe(400);
    expect(await bob.post('/emoji/search', { term: 'LISTED' })).toEqual([a, z]);
    expect(await bob.post('/emoji/search', { term: 'listed', prefix_only: true })).toEqual([]);
    expect(await bob.get('/emoji/autocomplete?name=zz')).toEqual([z]);
    expect([
      (await bob.refused('POST', '/emoji/search', { term: '' }))[0],
      (await bob.refused('GET', '/emoji/autocomplete'))[0],
    ]).toEqual([400, 400]);
  });
});

describe('deleting', () => {
  it('is for who made it and for admins; afterwards it is nowhere and its name is free', async () => {
    const own = await make();
    expect(await bob.refused('DELETE', `/emoji/${own.id}`)).toEqual(forbidden);
    await ann.delete(`/emoji/${own.id}`);
    expect(await bob.refused('GET', `/emoji/${own.id}`)).toEqual(missing);
    expect(await bob.refused('GET', `/emoji/name/${own.name}`)).toEqual(missing);
    expect([(await image(own.id)).status, await files.list()]).toEqual([
      404,
      expect.not.arrayContaining([`emoji/${own.id}`]),
    ]);
    expect(await ann.refused('DELETE', `/emoji/${own.id}`)).toEqual(missing);
    const again = await make(bob, { body: { name: own.name } });
    await root.delete(`/emoji/${again.id}`);
    expect(await bob.refused('GET', `/emoji/${again.id}`)).toEqual(missing);
  });
});

it('everything is refused while the feature is off', async () => {
  const own = await make();
  api.settings.customEmoji = false;
  const off = [501, 'api.emoji.disabled.app_error'];
  expect(await refusedUpload(ann, {})).toEqual(off);
  for (const path of ['', `/${own.id}`, `/name/${own.name}`, '/autocomplete?name=x', `/${own.id}/image`]) {
    expect(await ann.refused('GET', `/emoji${path}`)).toEqual(off);
  }
  expect(await ann.refused('POST', '/emoji/names', ['x'])).toEqual(off);
  expect(await ann.refused('POST', '/emoji/search', { term: 'x' })).toEqual(off);
  expect(await ann.refused('DELETE', `/emoji/${own.id}`)).toEqual(off);
});
