import { afterAll, beforeAll } from 'vitest';
import { describeEngines, type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { textsContract } from './texts.contract.ts';

describeEngines('Stores', (engine) => {
  let opened: OpenTestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase({ engine });
  });
  afterAll(() => opened?.stop());

  textsContract(() => opened.database);
});
