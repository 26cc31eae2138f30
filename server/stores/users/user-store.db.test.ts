import { afterAll, beforeAll } from 'vitest';
import { type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { userStoreContract } from './user-store.contract.ts';

let opened: OpenTestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase();
});
afterAll(() => opened?.stop());

userStoreContract(() => opened.database);
