import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FileInfo, Post } from '../../../contract/index.ts';
import { download, type FilesApi, startFilesApi, uploadOne } from './testing/files-api.ts';

let on: FilesApi;
let file: FileInfo;
const content = 'abcdefghijklmnopqrstuvwxyz'.repeat(4_000);
beforeAll(async () => {
  on = await startFilesApi();
  file = await uploadOne(on, on.ann, content, 'letters "ä".txt');
  await on.ann.post<Post>('/posts', { channel_id: on.channel.id, file_ids: [file.id] });
});
afterAll(() => on?.stop());
afterEach(() => Object.assign(on.files.settings, { linkSecret: '', siteUrl: '' }));

const get = (path = '', headers: Record<string, string> = {}, who = on.bob) =>
  download(on.api, who, `/files/${file.id}${path}`, headers);

describe('downloads', () => {
  it('say all that a browser has to know', async () => {
    const answer = await get();
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-length': String(content.length),
      'content-disposition': `attachment; filename="letters ___.txt"; filename*=UTF-8''letters%20%22%C3%A4%22.txt`,
      etag: `"${file.id}"`,
      'last-modified': new Date(file.create_at).toUTCString(),
      'accept-ranges': 'bytes',
      'cache-control': 'private, max-age=604800',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(await answer.text()).toBe(content);
  });

  it.each([
    ['bytes=0-25', 206, 'bytes 0-25/104000', 0, 26],
    ['bytes=103998-', 206, 'bytes 103998-103999/104000', 103_998, 104_000],
    ['bytes=-3', 206, 'bytes 103997-103999/104000', 103_997, 104_000],
    ['bytes=5-999999999', 206, 'bytes 5-103999/104000', 5, 104_000],
    ['bytes=0-1,5-6', 200, null, 0, 104_000],
  ])('give the part %s', async (range, status, contentRange, from, to) => {
    const answer = await get('', { range });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([status, contentRange]);
    expect(await answer.text()).toBe(content.slice(from, to));
  });

  it('refuse a part that is not there', async () => {
    const answer = await get('', { range: 'bytes=104000-' });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([416, 'bytes */104000']);
    expect(((await answer.json()) as { id: string }).id).toBe('api.file.range.app_error');
  });

  it('give a part only of the bytes that the client knows', async () => {
    const part = async (ifRange: string) => (await get('', { range: 'bytes=0-0', 'if-range': ifRange })).status;
    const statuses = [`"${file.id}"`, new Date(file.create_at).toUTCString(), '"other"', `W/"${file.id}"`].map(part);
    expect(await Promise.all(statuses)).toEqual([206, 206, 200, 200]);
  });

  it.each([[`"x", "${'ID'}"`], ['W/"ID"'], ['ID'], ['*']])('are not sent again to who has %s', async (etag) => {
    const answer = await get('', { 'if-none-match': etag.replace('ID', file.id) });
    expect([answer.status, await answer.text()]).toEqual([304, '']);
  });

  it('answer HEAD without the bytes', async () => {
    const answer = await fetch(`${on.api.base}/api/v4/files/${file.id}`, {
      method: 'HEAD',
      headers: on.bob.person.headers,
    });
    expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([200, '104000', '']);
  });

  it('go on after a client that went away in the midst of one', async () => {
    const big = await uploadOne(on, on.ann, Buffer.alloc(1_000_000, 1));
    for (let n = 0; n < 5; n++) {
      const ended = new AbortController();
      const answer = await fetch(`${on.api.base}/api/v4/files/${big.id}`, {
        headers: on.ann.person.headers,
        signal: ended.signal,
      });
      expect(answer.status).toBe(200);
      ended.abort();
    }
    expect((await (await download(on.api, on.ann, `/files/${big.id}`)).arrayBuffer()).byteLength).toBe(1_000_000);
  });
});

