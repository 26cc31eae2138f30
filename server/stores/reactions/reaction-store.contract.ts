import { beforeAll, expect, it } from 'vitest';
import { reaction as reactionSchema } from '../../../contract/index.ts';
import type { Database } from '../../database/index.ts';
import { newId } from '../../services/index.ts';
import { createChannelStore } from '../channels/index.ts';
import { createPostStore } from '../posts/index.ts';
import { type ChatFixture, createChatFixture, newPost, testCausality } from '../testing/chat-fixture.ts';
import { createReactionStore } from './index.ts';

/** What every engine's reaction store does. */
export function reactionStoreContract(open: () => Database): void {
  let database: Database;
  let fixture: ChatFixture;
  const causality = testCausality();

  beforeAll(async () => {
    database = open();
    fixture = await createChatFixture(database);
  });

  async function postOf(channelId: string): Promise<string> {
    const post = newPost({ userId: fixture.ada.id, channelId });
    await createPostStore(database).create(causality, post);
    return post.id;
  }

  it('adds once, lists and removes, and the post counts as changed', async () => {
    const store = createReactionStore(database);
    const channel = await fixture.channel([fixture.ada]);
    const postId = await postOf(channel.id);
    const at = Date.now() + 1_000;
    const place = { postId, userId: fixture.ada.id, emojiName: '+1' };
    const added = await store.add(causality, { ...place, at });
    expect(added).toMatchObject({ isNew: true, reaction: { create_at: at, channel_id: channel.id } });
    expect(await store.add(causality, { ...place, at: at + 1 })).toEqual({ ...added, isNew: false });
    expect(reactionSchema.array().parse(await store.ofPost(causality, postId))).toEqual([added?.reaction]);
    expect(await store.ofPosts(causality, [postId, newId()])).toEqual({ [postId]: [added?.reaction] });
    const posts = createPostStore(database);
    expect((await posts.byId(causality, postId))?.updateAt).toBe(at);
    expect(await store.remove(causality, { ...place, at: at + 2 })).toBe(true);
    expect(await store.remove(causality, { ...place, at: at + 3 })).toBe(false);
    expect(JSON.parse((await posts.byId(causality, postId))?.json ?? '')).toMatchObject({ has_reactions: false });
  });

  it('is not added to what is deleted or archived', async () => {
    const store = createReactionStore(database);
    const channel = await fixture.channel([fixture.ada]);
    const [deleted, archived] = [await postOf(channel.id), await postOf(channel.id)];
    await createPostStore(database).delete(causality, { id: deleted, channelId: channel.id, rootId: '' });
    const place = { userId: fixture.ada.id, emojiName: 'x', at: 1 };
    expect(await store.add(causality, { ...place, postId: deleted })).toBeUndefined();
    await createChannelStore(database).setDeleteAt(causality, channel.id, 5, 5);
    expect(await store.add(causality, { ...place, postId: archived })).toBeUndefined();
  });
}
