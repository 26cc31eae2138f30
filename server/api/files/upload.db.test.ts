import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type FileInfo, fileInfo, type Post, type PostList, uploadedFiles } from '../../../contract/index.ts';
import { download, type FilesApi, openRequest, sendForm, startFilesApi, uploadOne } from './testing/files-api.ts';

let on: FilesApi;
beforeAll(async () => {
  on = await startFilesApi();
});
afterAll(() => on?.stop());
afterEach(() => Object.assign(on.files.settings, { enabled: true, maxBytes: 1_000_000 }));

const text = (content: string): Blob => new Blob([content], { type: 'text/html' });
const idsOf = (files: readonly FileInfo[]): string[] => files.map((file) => file.id);
const post = (file_ids: readonly string[], more: object = {}) =>
  on.ann.post<Post>('/posts', { channel_id: on.channel.id, file_ids, ...more });

describe('uploads', () => {
  it('come as a form with several files, and are what was sent', async () => {
    const names = ['one.txt', 'Ünï 文件 🦆 "q" %41.PNG', '../../up.txt'];
    const { status, body } = await sendForm(on.api, on.ann, '/files', [
      ['channel_id', on.channel.id],
      ['client_ids', 'c1'],
      ['client_ids', 'c2'],
      ...names.map((name) => ['files', text(`content of ${name}`), name] as const),
    ]);
    expect(status).toBe(201);
    const { file_infos: infos, client_ids: clientIds } = uploadedFiles.parse(body);
    expect(clientIds).toEqual(['c1', 'c2']);
    expect(infos.map((info) => [info.name, info.extension, info.mime_type])).toEqual([
      ['one.txt', 'txt', 'text/plain; charset=utf-8'],
      ['Ünï 文件 🦆 "q" %41.PNG', 'png', 'application/octet-stream'],
      ['up.txt', 'txt', 'text/plain; charset=utf-8'],
    ]);
    expect(infos[0]).toMatchObject({ user_id: on.ann.userId, channel_id: on.channel.id, post_id: '', size: 18 });
    for (const [index, info] of infos.entries()) {
      expect(await (await download(on.api, on.ann, `/files/${info.id}`)).text()).toBe(`content of ${names[index]}`);
      expect(fileInfo.parse(await on.ann.get(`/files/${info.id}/info`))).toEqual(info);
    }
  });

  it('come with the channel behind the files, or in the address', async () => {
    const files = [['files', text('x'), 'a.txt']] as const;
    const behind = await sendForm(on.api, on.ann, '/files', [...files, ['channel_id', on.channel.id]]);
    const address = await sendForm(on.api, on.ann, `/files?channel_id=${on.channel.id}`, files);
    expect([behind.status, address.status]).toEqual([201, 201]);
  });

  it('come as a bare body', async () => {
    const { sent, answer } = openRequest(
      on.api,
      on.ann,
      `/files?channel_id=${on.channel.id}&filename=%F0%9F%A6%86.bin`,
    );
    sent.end(Buffer.alloc(300_000, 7));
    expect((await answer).status).toBe(201);
  });

  it('take an empty file, and exactly the limit', async () => {
    expect((await uploadOne(on, on.ann, '')).size).toBe(0);
    expect((await uploadOne(on, on.ann, Buffer.alloc(1_000_000))).size).toBe(1_000_000);
  });
});

