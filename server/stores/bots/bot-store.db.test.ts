import { afterAll, beforeAll, describe } from 'vitest';
import { describeEngines, type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { accessTokenStoreContract } from '../access-tokens/access-token-store.contract.ts';
import { emojiStoreContract } from '../emoji/emoji-store.contract.ts';
import { botStoreContract } from './bot-store.contract.ts';

describeEngines('Bots, access tokens and emoji', (engine) => {
  // One database for all of them: making one costs more than their tests.
  let opened: OpenTestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase({ engine });
  });
  afterAll(() => opened?.stop());

  describe('bots', () => botStoreContract(() => opened.database));
  describe('access tokens', () => accessTokenStoreContract(() => opened.database));
  describe('emoji', () => emojiStoreContract(() => opened.database));
});
