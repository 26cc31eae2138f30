import { afterAll, beforeAll, describe } from 'vitest';
import { describeEngines, type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { concurrentPostsContract } from './concurrent-posts.contract.ts';
import { postChangesContract } from './post-changes.contract.ts';
import { postStoreContract } from './post-store.contract.ts';
import { postsWithFilesContract } from './posts-with-files.contract.ts';

describeEngines('Posts', (engine) => {
  let opened: OpenTestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase({ engine });
  });
  afterAll(() => opened?.stop());

  describe('writing posts', () => postStoreContract(() => opened.database));
  describe('listing and changing posts', () => postChangesContract(() => opened.database));
  describe('posts with files', () => postsWithFilesContract(() => opened.database));
  describe('posts of several servers', () => concurrentPostsContract(() => opened.database));
});
