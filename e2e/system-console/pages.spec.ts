import type { Locator } from '@playwright/test';
import { expectAccessible } from '../support/accessibility.ts';
import { ADMIN, ANN, createCommunity } from '../support/community.ts';
import { expect, test } from '../support/fixtures.ts';
import { useHoldfast } from '../support/holdfast.ts';
import { ConfigurationPage } from '../support/pages/configuration-page.ts';
import { ConsoleFrame } from '../support/pages/console-frame.ts';
import { DatabasePage } from '../support/pages/database-page.ts';
import { OverviewPage } from '../support/pages/overview-page.ts';

// The pages of the System Console themselves: who may see them, by which keys, on which screens, and what they say of a healthy server.
const holdfast = useHoldfast({ replicas: 1 });

test.beforeAll(async () => {
  await createCommunity(holdfast());
});

test('the pages tell of a healthy server, and axe finds nothing on them', async ({ openVisitor }) => {
  const page = await openVisitor(holdfast().url, ADMIN);
  const frame = new ConsoleFrame(page);
  const { cluster } = holdfast();

  await test.step('Overview', async () => {
    await frame.goTo('Overview');
    const overview = new OverviewPage(page);
    await expect(overview.card(`:${cluster.node('pg-a').port}`, 'master', 'Online')).toBeVisible();
    await expect(overview.card(`:${cluster.node('pg-b').port}`, 'replica', 'Online')).toBeVisible();
    await expectAccessible(page);
  });
  await test.step('Configuration', async () => {
    await frame.goTo('Configuration');
    await expect(frame.layers.getByRole('listitem')).toHaveCount(3);
    await new ConfigurationPage(page).pressReload();
    await expect(new ConfigurationPage(page).result).toHaveText('Reloaded. No settings changed.');
    await expectAccessible(page);
  });
  await test.step('Database, with a test and the dialog', async () => {
    await frame.goTo('Database');
    const database = new DatabasePage(page);
    await expect(database.source(String(cluster.node('pg-b').port))).toContainText('Online');
    await expectNoColumnCut(database.connections);
    await database.testConnections();
    await expect(page.getByRole('region', { name: 'Connection test' }).getByText('Passed')).toHaveCount(2);
    await expectAccessible(page);
    await database.openRecycle();
    await expect(database.recycleNow).toBeEnabled();
    await expectAccessible(page);
    await database.dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('tab', { name: 'Settings' }).click();
    await expect(page.getByRole('table', { name: 'Database settings' })).toContainText('MaxOpenConns');
    await expectAccessible(page);
    await page.getByRole('tab', { name: 'Events' }).click();
    await expect(page.getByRole('table', { name: 'Events' })).toContainText('Reloaded. No settings changed.');
    await expectAccessible(page);
  });
});

test('keys alone are enough to recycle, and a second admin sees it happen', async ({ openVisitor }) => {
  const watching = await openVisitor(holdfast().url, ADMIN);
  await new ConsoleFrame(watching).goTo('Database');
  const page = await openVisitor(holdfast().url, ADMIN);
  await page.goto('/admin_console/overview');
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();

  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await expect(page.getByRole('heading', { level: 1, name: 'Database' })).toBeVisible();
  const database = new DatabasePage(page);
  await database.tabToRecycle();
  await page.keyboard.press('Enter');
  await expect(database.dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await expect(database.recycleNow).toBeEnabled();
  await page.keyboard.press('Tab');
  await expect(database.recycleNow).toBeFocused();
  await page.keyboard.press('Enter');

  await expect(database.result).toContainText('Recycling succeeded.');
  const watcher = new DatabasePage(watching);
  await expect(watcher.progress.getByRole('listitem').filter({ hasText: 'Close old' })).toContainText('Done');
  await expect(watcher.result).toContainText('Recycling succeeded.');
  await expectAccessible(watching);
});

test('the box in the header leads to pages and settings', async ({ openVisitor }) => {
  const page = await openVisitor(holdfast().url, ADMIN);
  const frame = new ConsoleFrame(page);
  await frame.goTo('Overview');
  await frame.find('maxopen');
  await expect(page.getByRole('table', { name: 'Database settings' })).toContainText('MaxOpenConns');
  await expectAccessible(page);
  await frame.find('logs');
  await expect(page.getByRole('heading', { level: 1, name: 'Server Logs' })).toBeVisible();
});

test('a narrow screen shows cards instead of rows, without scrolling sideways', async ({ openVisitor }) => {
  const page = await openVisitor(holdfast().url, ADMIN);
  await page.setViewportSize({ width: 390, height: 844 });
  const frame = new ConsoleFrame(page);
  for (const name of ['Overview', 'Configuration', 'Server Logs', 'Database'] as const) {
    await frame.goTo(name);
    const fits = await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth');
    expect(fits, name).toBe(true);
    await expectAccessible(page);
  }
  await expect(new DatabasePage(page).connections.getByRole('rowheader')).toHaveCount(2);
});

test('who is no admin sees nothing of it', async ({ openVisitor, guard }) => {
  guard.allow(/Failed to load resource: .* 403 /);
  const page = await openVisitor(holdfast().url, ANN);
  await page.goto('/admin_console/database');
  await expect(page.getByRole('heading', { name: 'The System Console is for system admins' })).toBeVisible();
  await expect(new DatabasePage(page).connections).toHaveCount(0);
  await expectAccessible(page);
});

/** On a common small screen: the column of the actions stays in sight, and would lie over the one before it. */
async function expectNoColumnCut(table: Locator): Promise<void> {
  const before = table.page().viewportSize();
  await table.page().setViewportSize({ width: 1_400, height: 800 });
  const hidden = () => table.evaluate((element) => element.scrollWidth - (element.parentElement?.clientWidth ?? 0));
  await expect.poll(hidden).toBeLessThanOrEqual(0);
  if (before !== null) await table.page().setViewportSize(before);
}
