import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FileInfo, fileInfo, type Post, type UploadSession, uploadSession } from '../../../contract/index.ts';
import type { TestApi } from '../testing/index.ts';
import { download, type FilesApi, openRequest, startFilesApi } from './testing/files-api.ts';

let on: FilesApi;
beforeAll(async () => {
  on = await startFilesApi();
});
afterAll(() => on?.stop());

const content = Buffer.from('0123456789'.repeat(30_000));
const announce = async (size = content.length, filename = 'big 🦆.bin'): Promise<UploadSession> =>
  uploadSession.parse(await on.ann.post('/uploads', { channel_id: on.channel.id, filename, file_size: size }));
const offset = async (id: string, api = on.api): Promise<number> => {
  const answer = await api.call(on.ann.person, 'GET', `/uploads/${id}`);
  return (answer.body as UploadSession).file_offset;
};
async function send(id: string, bytes: Buffer, api: TestApi = on.api): Promise<{ status: number; body: FileInfo }> {
  const response = await fetch(`${api.base}/api/v4/uploads/${id}`, {
    method: 'POST',
    headers: { ...on.ann.person.headers, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(bytes),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? ({} as FileInfo) : (JSON.parse(text) as FileInfo) };
}

describe('an upload in pieces', () => {
  it('is complete with its last piece, and is given again to who asks again', async () => {
    const session = await announce();
    expect(session).toMatchObject({
      user_id: on.ann.userId,
      filename: 'big 🦆.bin',
      file_offset: 0,
      type: 'attachment',
    });
    expect((await send(session.id, content.subarray(0, 100_000))).status).toBe(204);
    expect(await offset(session.id)).toBe(100_000);
    expect((await send(session.id, Buffer.alloc(0))).status).toBe(204);
    const { status, body } = await send(session.id, content.subarray(100_000));
    expect([status, fileInfo.parse(body).size]).toEqual([200, content.length]);
    expect(await offset(session.id)).toBe(content.length);
    expect(await send(session.id, Buffer.alloc(0))).toEqual({ status: 200, body });
    const made = await on.ann.post<Post>('/posts', { channel_id: on.channel.id, file_ids: [body.id] });
    expect(made.metadata.files?.[0]?.name).toBe('big 🦆.bin');
    const got = Buffer.from(await (await download(on.api, on.bob, `/files/${body.id}`)).arrayBuffer());
    expect(got.equals(content)).toBe(true);
  });

  it('goes on where the connection broke, on another server', async () => {
    const session = await announce();
    const { sent } = openRequest(on.api, on.ann, `/uploads/${session.id}`, { 'content-length': content.length });
    sent.on('error', () => undefined);
    sent.write(content.subarray(0, 120_000));
    await expect.poll(() => offset(session.id)).toBe(120_000);
    sent.destroy();
    const second = await on.second();
    expect(await offset(session.id, second)).toBe(120_000);
    const { status, body } = await send(session.id, content.subarray(120_000), second);
    expect(status).toBe(200);
    const got = Buffer.from(await (await download(second, on.ann, `/files/${body.id}`)).arrayBuffer());
    expect(got.equals(content)).toBe(true);
  });

  it('is complete although its server was killed before it had said so', async () => {
    const session = await announce(10);
    const { storage } = on.files;
    const move = storage.move;
    // The bytes get their own name, and the row never hears of it.
    storage.move = async (from, to) => {
      await move(from, to);
      throw new Error('killed');
    };
    try {
      expect((await send(session.id, Buffer.from('0123456789'))).status).toBe(500);
    } finally {
      storage.move = move;
    }
    expect(await offset(session.id)).toBe(10);
    const { status, body } = await send(session.id, Buffer.alloc(0));
    expect([status, body.size]).toEqual([200, 10]);
    expect(await (await download(on.api, on.ann, `/files/${body.id}`)).text()).toBe('0123456789');
  });

  it('is sent by one request at a time', async () => {
    const session = await announce();
    const { sent, answer } = openRequest(on.api, on.ann, `/uploads/${session.id}`, { 'content-length': 10 });
    sent.write('01234');
    await expect.poll(() => offset(session.id)).toBe(5);
    expect((await send(session.id, Buffer.from('x'))).status).toBe(409);
    sent.end('56789');
    expect((await answer).status).toBe(204);
    expect(await offset(session.id)).toBe(10);
  });

  it('takes no more than was announced', async () => {
    const session = await announce(10);
    const { status, body } = await send(session.id, Buffer.from('0123456789x'));
    expect([status, body.id]).toEqual([400, 'api.upload.upload_data.too_much.app_error']);
  });

  it('is announced only within the limits and for a channel where the user may upload', async () => {
    const request = { channel_id: on.channel.id, filename: 'x', file_size: 10 };
    const cases: [object, number][] = [
      [{ ...request, file_size: 1_000_001 }, 413],
      [{ ...request, file_size: 0 }, 400],
      [{ ...request, file_size: -1 }, 400],
      [{ ...request, filename: '' }, 400],
      [{ ...request, channel_id: 'z'.repeat(26) }, 404],
    ];
    for (const [body, status] of cases) expect((await on.ann.refused('POST', '/uploads', body))[0]).toBe(status);
    expect((await on.eve.refused('POST', '/uploads', request))[0]).toBe(403);
  });

  it('exists for its owner alone', async () => {
    const session = await announce();
    expect((await on.bob.refused('GET', `/uploads/${session.id}`))[0]).toBe(404);
    expect((await on.bob.refused('POST', `/uploads/${session.id}`))[0]).toBe(404);
  });

  it('is removed when it has rested for too long', async () => {
    const session = await announce();
    await send(session.id, content.subarray(0, 10));
    await on.tidyAt(Date.now() + 4 * 86_400_000);
    expect((await on.ann.refused('GET', `/uploads/${session.id}`))[0]).toBe(404);
    expect(await on.files.list()).not.toContainEqual(expect.stringContaining(session.id));
  });
});
