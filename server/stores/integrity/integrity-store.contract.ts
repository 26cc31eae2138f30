import { expect, it } from 'vitest';
import { bind, type Database, statement } from '../../database/index.ts';
import { createPostStore } from '../posts/index.ts';
import { createChatFixture, newPost, testCausality } from '../testing/chat-fixture.ts';
import { createIntegrityStore, relations } from './index.ts';

const LOSE_USER = statement('testing.lose_user', 'DELETE FROM users WHERE id = $1');
const MISCOUNT = statement('testing.miscount', 'UPDATE threads SET replycount = 5 WHERE postid = $1');

/** What every engine's integrity store finds. */
export function integrityStoreContract(open: () => Database): void {
  it('finds nothing where nothing is wrong, and what is', async () => {
    const database = open();
    const store = createIntegrityStore(database);
    const causality = testCausality();
    const { ada, townSquare, user } = await createChatFixture(database);
    const posts = createPostStore(database);
    const root = newPost({ userId: ada.id, channelId: townSquare.id });
    await posts.create(causality, root);
    await posts.create(causality, newPost({ userId: ada.id, channelId: townSquare.id, rootId: root.id }));
    const found = async () =>
      (await Promise.all(relations.map(async (each) => ({ each, rows: await store.orphans(each) })))).filter(
        ({ rows }) => rows.length > 0,
      );
    expect(await found()).toEqual([]);
    expect(await store.miscountedThreads()).toEqual([]);

    const lost = await user('lost');
    await posts.create(causality, newPost({ userId: lost.id, channelId: townSquare.id, membersOnly: false }));
    await database.write(causality, bind(LOSE_USER, lost.id));
    await database.write(causality, bind(MISCOUNT, root.id));
    const wrong = await found();
    expect(wrong.map(({ each }) => [each.child, each.parentColumn])).toEqual([['posts', 'userid']]);
    expect(wrong[0]?.rows).toMatchObject([{ parent_id: lost.id }]);
    expect(await store.miscountedThreads()).toEqual([{ id: root.id, counted: 5, found: 1 }]);
  });
}
