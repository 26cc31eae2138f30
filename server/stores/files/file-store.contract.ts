import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../database/index.ts';
import { newId } from '../../services/index.ts';
import { testCausality } from '../testing/chat-fixture.ts';
import { createFileStore, createUploadSessionStore, type FileStore, type FinishedFile } from './index.ts';

// Set anew for each engine that the suite is run on.
let store: FileStore;
const causality = testCausality();
const [creatorId, channelId] = [newId(), newId()];

const finished = (id: string, more: Partial<FinishedFile> = {}): FinishedFile => ({
  id,
  channelId,
  mimeType: 'image/png',
  size: 5_000_000_000,
  width: 40,
  height: 30,
  ...more,
});

async function begun(createAt = 1_000, name = 'a.png'): Promise<string> {
  const id = newId();
  await store.begin(causality, { id, creatorId, createAt, name, extension: 'png' });
  return id;
}

async function whole(createAt?: number): Promise<string> {
  const id = await begun(createAt);
  await store.finish(causality, [finished(id)]);
  return id;
}

/** What every engine's stores of files do. */
export function fileStoreContract(open: () => Database): void {
  beforeAll(() => {
    store = createFileStore(open());
  });
  describe('files', () => {
    it('are there when all of their bytes are', async () => {
      const name = 'Ünïcödé "文件" \\ %_\' 🦆.png';
      const id = await begun(1_000, name);
      expect(await store.byId(causality, id)).toBeUndefined();
      const [file] = await store.finish(causality, [finished(id)]);
      expect(file).toEqual({
        ...finished(id),
        creatorId,
        postId: '',
        createAt: 1_000,
        updateAt: 1_000,
        name,
        extension: 'png',
      });
      expect(await store.byId(causality, id)).toEqual(file);
      expect(await store.byId(causality, newId())).toBeUndefined();
    });

    it('may be begun and finished again, and come back in the order of the list', async () => {
      const ids = [await begun(), await begun(), await begun()].reverse();
      const all = ids.map((id, index) => finished(id, { size: index }));
      await store.begin(causality, { id: ids[0] ?? '', creatorId: newId(), createAt: 9, name: 'x', extension: '' });
      const first = await store.finish(causality, all);
      expect(first.map((file) => [file.id, file.size])).toEqual(ids.map((id, index) => [id, index]));
      expect(await store.finish(causality, all)).toEqual(first);
      expect(first[0]?.creatorId).toBe(creatorId);
    });

    it('are found for their creator alone', async () => {
      const [one, two, unfinished] = [await whole(), await whole(), await begun()];
      const found = await store.ofCreator(creatorId, [two, unfinished, newId(), one]);
      expect([...found.keys()].sort()).toEqual([one, two].sort());
      expect((await store.ofCreator(newId(), [one])).size).toBe(0);
    });
  });
  abandonedFiles();
  uploadSessions(open);
}

function abandonedFiles(): void {
  describe('files that nobody came back for', () => {
    it('are found by their age, are withdrawn, and forgotten at last', async () => {
      const [old, unfinished, young] = [await whole(10), await begun(11), await whole(500)];
      const abandoned = await store.abandoned(500, 100);
      expect(abandoned.map((file) => file.id)).toEqual([old, unfinished]);
      expect((await store.abandoned(500, 1)).map((file) => file.id)).toEqual([old]);
      const withdrawn = [
        { id: old, createAt: 10 },
        { id: unfinished, createAt: 11 },
      ];
      const sorted = async (given: Promise<{ createAt: number }[]>) =>
        (await given).sort((a, b) => a.createAt - b.createAt);
      expect(await sorted(store.withdraw(causality, [old, unfinished], 2_000))).toEqual(withdrawn);
      expect(await store.byId(causality, old)).toBeUndefined();
      expect(await store.finish(causality, [finished(old)])).toEqual([]);
      expect((await store.ofCreator(creatorId, [old])).size).toBe(0);
      // A server that was killed before it had removed the bytes finds them again.
      expect(await store.abandoned(500, 100)).toEqual(abandoned);
      expect(await sorted(store.withdraw(causality, [old, unfinished], 3_000))).toEqual(withdrawn);
      await store.forget(causality, [old, young]);
      expect((await store.abandoned(500, 100)).map((file) => file.id)).toEqual([unfinished]);
      expect(await store.byId(causality, young)).toBeDefined();
      await store.forget(causality, [unfinished]);
      expect(await store.withdraw(causality, [], 1)).toEqual([]);
    });
  });
}

function uploadSessions(open: () => Database): void {
  it('uploads in pieces are kept until they are removed', async () => {
    const uploads = createUploadSessionStore(open());
    const upload = {
      id: newId(),
      fileId: newId(),
      createAt: 5,
      userId: newId(),
      channelId,
      filename: 'big 🦆.bin',
      fileSize: 5_000_000_000,
    };
    const later = { ...upload, id: newId(), createAt: 50 };
    await uploads.add(causality, upload);
    await uploads.add(causality, { ...upload, fileSize: 1 });
    await uploads.add(causality, later);
    expect(await uploads.byId(causality, upload.id)).toEqual(upload);
    expect(await uploads.byId(causality, newId())).toBeUndefined();
    expect(await uploads.stale(50, 10)).toEqual([upload]);
    expect(await uploads.stale(51, 10)).toEqual([upload, later]);
    await uploads.remove(causality, [upload.id, newId()]);
    await uploads.remove(causality, []);
    expect(await uploads.stale(51, 10)).toEqual([later]);
  });
}
