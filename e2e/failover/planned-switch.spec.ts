import { readFile } from 'node:fs/promises';
import type { Operation } from '../../contract/index.ts';
import { expectAccessible } from '../support/accessibility.ts';
import { ADMIN, ANN, BOB, type Community, createCommunity } from '../support/community.ts';
import { expectAllKept } from '../support/expect-kept.ts';
import { expect, test } from '../support/fixtures.ts';
import { useHoldfast } from '../support/holdfast.ts';
import { Ledger } from '../support/ledger.ts';
import { ConsoleFrame } from '../support/pages/console-frame.ts';
import { DatabasePage } from '../support/pages/database-page.ts';
import { SwitchPage } from '../support/pages/switch-page.ts';
import { seat } from '../support/person.ts';

// Objective: an admin moves the master by the wizard, while people go on.
// Actions: two people write in their browsers and two programs post by the API; the admin chooses pg-b, leaves the wizard and comes back,
//   reads the checks, and switches.
// Checks: each step of the wizard says what it should and has nothing for axe to find; no acknowledged message is lost, none is doubled,
//   and each author's order is kept; config.json names pg-b first; nobody who writes or reads noticed.
const holdfast = useHoldfast({ replicas: 2 });
let community: Community;

test.beforeAll(async () => {
  community = await createCommunity(holdfast());
});

test('the wizard moves the master under load: nothing is lost, doubled or out of order', async ({ openVisitor }) => {
  const { url, cluster, configFile } = holdfast();
  const { admin, team, channel, engine } = community;
  const place = { url, team: team.name, channel: 'deck' };
  const ann = await seat(openVisitor, ANN, place);
  const bob = await seat(openVisitor, BOB, place);
  const consolePage = await openVisitor(url, ADMIN);
  const frame = new ConsoleFrame(consolePage);
  const database = new DatabasePage(consolePage);
  const wizard = new SwitchPage(consolePage);
  const address = (name: string): string => `:${cluster.node(name).port}`;
  await frame.goTo('Database');

  const ledger = new Ledger(engine.id);
  const programs = ledger.startPosting(community.ann, community.bob);
  ann.author.start();
  bob.author.start();
  await Promise.all([ledger.waitForMore(50), ann.author.waitForMore(3), bob.author.waitForMore(3)]);

  await test.step('choose pg-b', async () => {
    await wizard.open();
    await expect(wizard.path('Planned')).toBeChecked();
    await wizard.candidate(address('pg-b')).check();
    await expectAccessible(consolePage);
    await wizard.goOn();
  });
  await test.step('read the checks; the plan waits while one looks elsewhere', async () => {
    await wizard.expectStep('Checks');
    await expect(wizard.checks).toContainText('is a replica and answers.');
    await frame.goTo('Database');
    await consolePage.getByRole('link', { name: 'Go on with it' }).click();
    await wizard.expectStep('Checks');
    await expect(wizard.switchNow).toBeEnabled();
    await expectAccessible(consolePage);
  });
  await test.step('switch', async () => {
    await wizard.switchNow.click();
    await wizard.expectStep('Switch');
    await expect(wizard.result).toContainText('Switchover succeeded.');
    await expect(wizard.result).toContainText(`${address('pg-b')}/holdfast is the master now. Writes waited`);
    await expect(wizard.progress).toContainText(/Release writes\s*Done/);
    await expectAccessible(consolePage);
  });
  await test.step('config.json names pg-b first, and the report says what is left', async () => {
    await wizard.goOn();
    await expect(wizard.wizard).toContainText('config.json names the new master first.');
    await wizard.goOn();
    await expect(wizard.followUps).toContainText(`${address('pg-a')}/holdfast a replica of`);
    await expectAccessible(consolePage);
    const file = JSON.parse(await readFile(configFile, 'utf8')) as { SqlSettings: { DataSource: string } };
    const nodes = ['pg-b', 'pg-a', 'pg-c'].map((name) => cluster.node(name).url());
    expect(file.SqlSettings.DataSource).toBe(nodes.join(','));
  });
  await test.step('a page that is loaded anew finds the report', async () => {
    await consolePage.reload();
    await wizard.expectStep('Report');
    await frame.goTo('Database');
    await expect(database.source(address('pg-b'))).toContainText('Master');
  });

  await Promise.all([ledger.waitForMore(50), ann.author.waitForMore(3), bob.author.waitForMore(3)]);
  await Promise.all([programs.stop(), ann.author.stop(), bob.author.stop()]);
  const [newest] = await admin.get<Operation[]>('/database/operations');
  expect(newest).toMatchObject({ kind: 'switchover', outcome: 'succeeded', writes_failed: 0 });
  await ledger.expectOnMaster(cluster);
  await expectAllKept(cluster, channel.id, [
    { ...ann, client: community.ann, written: ann.author.written },
    { ...bob, client: community.bob, written: bob.author.written },
  ]);
  for (const { witness } of [ann, bob]) await witness.expectCalm();
});
