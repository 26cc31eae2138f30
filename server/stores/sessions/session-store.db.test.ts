import { afterAll, beforeAll } from 'vitest';
import { describeEngines, type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { sessionStoreContract } from './session-store.contract.ts';

describeEngines('Sessions', (engine) => {
  let opened: OpenTestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase({ engine });
  });
  afterAll(() => opened?.stop());

  sessionStoreContract(() => opened.database);
});
