import { afterAll, beforeAll } from 'vitest';
import { describeEngines, type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { statusStoreContract } from './status-store.contract.ts';

describeEngines('Statuses', (engine) => {
  let opened: OpenTestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase({ engine });
  });
  afterAll(() => opened?.stop());

  statusStoreContract(() => opened.database);
});
