import { expect, it } from 'vitest';
import type { Database } from '../../database/index.ts';
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
    expect(await store.usage()).toEqual({ posts: before.posts + 2, teams: before.teams + 1 });
  });
}
