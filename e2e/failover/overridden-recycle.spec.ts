import type { DatabaseEvent, DatabaseStatus, Operation } from '../../contract/index.ts';
import { startTestCluster, type TestCluster } from '../../tools/cluster/testing.ts';
import { ApiClient, type Holdfast, startHoldfast } from '../../tools/holdfast/index.ts';
import { expectAccessible } from '../support/accessibility.ts';
import { ADMIN, ANN, BOB, type Community, createCommunity } from '../support/community.ts';
import { expect, test } from '../support/fixtures.ts';
import { ConfigurationPage } from '../support/pages/configuration-page.ts';
import { ConsoleFrame } from '../support/pages/console-frame.ts';
import { DatabasePage } from '../support/pages/database-page.ts';
import { seat } from '../support/person.ts';

// Objective: the master is gone for good, and what was promoted by hand lacks messages that nobody can bring over: an admin accepts that.
// Actions: pg-b is cut off; a message is posted; the server is started anew, so that it does not know of it any more; another message is
//   posted; pg-a dies, pg-b is promoted, put first in `DataSource`, Reload; Recycle is refused, and overridden with the typed name.
// Checks: the dialog says what would be lost, takes nothing but the exact name, and can be used by keyboard and screen reader; the loss is
//   told with who accepted it; what the server still knew is on the new master; the chat goes on without a restart.
let database: TestCluster | undefined;
let server: Holdfast | undefined;
let community: Community;

const holdfast = (): Holdfast => server as Holdfast;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  database = await startTestCluster({ replicas: 1 });
  const { cluster } = database;
  server = await startHoldfast(cluster);
  community = await createCommunity(server);
  await expect.poll(() => fitReplicas(community.admin)).toBe(1);
  cluster.node('pg-b').cutReplication();
  await community.ann.post(community.channel.id, 'Nowhere but on pg-a');
  await server.stop();
  server = await startHoldfast(cluster, { settings: { SqlSettings: { WriteHoldLimitMilliseconds: 2_000 } } });
});

test.afterAll(async () => {
  await server?.stop();
  await database?.stop();
});

test('a loss is accepted by the name of the new master, told, and the chat goes on', async ({ openVisitor, guard }) => {
  guard.allow(/Failed to load resource: .* 503 /);
  const { url, cluster } = holdfast();
  const admin = await ApiClient.signIn(url, ADMIN);
  const page = await openVisitor(url, ADMIN);
  const frame = new ConsoleFrame(page);
  const database = new DatabasePage(page);
  await frame.goTo('Database');
  await database.testConnections();
  await expect(database.testResult).toContainText('Passed');
  const ann = await seat(openVisitor, ANN, { url, team: community.team.name, channel: 'deck' });
  await ann.chat.send('Kept by the server');
  await ann.chat.expectDelivered('Kept by the server');
  const name = `127.0.0.1:${cluster.node('pg-b').port}/holdfast`;

  await test.step('the master dies for good, and pg-b is promoted by hand', async () => {
    await cluster.node('pg-a').kill();
    await cluster.node('pg-b').promote();
    await holdfast().configureNodes('pg-b');
    await frame.goTo('Configuration');
    await new ConfigurationPage(page).reload();
    await frame.goTo('Database');
    await expect(database.mode('Read-only')).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('main')).toContainText('recycle with an override');
  });

  await test.step('the plan says what would be lost; only the exact name opens the way', async () => {
    await database.openRecycle();
    await expect(database.refusal).toContainText('It left the old master too long ago');
    await expect(database.recycleNow).toBeDisabled();
    await database.override.focus();
    await page.keyboard.press('Enter');
    await expect(database.overrideName).toBeFocused();
    await expect(database.dialog).toContainText(
      'Acknowledged writes that it lacks are given up; how many is not known.',
    );
    await page.keyboard.type(name.slice(0, -1));
    await expect(database.recycleAllTheSame).toBeDisabled();
    await page.keyboard.press('Enter');
    await expect(database.dialog).toBeVisible();
    await page.keyboard.type('x');
    await expect(database.dialog).toContainText(`This is not ${name}.`);
    await expectAccessible(page);
    await page.keyboard.press('Backspace');
    await page.keyboard.type(name.slice(-1));
    await expect(database.recycleAllTheSame).toBeEnabled();
    await page.keyboard.press('Enter');
  });

  await test.step('the loss is told, with who accepted it', async () => {
    await expect(database.result).toContainText('Overridden: History of', { timeout: 60_000 });
    await expect(database.mode('Normal')).toBeVisible();
    await expect(database.operations.first()).toContainText('Overridden');
    await database.openEvents();
    await expect(database.events(name, 'in spite of red checks', 'admin')).toHaveCount(1);
    const [operation] = await admin.get<Operation[]>('/database/operations');
    expect(operation).toMatchObject({ outcome: 'succeeded', actor: 'admin', overridden: [expect.any(String)] });
    const events = await admin.get<DatabaseEvent[]>('/database/events');
    expect(events.find(({ kind }) => kind === 'recycle_overridden')).toMatchObject({
      severity: 'error',
      actor: 'admin',
    });
    expect(holdfast().serverLog()).toContain(`"override":"${name}"`);
    await expectAccessible(page);
  });

  await test.step('the chat goes on with what was kept', async () => {
    await ann.chat.send('All hands');
    await ann.chat.expectDelivered('All hands');
    const bob = await seat(openVisitor, BOB, { url, team: community.team.name, channel: 'deck' });
    await bob.chat.expectDelivered('Kept by the server');
    await bob.chat.expectDelivered('All hands');
    await expect(bob.chat.post('Nowhere but on pg-a')).toHaveCount(0);
  });
});

async function fitReplicas(admin: ApiClient): Promise<number> {
  const { sources } = await admin.get<DatabaseStatus>('/database/status');
  return sources.filter(({ assigned_role: role, health }) => role === 'replica' && health === 'online').length;
}
