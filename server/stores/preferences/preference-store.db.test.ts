import { afterAll, beforeAll } from 'vitest';
import { describeEngines, type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { preferenceStoreContract } from './preference-store.contract.ts';

describeEngines('Preferences', (engine) => {
  let opened: OpenTestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase({ engine });
  });
  afterAll(() => opened?.stop());

  preferenceStoreContract(() => opened.database);
});
