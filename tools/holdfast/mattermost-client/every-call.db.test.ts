import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../../../server/database/testing/index.ts';
import { administrationContract, rolesContract, schemesContract } from './administration.contract.ts';
import { channelsContract } from './channels.contract.ts';
import { Ground } from './ground.ts';
import { postsContract } from './posts.contract.ts';
import { picturesContract, programsContract } from './programs.contract.ts';
import { searchContract } from './search.contract.ts';
import { settingsContract } from './settings.contract.ts';
import { sidebarContract } from './sidebar.contract.ts';
import { systemContract } from './system.contract.ts';
import { teamsContract } from './teams.contract.ts';
import { draftsContract, morePostsContract, threadsContract } from './threads.contract.ts';
import { usersContract } from './users.contract.ts';

type Contract = (ground: () => Ground) => void;

const areas: readonly Contract[] = [
  usersContract,
  teamsContract,
  channelsContract,
  sidebarContract,
  postsContract,
  threadsContract,
  draftsContract,
  morePostsContract,
  searchContract,
  settingsContract,
  systemContract,
  programsContract,
  picturesContract,
  rolesContract,
  schemesContract,
  administrationContract,
];

describeEngines('the published client of Mattermost', (engine) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await Ground.start(engine);
  }, 120_000);
  afterAll(() => ground?.stop());

  for (const area of areas) area(() => ground);

  it('has made every call of the suite', () => {
    expect(ground.calls.methods.length).toBeGreaterThanOrEqual(235);
  });

  it('was answered in the shapes that its types promise', () => {
    expect(ground.calls.problems).toEqual([]);
  });
});
