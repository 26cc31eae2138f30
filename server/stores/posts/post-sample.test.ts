import { expect, it } from 'vitest';
import type { Row, Statement } from '../../database/index.ts';
import { createPostSearch } from './index.ts';

it('lets others have their turn while the sample of the posts is made', async () => {
  const search = createPostSearch({
    readStale: async <R extends Row>({ name }: Statement) =>
      (name === 'posts.search_sample'
        ? Array.from({ length: 2_000 }, () => ({ message: 'word '.repeat(100) }))
        : []) as unknown as R[],
  });
  let turns = 0;
  let watch = setImmediate(function turn() {
    turns++;
    watch = setImmediate(turn);
  });
  const none = { wanted: [], unwanted: [] };
  await search.search({
    ...{ userId: 'u'.repeat(26), teamId: '', archived: false, any: false, offset: 0, limit: 60, notWithin: [] },
    ...{ texts: [{ text: 'word', prefix: false, wanted: true, hashtag: false }] },
    ...{ channels: none, authors: none, within: { from: 0, until: Number.MAX_SAFE_INTEGER } },
  });
  clearImmediate(watch);
  expect(turns).toBeGreaterThan(20);
});
