import { afterAll, beforeAll, describe } from 'vitest';
import { describeEngines, type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { reactionStoreContract } from '../reactions/reaction-store.contract.ts';
import { sidebarStoreContract } from '../sidebar/sidebar-store.contract.ts';
import { teamStoreContract } from '../teams/team-store.contract.ts';
import { usageStoreContract } from '../usage/usage-store.contract.ts';
import { channelDirectoryContract } from './channel-directory.contract.ts';
import { channelStoreContract } from './channel-store.contract.ts';

describeEngines('Channels, teams and reactions', (engine) => {
  // One database for all of them: making one costs more than their tests.
  let opened: OpenTestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase({ engine });
  });
  afterAll(() => opened?.stop());

  describe('channels', () => channelStoreContract(() => opened.database));
  describe('channels of all teams', () => channelDirectoryContract(() => opened.database));
  describe('teams', () => teamStoreContract(() => opened.database));
  describe('reactions', () => reactionStoreContract(() => opened.database));
  describe('the sidebar', () => sidebarStoreContract(() => opened.database));
  describe('usage', () => usageStoreContract(() => opened.database));
});
