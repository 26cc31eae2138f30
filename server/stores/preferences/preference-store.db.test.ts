import { afterAll, beforeAll } from 'vitest';
import { type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { preferenceStoreContract } from './preference-store.contract.ts';

let opened: OpenTestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase();
});
afterAll(() => opened?.stop());

preferenceStoreContract(() => opened.database);