describe('refused uploads', () => {
  const form = (channelId: string, ...more: (readonly [string, string | Blob, string?])[]) =>
    sendForm(on.api, on.ann, '/files', [['channel_id', channelId], ['files', text('good'), 'good.txt'], ...more]);

  it.each<[string, number, string, () => ReturnType<typeof sendForm>]>([
    ['too large', 413, 'too_large', () => form(on.channel.id, ['files', new Blob([new Uint8Array(1_000_001)]), 'big'])],
    ['no channel', 400, 'invalid_body_param', () => form('')],
    ['nonsense as channel', 400, 'invalid_body_param', () => form('../../etc')],
    ['an unknown channel', 404, 'channel', () => form('z'.repeat(26))],
    ['no files', 400, 'invalid_body_param', () => sendForm(on.api, on.ann, '/files', [['channel_id', on.channel.id]])],
    [
      'no member',
      403,
      'permissions',
      () =>
        sendForm(on.api, on.eve, '/files', [
          ['files', text('x'), 'x'],
          ['channel_id', on.channel.id],
        ]),
    ],
    [
      'eleven files',
      400,
      'form',
      () => form(on.channel.id, ...Array.from({ length: 10 }, (_, n) => ['files', text('x'), `${n}`] as const)),
    ],
  ])('%s: nothing is left', async (_name, status, id, send) => {
    const before = await on.files.list();
    const answer = await send();
    expect([answer.status, answer.body.id]).toEqual([status, expect.stringContaining(id)]);
    expect(await on.files.list()).toEqual(before);
  });

  it('that are switched off are 501', async () => {
    const file = await uploadOne(on, on.ann, 'x');
    on.files.settings.enabled = false;
    expect((await form(on.channel.id)).status).toBe(501);
    expect((await on.ann.refused('GET', `/files/${file.id}/info`))[0]).toBe(501);
    expect((await download(on.api, on.ann, `/files/${file.id}`)).status).toBe(501);
  });

  it('are told that they are too large while they stream, and at once when they say so', async () => {
    const before = await on.files.list();
    const path = `/files?channel_id=${on.channel.id}&filename=big`;
    const streaming = openRequest(on.api, on.ann, path);
    for (let n = 0; n < 3; n++) streaming.sent.write(Buffer.alloc(500_000));
    // The end is never sent.
    expect(await streaming.answer).toMatchObject({ status: 413, id: expect.stringContaining('too_large') });
    streaming.sent.destroy();
    const announcing = openRequest(on.api, on.ann, path, { 'content-length': 5_000_000_000 });
    announcing.sent.flushHeaders();
    expect((await announcing.answer).status).toBe(413);
    announcing.sent.destroy();
    expect(await on.files.list()).toEqual(before);
  });

  it.each([
    ['a bare body', () => `/files?channel_id=${on.channel.id}&filename=x`, 'application/octet-stream', 'half of'],
    [
      'a form',
      () => '/files',
      'multipart/form-data; boundary=b',
      () =>
        `--b\r\nContent-Disposition: form-data; name="channel_id"\r\n\r\n${on.channel.id}\r\n` +
        '--b\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nhalf of',
    ],
  ])('leave nothing when the client goes away in the midst of %s', async (_name, path, type, body) => {
    const before = await on.files.list();
    const { sent } = openRequest(on.api, on.ann, path(), { 'content-type': type, 'content-length': 10_000 });
    sent.on('error', () => undefined);
    sent.write(typeof body === 'string' ? body : body());
    await expect.poll(async () => (await on.files.list()).length).toBe(before.length + 1);
    sent.destroy();
    await expect.poll(() => on.files.list()).toEqual(before);
    expect((await on.api.call(on.ann.person, 'GET', '/users/me')).status).toBe(200);
  });

  it.each([
    ['no boundary', 'multipart/form-data', 'x'],
    ['no parts', 'multipart/form-data; boundary=b', ''],
    ['text', 'multipart/form-data; boundary=b', 'just text'],
    [
      'a part without an end',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nx',
    ],
    [
      'a field without an end',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx',
    ],
    [
      'a name with a break',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="fi\rles"; filename="a"\r\n\r\nx\r\n--b--',
    ],
  ])('of damaged forms: %s', async (_name, type, body) => {
    const before = await on.files.list();
    const { sent, answer } = openRequest(on.api, on.ann, `/files?channel_id=${on.channel.id}`, {
      'content-type': type,
    });
    sent.end(body);
    expect((await answer).status).toBe(400);
    expect(await on.files.list()).toEqual(before);
  });
});

