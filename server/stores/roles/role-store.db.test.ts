import { afterAll, beforeAll } from 'vitest';
import { describeEngines, type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { roleStoreContract } from './role-store.contract.ts';

describeEngines('Roles', (engine) => {
  let opened: OpenTestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase({ engine });
  });
  afterAll(() => opened?.stop());

  roleStoreContract(() => opened.database);
});