it('a file whose bytes are gone is not there', async () => {
  const lost = await uploadOne(on, on.ann, 'lost');
  const [path = ''] = (await on.files.list()).filter((one) => one.includes(lost.id));
  await on.files.storage.remove(path);
  const answer = await download(on.api, on.ann, `/files/${lost.id}`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/json']);
});

describe('who may', () => {
  it('download: who reads the channel; before it is posted, who has uploaded it', async () => {
    const unposted = await uploadOne(on, on.ann, 'draft');
    const status = async (who: typeof on.ann, id: string) => (await download(on.api, who, `/files/${id}`)).status;
    expect([await status(on.ann, file.id), await status(on.bob, file.id), await status(on.eve, file.id)]).toEqual([
      200, 200, 403,
    ]);
    expect([await status(on.ann, unposted.id), await status(on.bob, unposted.id)]).toEqual([200, 403]);
    expect((await download(on.api, undefined, `/files/${file.id}`)).status).toBe(401);
    for (const path of ['/info', '/thumbnail', '/preview', '/link']) {
      if (path === '/link') on.files.settings.linkSecret = 's'.repeat(32);
      expect((await get(path, {}, on.eve)).status).toBe(403);
    }
  });

  it.each(['..%2F..%2Fetc%2Fpasswd', '%2e%2e%2f', '.incoming', '%00', 'a'.repeat(25)])(
    'ask for the path %s: nobody',
    async (path) => {
      expect([400, 404]).toContain((await download(on.api, on.ann, `/files/${path}`)).status);
    },
  );
});

describe('what a browser could execute', () => {
  it.each([
    ['page.html', '<script>alert(1)</script>'],
    ['picture.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ['picture.png', '<html><script>alert(1)</script></html>'],
    ['code.js', 'alert(1)'],
    ['page.xhtml', '<html xmlns="http://www.w3.org/1999/xhtml"/>'],
  ])('%s is saved and has no type', async (name, bytes) => {
    const made = await uploadOne(on, on.ann, bytes, name);
    const answer = await download(on.api, on.ann, `/files/${made.id}`);
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; /);
    expect(made.has_preview_image).toBe(false);
  });
});

describe('pictures', () => {
  let picture: FileInfo;
  const source = () => sharp({ create: { width: 800, height: 400, channels: 3, background: '#08f' } });
  beforeAll(async () => {
    picture = await uploadOne(on, on.ann, await source().png().toBuffer(), 'blue.html');
  });
  const drawn = async (kind: string) => {
    const answer = await download(on.api, on.ann, `/files/${picture.id}/${kind}`);
    const { format, width, height } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
    return [answer.status, answer.headers.get('content-type'), format, width, height];
  };

  it('are measured, and shown by the browser with the type that they have', async () => {
    expect(picture).toMatchObject({ width: 800, height: 400, has_preview_image: true, mime_type: 'image/png' });
    const answer = await download(on.api, on.ann, `/files/${picture.id}`);
    expect(answer.headers.get('content-disposition')).toMatch(/^inline; /);
    const saved = await download(on.api, on.ann, `/files/${picture.id}?download=1`);
    expect(saved.headers.get('content-disposition')).toMatch(/^attachment; /);
  });

  it('are drawn small once, however many ask at the same moment', async () => {
    const before = (await on.files.list()).length;
    const all = await Promise.all(Array.from({ length: 8 }, () => drawn('thumbnail')));
    expect(new Set(all.map(String))).toEqual(new Set(['200,image/webp,webp,240,120']));
    expect(await drawn('preview')).toEqual([200, 'image/webp', 'webp', 800, 400]);
    expect((await on.files.list()).length).toBe(before + 2);
    const etag = (await download(on.api, on.ann, `/files/${picture.id}/preview`)).headers.get('etag') ?? '';
    const again = await download(on.api, on.ann, `/files/${picture.id}/preview`, { 'if-none-match': etag });
    expect(again.status).toBe(304);
  });

  it('that unfold too far are kept as files without a preview', async () => {
    const bomb = await sharp({ create: { width: 6_000, height: 6_000, channels: 3, background: '#000' } })
      .png()
      .toBuffer();
    const made = await uploadOne(on, on.ann, bomb, 'bomb.png');
    expect([made.width, made.has_preview_image]).toEqual([0, false]);
    for (const kind of ['thumbnail', 'preview']) {
      expect((await on.ann.refused('GET', `/files/${made.id}/${kind}`))[0]).toBe(400);
    }
  });
});

describe('public links', () => {
  it('are switched off by default', async () => {
    expect((await on.ann.refused('GET', `/files/${file.id}/link`))[0]).toBe(501);
    expect((await download(on.api, undefined, `/files/${file.id}/public?h=x`)).status).toBe(501);
  });

  it('open the file to who knows the whole address, until the secret changes', async () => {
    Object.assign(on.files.settings, { linkSecret: 's'.repeat(32), siteUrl: on.api.base });
    const { link } = await on.ann.get<{ link: string }>(`/files/${file.id}/link`);
    expect(await (await fetch(link)).text()).toBe(content);
    // Without a `SiteURL` it is the address under which the client asked.
    on.files.settings.siteUrl = '';
    expect(await on.ann.get(`/files/${file.id}/link`)).toEqual({ link });
    for (const bad of [link.slice(0, -1), link.replace(/h=.*/, ''), link.replace(/h=.*/, 'h=x'), `${link}x`]) {
      expect((await fetch(bad)).status).toBe(400);
    }
    const other = await uploadOne(on, on.ann, 'x');
    expect((await on.ann.refused('GET', `/files/${other.id}/link`))[0]).toBe(404);
    expect((await fetch(link.replace(file.id, other.id))).status).toBe(400);
    on.files.settings.linkSecret = 't'.repeat(32);
    expect((await fetch(link)).status).toBe(400);
  });
});
