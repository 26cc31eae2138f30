import { readFile, writeFile } from 'node:fs/promises';
import { expectAccessible } from '../support/accessibility.ts';
import { ADMIN, createCommunity } from '../support/community.ts';
import { expect, test } from '../support/fixtures.ts';
import { useHoldfast } from '../support/holdfast.ts';
import { ConfigurationPage } from '../support/pages/configuration-page.ts';
import { ConsoleFrame } from '../support/pages/console-frame.ts';
import { DatabasePage } from '../support/pages/database-page.ts';

// A half-written config.json: the page says where the fault is, and the running configuration stays what it was.
const holdfast = useHoldfast({ replicas: 0 });

test.beforeAll(async () => {
  await createCommunity(holdfast());
});

test('versions are compared, and one of them mends the file; what runs follows by a reload', async ({
  openVisitor,
  guard,
}) => {
  guard.allow(/Failed to load resource: .* 409 /);
  const page = await openVisitor(holdfast().url, ADMIN);
  await new ConsoleFrame(page).goTo('Configuration');
  const configuration = new ConfigurationPage(page);
  const started = configuration.history.last();
  await expect(started).toContainText('Started');
  const good = holdfast().cluster.master().url();

  await test.step('an edit is compared with the version before it, part by part', async () => {
    await holdfast().editSqlSettings({ DataSource: `${good}?application_name=elsewhere` });
    await configuration.reload();
    await expect(configuration.history.first()).toContainText('running');
    const dialog = await configuration.compare(started);
    const changes = dialog.getByRole('table', { name: 'Differences of the versions' });
    await expect(changes).toContainText('SqlSettings.DataSource[0].options');
    await expect(changes).toContainText('application_name=elsewhere');
    await expect(dialog).not.toContainText(new URL(good).password);
    await expectAccessible(page);
    await page.keyboard.press('Escape');
  });
  await test.step('a file that was edited after the question is left alone', async () => {
    const question = await configuration.askToRestore(started);
    await expect(question).toContainText('application_name=elsewhere');
    await expectAccessible(page);
    await writeFile(holdfast().configFile, '{ "SqlSettings": ');
    await question.getByRole('button', { name: 'Restore to disk' }).click();
    await expect(question.getByRole('alert')).toContainText('was changed meanwhile. Nothing was written');
    await question.getByRole('button', { name: 'Cancel' }).click();
    expect(await readFile(holdfast().configFile, 'utf8')).toBe('{ "SqlSettings": ');
  });
  await test.step('the broken file becomes the restored version, and stays beside it', async () => {
    await expect(page.getByText('The text ends too early')).toBeVisible();
    const question = await configuration.askToRestore(started);
    await question.getByRole('button', { name: 'Restore to disk' }).click();
    await expect(question).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Close this message' })).toBeVisible();
    await expectAccessible(page);
    expect(await readFile(`${holdfast().configFile}.bak`, 'utf8')).toBe('{ "SqlSettings": ');
    await expect(started).toContainText('on disk');
    await expect(configuration.changesOnDisk).toContainText('application_name=elsewhere');
    await configuration.reload();
    await expect(started).toContainText('running');
  });
  await test.step('a recycle is taken back: restored, reloaded and recycled, each step on its own', async () => {
    await holdfast().editSqlSettings({ DataSource: `${good}?application_name=elsewhere` });
    await configuration.reload();
    await new ConsoleFrame(page).goTo('Database');
    const database = new DatabasePage(page);
    await database.recycle();
    const back = await database.openSwitchBack();
    await expect(back).toContainText('application_name=elsewhere');
    await expectAccessible(page);
    await back.getByRole('button', { name: 'Restore to disk' }).click();
    await back.getByRole('button', { name: 'Reload Configuration from Disk' }).click();
    await back.getByRole('button', { name: 'Check the recycle…' }).click();
    await expect(database.recycleNow).toBeEnabled();
    await database.recycleNow.click();
    await expect(database.operations).toHaveCount(2);
    await expect(database.result).toContainText('Recycling succeeded.');
    const layers = new ConsoleFrame(page).layers.getByRole('listitem');
    await expect(layers.filter({ hasText: '#1' })).toHaveCount(3);
  });
});

test('a half-written file is told by line and column and changes nothing', async ({ openVisitor, guard }) => {
  guard.allow(/Failed to load resource: .* 400 /);
  const page = await openVisitor(holdfast().url, ADMIN);
  const frame = new ConsoleFrame(page);
  await frame.goTo('Configuration');
  const running = frame.layers.getByRole('listitem').nth(1);
  await expect(running).toContainText('#1');

  await writeFile(holdfast().configFile, '{\n  "SqlSettings": {\n    "DataSource": "postgres://holdfast:sesame@');
  const configuration = new ConfigurationPage(page);
  await expect(page.getByRole('table', { name: 'Problems of the file' })).toContainText('line 3');
  const excerpt = page.getByRole('figure', { name: 'Lines around the fault' });
  await expect(excerpt).toContainText('"SqlSettings": {');
  await expect(excerpt).toContainText('"DataSource": •••');
  await configuration.pressReload();
  await expect(configuration.failure).toContainText('Reload unsuccessful:');
  await expect(configuration.failure).toContainText(/line 3.*The running configuration was not changed\.$/);
  await expect(running).toContainText('#1');
  await expect(configuration.history.first()).toContainText('Failed');
  await expect(page.getByText('sesame')).toHaveCount(0);
  await expectAccessible(page);
});
