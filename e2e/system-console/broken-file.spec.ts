import { writeFile } from 'node:fs/promises';
import { expectAccessible } from '../support/accessibility.ts';
import { ADMIN, createCommunity } from '../support/community.ts';
import { expect, test } from '../support/fixtures.ts';
import { useHoldfast } from '../support/holdfast.ts';
import { ConfigurationPage } from '../support/pages/configuration-page.ts';
import { ConsoleFrame } from '../support/pages/console-frame.ts';

// A half-written config.json: the page says where the fault is, and the running configuration stays what it was.
const holdfast = useHoldfast({ replicas: 0 });

test.beforeAll(async () => {
  await createCommunity(holdfast());
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
  await expect(page.getByRole('table', { name: 'Reload history' })).toContainText('Failed');
  await expect(page.getByText('sesame')).toHaveCount(0);
  await expectAccessible(page);
});
