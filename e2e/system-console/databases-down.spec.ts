import { expectAccessible } from '../support/accessibility.ts';
import { ADMIN, ANN, createCommunity } from '../support/community.ts';
import { expect, test } from '../support/fixtures.ts';
import { useHoldfast } from '../support/holdfast.ts';
import { ConfigurationPage } from '../support/pages/configuration-page.ts';
import { ChatPage } from '../support/pages/chat-page.ts';
import { ConsoleFrame } from '../support/pages/console-frame.ts';
import { DatabasePage } from '../support/pages/database-page.ts';
import { OverviewPage } from '../support/pages/overview-page.ts';

// Every database is gone: that is when the console is needed most.
const holdfast = useHoldfast({ replicas: 1 });

test.beforeAll(async () => {
  await createCommunity(holdfast());
});

test('with every database down the console says so, reloads, and sees them return', async ({ openVisitor, guard }) => {
  // Whatever else the page asks for needs a database.
  guard.allow(/Failed to load resource: .* (503|409) /);
  const { cluster } = holdfast();
  const page = await openVisitor(holdfast().url, ADMIN);
  const reader = new ChatPage(await openVisitor(holdfast().url, ANN), 'deck');
  await reader.open('harbour', 'deck');
  const frame = new ConsoleFrame(page);
  await frame.goTo('Database');
  const database = new DatabasePage(page);
  const [master, replica] = [cluster.node('pg-a'), cluster.node('pg-b')];

  await test.step('both are killed', async () => {
    await Promise.all([master.kill(), replica.kill()]);
    await expect(database.source(String(master.port))).toContainText('Unreachable');
    await expect(database.source(String(replica.port))).toContainText('Unreachable');
    await expectAccessible(page);
  });
  await test.step('a new page of the same admin opens all the same', async () => {
    await page.reload();
    await expect(database.source(String(master.port))).toContainText('Unreachable');
    await frame.goTo('Overview');
    await expect(new OverviewPage(page).warnings).toContainText('unreachable');
    await expectAccessible(page);
  });
  await test.step('a chat page that is opened now says what it waits for', async () => {
    await reader.page.reload();
    const heading = reader.page.getByRole('heading', { name: 'Your channels cannot be read at the moment' });
    await expect(heading).toBeVisible();
    await expect(reader.connectionBanner).toContainText('cannot reach its databases');
    await expect(reader.connectionBanner).not.toContainText('keep reading');
    // The banner does not lie over it.
    await heading.click({ trial: true });
    await expectAccessible(reader.page);
  });
  await test.step('a reload needs no database, and a recycle says what is missing', async () => {
    await frame.goTo('Configuration');
    await new ConfigurationPage(page).reload();
    await frame.goTo('Database');
    await database.openRecycle();
    await expect(database.dialog.getByRole('alert')).toContainText(`:${master.port}`);
    await expect(database.recycleNow).toBeDisabled();
    await database.dialog.getByRole('button', { name: 'Cancel' }).click();
  });
  await test.step('they return, and the log has it all', async () => {
    await Promise.all([master.start(), replica.start()]);
    await expect(database.source(String(master.port))).toContainText('Online', { timeout: 60_000 });
    await expect(database.source(String(replica.port))).toContainText('Online', { timeout: 60_000 });
    await expect(reader.composer, 'the chat page has gone on asking').toBeVisible();
    await expect(reader.posts).not.toHaveCount(0);
    await page.getByRole('tab', { name: 'Events' }).click();
    await page.getByRole('textbox', { name: 'Search events' }).fill(`:${replica.port}`);
    await expect(page.getByRole('table', { name: 'Events' }).getByRole('row')).not.toHaveCount(1);
  });
});
