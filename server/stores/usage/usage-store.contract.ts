import { expect, it } from 'vitest';
import type { Database } from '../../database/index.ts';
import { newId } from '../../services/index.ts';
import { createFileStore } from '../files/index.ts';
import { createPostStore } from '../posts/index.ts';
import { createChatFixture, newPost, testCausality } from '../testing/chat-fixture.ts';
import { createUsageStore } from './index.ts';

/** What every engine's usage store does. */
export function usageStoreContract(open: () => Database): void {
  it('counts messages and teams', async () => {
    const database = open();
    const store = createUsageStore(database);
    const before = await store.usage();
    const { ada, townSquare } = await createChatFixture(database);
    const posts = createPostStore(database);
    for (let i = 0; i < 2; i++) {
      await posts.create(testCausality(), newPost({ userId: ada.id, channelId: townSquare.id }));
    }
    expect(await store.usage()).toEqual({ ...before, posts: before.posts + 2, teams: before.teams + 1 });
  });

  it('counts the bytes of files that have come whole', async () => {
    const database = open();
    const [files, store] = [createFileStore(database), createUsageStore(database)];
    const { fileBytes } = await store.usage();
    const [whole, begun, creatorId] = [newId(), newId(), newId()];
    for (const id of [whole, begun])
      await files.begin(testCausality(), { id, creatorId, createAt: 1, name: 'a.txt', extension: 'txt' });
    const size = 5_000_000_000;
    const finished = { id: whole, channelId: newId(), mimeType: 'text/plain', size, width: 0, height: 0 };
    await files.finish(testCausality(), [finished]);
    expect((await store.usage()).fileBytes).toBe(fileBytes + size);
  });
}
