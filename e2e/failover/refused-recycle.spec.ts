import { ADMIN, type Community, createCommunity } from '../support/community.ts';
import { expect, test } from '../support/fixtures.ts';
import { useHoldfast } from '../support/holdfast.ts';
import { Ledger } from '../support/ledger.ts';
import { ConfigurationPage } from '../support/pages/configuration-page.ts';
import { ConsoleFrame } from '../support/pages/console-frame.ts';
import { DatabasePage } from '../support/pages/database-page.ts';

// A configuration that cannot work is refused before anything changes, with the data source and the cause by name.
const holdfast = useHoldfast({ replicas: 1 });
let community: Community;

test.beforeAll(async () => {
  community = await createCommunity(holdfast());
});

test('a wrong password: the plan says which and why, and everything goes on', async ({ openVisitor }) => {
  const { cluster } = holdfast();
  const page = await openVisitor(holdfast().url, ADMIN);
  const frame = new ConsoleFrame(page);
  const database = new DatabasePage(page);
  const ledger = new Ledger(community.channel.id);
  const load = ledger.startPosting(community.ann, community.bob);
  const wrong = new URL(cluster.node('pg-a').url());
  wrong.password = 'not-the-password';
  await holdfast().editSqlSettings({ DataSource: `${wrong.href},${cluster.node('pg-b').url()}` });

  await frame.goTo('Configuration');
  await new ConfigurationPage(page).reload();
  await frame.goTo('Database');
  await database.openRecycle();
  await expect(database.dialog.getByRole('alert')).toContainText(`:${wrong.port}`);
  await expect(database.dialog.getByRole('alert')).toContainText(/password/i);
  await expect(database.recycleNow).toBeDisabled();
  await expect(page.getByText('not-the-password')).toHaveCount(0);

  await ledger.waitForMore(20);
  await load.stop();
  await ledger.expectOnMaster(cluster);
});
