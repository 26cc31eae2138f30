import { afterAll, beforeAll } from 'vitest';
import { type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { sessionStoreContract } from './session-store.contract.ts';

let opened: OpenTestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase();
});
afterAll(() => opened?.stop());

sessionStoreContract(() => opened.database);
