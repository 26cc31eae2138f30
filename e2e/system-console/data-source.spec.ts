import { expectAccessible } from '../support/accessibility.ts';
import { ADMIN, type Community, createCommunity } from '../support/community.ts';
import { expect, test } from '../support/fixtures.ts';
import { useHoldfast } from '../support/holdfast.ts';
import { ConsoleFrame } from '../support/pages/console-frame.ts';
import { DatabasePage } from '../support/pages/database-page.ts';
import { OverviewPage } from '../support/pages/overview-page.ts';

// Objective: what an operator can find out about one data source, and do with it, from its row.
// Actions: test it whole and broken, look at its errors, copy it, take it out of the rotation and put it back.
// Checks: each step of the test with its words; who is out serves nothing, through a recycle as well, and everybody sees why.
const holdfast = useHoldfast();
let community: Community;

test.beforeAll(async () => {
  community = await createCommunity(holdfast());
});

test('one data source is tested step by step, and what is wrong is told in plain words', async ({ openVisitor }) => {
  const { cluster } = holdfast();
  const page = await openVisitor(holdfast().url, ADMIN);
  await new ConsoleFrame(page).goTo('Database');
  const database = new DatabasePage(page);
  const replica = cluster.node('pg-b');

  await database.testSource(`:${replica.port}`);
  for (const step of ['Name', 'Network', 'Connect', 'Read', 'Clock', 'Version', 'Cluster', 'Role', 'Schema']) {
    await expect(database.testResult.getByText(step, { exact: true })).toBeVisible();
  }
  await expect(database.testResult).toContainText(/takes connections\. \d+ ms/);
  await expect(database.testResult).not.toContainText(`:${cluster.node('pg-a').port}`);
  await expectAccessible(page);

  await replica.kill();
  await database.testSource(`:${replica.port}`);
  await expect(database.testResult).toContainText(`Nothing listens on 127.0.0.1:${replica.port}.`);
  await expect(database.source(`:${replica.port}`)).toContainText(
    /For [\d.]+ s\. (Next check in \d s|Being checked)\./,
  );
  await replica.start();
  await expect(database.source(`:${replica.port}`)).toContainText('Online', { timeout: 60_000 });
});

test('a row tells its errors and gives its details away, without a secret', async ({ openVisitor }) => {
  const { cluster } = holdfast();
  const page = await openVisitor(holdfast().url, ADMIN, { permissions: ['clipboard-read', 'clipboard-write'] });
  await new ConsoleFrame(page).goTo('Database');
  const database = new DatabasePage(page);
  const node = cluster.node('pg-c');
  const { port } = node;

  await database.showErrors(`:${port}`);
  await expect(database.details).toContainText(`Recent errors of 127.0.0.1:${port}`);
  await expect(database.details).toContainText(/No statement has failed on it|What failed/);
  await expectAccessible(page);
  await page.keyboard.press('Escape');

  await database.copyDetails(`:${port}`);
  await expect(page.getByRole('alert').filter({ hasText: 'on the clipboard' })).toBeVisible();
  const copied = await page.evaluate<string>('navigator.clipboard.readText()');
  expect(JSON.parse(copied)).toMatchObject({ port, assigned_role: 'replica' });
  expect(copied).not.toContain(new URL(node.url()).password);
});

test('a replica is taken out, stays out through a recycle, and is put back', async ({ openVisitor }) => {
  const { cluster } = holdfast();
  const page = await openVisitor(holdfast().url, ADMIN);
  const watching = await openVisitor(holdfast().url, ADMIN);
  const frame = new ConsoleFrame(page);
  await frame.goTo('Database');
  await new ConsoleFrame(watching).goTo('Database');
  const database = new DatabasePage(page);
  const [b, c] = [`:${cluster.node('pg-b').port}`, `:${cluster.node('pg-c').port}`];
  await expect(database.source(b)).toContainText('Online', { timeout: 60_000 });

  await test.step('the master has no such item', async () => {
    await expect(await database.menuOf(`:${cluster.node('pg-a').port}`)).toHaveCount(4);
    await page.keyboard.press('Escape');
  });
  await test.step('a question comes first', async () => {
    await database.askToTakeOut(b);
    await expect(database.rotationQuestion).not.toContainText('last replica');
    await expectAccessible(page);
    await database.confirmTakeOut();
    await expect(database.source(b)).toContainText('Out of rotation');
    await expect(database.source(b)).toContainText('Taken out by admin');
    await expect(new DatabasePage(watching).source(b)).toContainText('Out of rotation');
    await expectAccessible(page);
  });
  await test.step('a recycle does not bring it back, and reads go elsewhere', async () => {
    await database.recycle();
    await expect(database.source(b)).toContainText('Out of rotation');
    const before = await readsOf(b);
    for (let n = 0; n < 10; n++) await community.ann.get(`/channels/${community.channel.id}/posts`);
    expect(await readsOf(b)).toBe(before);
  });
  await test.step('the last one that serves goes only with a word about it', async () => {
    await database.askToTakeOut(c);
    await expect(database.rotationQuestion).toContainText('It is the last replica that serves reads.');
    await database.confirmTakeOut('Take out the last replica');
    await frame.goTo('Overview');
    const { warnings } = new OverviewPage(page);
    await expect(warnings).toContainText('No replica serves reads; the master serves them all.');
    await expect(warnings).toContainText('is out of rotation: admin took it out.');
    await expectAccessible(page);
  });
  await test.step('both return', async () => {
    await frame.goTo('Database');
    await database.putBack(b);
    await expect(database.source(b)).toContainText('Online');
    await database.putBack(c);
    await expect(database.source(c)).toContainText('Online');
    await database.openEvents();
    await expect(database.events('put_back', c)).toHaveCount(1);
    await expect(database.events('taken_out', b, 'admin took')).toHaveCount(1);
  });

  async function readsOf(name: string): Promise<number | undefined> {
    const status = await community.admin.get<{ sources: { name: string; reads_total: number }[] }>('/database/status');
    return status.sources.find((source) => source.name.includes(name))?.reads_total;
  }
});
