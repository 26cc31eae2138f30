import { readFile, writeFile } from 'node:fs/promises';
import type { DatabaseStatus } from '../../contract/index.ts';
import { ADMIN, ANN, type Community, createCommunity } from '../support/community.ts';
import { expect, test } from '../support/fixtures.ts';
import { useHoldfast } from '../support/holdfast.ts';
import { Ledger } from '../support/ledger.ts';
import { ConfigurationPage } from '../support/pages/configuration-page.ts';
import { ConsoleFrame } from '../support/pages/console-frame.ts';
import { DatabasePage } from '../support/pages/database-page.ts';
import { seat } from '../support/person.ts';
import { startTestCluster } from '../../tools/cluster/testing.ts';

// Objective: a configuration that cannot work is refused before anything changes, with the data source and the cause by name.
// Actions: under load, an admin tries a wrong password, a replica that nobody has promoted as the master, a master that nobody can reach,
//   one of a foreign cluster, a file that is no JSON, and a recycle whose plan was good when the dialog opened and is not any more.
// Checks: the page names the data source and the cause and never the password; the pools stay the same; posting and reading go on.
const holdfast = useHoldfast({ replicas: 1 });
const WRONG_PASSWORD = 'not-the-password';
let community: Community;
/** The file as it was when everything worked. */
let good: string;

test.beforeAll(async () => {
  community = await createCommunity(holdfast());
  good = await readFile(holdfast().configFile, 'utf8');
});

test.afterEach(async () => {
  await writeFile(holdfast().configFile, good);
  await community.admin.send('/config/reload');
});

test('a wrong password: the plan says which and why, and the button stays shut', async ({ openVisitor }) => {
  const { url, cluster } = holdfast();
  const ann = await seat(openVisitor, ANN, { url, team: community.team.name, channel: 'deck' });
  const page = await openVisitor(url, ADMIN);
  const frame = new ConsoleFrame(page);
  const database = new DatabasePage(page);
  const ledger = new Ledger(community.engine.id);
  const load = ledger.startPosting(community.ann, community.bob);
  const before = await generation();
  await holdfast().editSqlSettings({ DataSource: `${withWrongPassword('pg-a')},${cluster.node('pg-b').url()}` });

  await frame.goTo('Configuration');
  await expect(new ConfigurationPage(page).changesOnDisk).toContainText('password');
  await new ConfigurationPage(page).reload();
  await frame.goTo('Database');
  await database.openRecycle();
  await expect(database.refusal).toContainText(`:${cluster.node('pg-a').port}`);
  await expect(database.refusal).toContainText(/password/i);
  await expect(database.recycleNow).toBeDisabled();
  await expect(page.getByText(WRONG_PASSWORD)).toHaveCount(0);

  await ledger.waitForMore(20);
  await load.stop();
  await ledger.expectOnMaster(cluster);
  await ann.chat.send('All is well');
  await ann.chat.expectDelivered('All is well');
  expect(await generation()).toBe(before);
  await ann.witness.expectCalm();
});

test('a replica that nobody has promoted cannot become the master', async ({ openVisitor }) => {
  const { url, cluster } = holdfast();
  const page = await openVisitor(url, ADMIN);
  const frame = new ConsoleFrame(page);
  const database = new DatabasePage(page);
  const before = await generation();
  await holdfast().configureNodes('pg-b', 'pg-a');

  await frame.goTo('Configuration');
  await new ConfigurationPage(page).reload();
  await frame.goTo('Database');
  await database.openRecycle();
  await expect(database.refusal).toContainText(`:${cluster.node('pg-b').port}`);
  await expect(database.refusal).toContainText('Promote it first.');
  await expect(database.recycleNow).toBeDisabled();
  await database.cancelRecycle();
  expect(await generation()).toBe(before);
  await expect(database.source(`:${cluster.node('pg-a').port}`)).toContainText('Master');
});

test('neither a master that cannot be reached nor one of a foreign cluster is taken', async ({ openVisitor }) => {
  const { url, cluster } = holdfast();
  const foreign = await startTestCluster();
  const page = await openVisitor(url, ADMIN);
  const frame = new ConsoleFrame(page);
  const database = new DatabasePage(page);
  const before = await generation();
  const nowhere = new URL(cluster.node('pg-a').url());
  nowhere.port = '1';
  try {
    for (const [master, cause] of [
      [nowhere.href, 'connect ECONNREFUSED'],
      [foreign.cluster.master().url(), 'To move to another cluster, restart the server.'],
    ] as const) {
      await holdfast().editSqlSettings({ DataSource: `${master},${cluster.node('pg-b').url()}` });
      await frame.goTo('Configuration');
      await new ConfigurationPage(page).reload();
      await frame.goTo('Database');
      await database.openRecycle();
      await expect(database.refusal).toContainText(`:${new URL(master).port}/holdfast (master): `);
      await expect(database.refusal).toContainText(cause);
      await expect(database.recycleNow).toBeDisabled();
      await expect(database.override, 'nobody can know better').toHaveCount(0);
      await database.cancelRecycle();
      await community.ann.post(community.channel.id, `In spite of ${cause}`);
    }
  } finally {
    await foreign.stop();
  }
  expect(await generation()).toBe(before);
  await expect(database.source(`:${cluster.node('pg-a').port}`)).toContainText('Master');
});

test('what turns bad after the dialog was opened is refused by the recycle itself', async ({ openVisitor, guard }) => {
  guard.allow(/Failed to load resource: .* 409 /);
  const { url, cluster } = holdfast();
  const page = await openVisitor(url, ADMIN);
  const database = new DatabasePage(page);
  const before = await generation();
  await new ConsoleFrame(page).goTo('Database');
  await database.openRecycle();
  await expect(database.recycleNow).toBeEnabled();

  await holdfast().editSqlSettings({ DataSource: `${withWrongPassword('pg-a')},${cluster.node('pg-b').url()}` });
  await community.admin.send('/config/reload');
  await database.recycleNow.click();
  await expect(database.result).toContainText('Recycling unsuccessful:');
  await expect(database.result).toContainText(`:${cluster.node('pg-a').port}`);
  await expect(database.result).toContainText(/password.*Nothing changed; the previous connections are in use\./);
  await expect(database.operations.first()).toContainText('Failed, nothing changed');
  await expect(page.getByText(WRONG_PASSWORD)).toHaveCount(0);
  expect(await generation()).toBe(before);
});

test('a file that is no JSON: the reload says where, and what runs goes on', async ({ openVisitor, guard }) => {
  guard.allow(/Failed to load resource: .* (400|409|500) /);
  const { url } = holdfast();
  const page = await openVisitor(url, ADMIN);
  const configuration = new ConfigurationPage(page);
  const before = await generation();
  await new ConsoleFrame(page).goTo('Configuration');
  await writeFile(holdfast().configFile, '{\n  "SqlSettings": {\n    "DataSource": "postgres://half-writ');

  await configuration.pressReload();
  await expect(configuration.failure).toContainText('Reload unsuccessful:');
  await expect(configuration.failure).toContainText(/line 3.*The running configuration was not changed\./);
  await community.ann.post(community.channel.id, 'Still afloat');
  expect(await generation()).toBe(before);
});

async function generation(): Promise<number> {
  return (await community.admin.get<DatabaseStatus>('/database/status')).generation;
}

function withWrongPassword(name: string): string {
  const url = new URL(holdfast().cluster.node(name).url());
  url.password = WRONG_PASSWORD;
  return url.href;
}
