import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../../../server/database/testing/index.ts';
import { channelsContract } from './channels.contract.ts';
import { Ground } from './ground.ts';
import { postsContract } from './posts.contract.ts';
import { settingsContract } from './settings.contract.ts';
import { sidebarContract } from './sidebar.contract.ts';
import { systemContract } from './system.contract.ts';
import { teamsContract } from './teams.contract.ts';
import { usersContract } from './users.contract.ts';

const areas = [
  usersContract,
  teamsContract,
  channelsContract,
  sidebarContract,
  postsContract,
  settingsContract,
  systemContract,
];

describeEngines('the published client of Mattermost', (engine) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await Ground.start(engine);
  }, 120_000);
  afterAll(() => ground?.stop());

  for (const area of areas) area(() => ground);

  it('has made every call of the suite', () => {
    expect(ground.calls.methods.length).toBeGreaterThanOrEqual(150);
  });

  it('was answered in the shapes that its types promise', () => {
    expect(ground.calls.problems).toEqual([]);
  });
});