describe('posts', () => {
  it('carry their files in the answer, the event and the lists', async () => {
    const files = [await uploadOne(on, on.ann, 'one', '1.txt'), await uploadOne(on, on.ann, 'two', '2.txt')];
    on.api.events.length = 0;
    const made = await post(idsOf(files));
    expect([made.message, made.file_ids]).toEqual(['', idsOf(files)]);
    expect(made.metadata.files).toEqual(files.map((file) => ({ ...file, post_id: made.id })));
    const posted = on.api.events.find(({ event }) => event === 'posted')?.data as { post: string; otherFile?: string };
    expect([JSON.parse(posted.post), posted.otherFile]).toEqual([made, 'true']);
    const list = await on.bob.get<PostList>(`/channels/${on.channel.id}/posts`);
    expect(list.posts[made.id]).toEqual(made);
    expect(await on.bob.get(`/posts/${made.id}/files/info`)).toEqual(made.metadata.files);
    expect(await on.bob.get(`/files/${files[0]?.id}/info`)).toEqual(made.metadata.files?.[0]);
  });

  it('take the own unattached uploads of their channel, and no other files', async () => {
    const [own, foreign] = [await uploadOne(on, on.ann, 'x'), await uploadOne(on, on.bob, 'x')];
    const attached = await uploadOne(on, on.ann, 'x');
    await post([attached.id]);
    const bad = [[foreign.id], [attached.id], [own.id, foreign.id], ['z'.repeat(26)]];
    for (const ids of bad) {
      expect(await on.ann.refused('POST', '/posts', { channel_id: on.channel.id, file_ids: ids })).toEqual([
        400,
        'api.post.create_post.files.app_error',
      ]);
    }
    expect(await on.ann.refused('POST', '/posts', { channel_id: on.elsewhere.id, file_ids: [own.id] })).toEqual([
      400,
      'api.post.create_post.files.app_error',
    ]);
    expect((await post([own.id, own.id])).file_ids).toEqual([own.id]);
  });

  it('are the same when they are sent again, even after they were deleted', async () => {
    const file = await uploadOne(on, on.ann, 'x');
    const request = { pending_post_id: `${on.ann.userId}:files` };
    const made = await post([file.id], request);
    expect(await post([file.id], request)).toEqual(made);
    await on.ann.delete(`/posts/${made.id}`);
    expect((await post([file.id], request)).id).toBe(made.id);
  });

  it('take their files with them when they are deleted', async () => {
    const file = await uploadOne(on, on.ann, 'x');
    const made = await post([file.id], { message: 'with a file' });
    await on.ann.delete(`/posts/${made.id}`);
    expect((await on.ann.refused('GET', `/files/${file.id}/info`))[0]).toBe(404);
    expect((await download(on.api, on.bob, `/files/${file.id}`)).status).toBe(404);
    expect((await on.ann.refused('GET', `/posts/${made.id}/files/info`))[0]).toBe(404);
  });
});

describe('the clean-up', () => {
  it('removes what was not posted for a week and leaves what was', async () => {
    const posted = await uploadOne(on, on.ann, 'posted');
    await post([posted.id]);
    const forgotten = await uploadOne(on, on.ann, 'forgotten');
    await on.chat.attachments.tidy();
    expect((await download(on.api, on.ann, `/files/${forgotten.id}`)).status).toBe(200);
    const later = Date.now() + 8 * 86_400_000;
    await on.tidyAt(later);
    expect((await download(on.api, on.ann, `/files/${forgotten.id}`)).status).toBe(404);
    expect(await on.files.list()).not.toContainEqual(expect.stringContaining(forgotten.id));
    expect(await (await download(on.api, on.ann, `/files/${posted.id}`)).text()).toBe('posted');
  });
});
