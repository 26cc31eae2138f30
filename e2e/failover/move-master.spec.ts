import { ADMIN, ANN, type Community, createCommunity } from '../support/community.ts';
import { expect, test } from '../support/fixtures.ts';
import { useHoldfast } from '../support/holdfast.ts';
import { Ledger } from '../support/ledger.ts';
import { ChatPage } from '../support/pages/chat-page.ts';
import { ConfigurationPage } from '../support/pages/configuration-page.ts';
import { ConsoleFrame } from '../support/pages/console-frame.ts';
import { DatabasePage } from '../support/pages/database-page.ts';
import { readTraffic } from '../support/traffic.ts';

// Manual failover: a replica is promoted and put first in DataSource, then Reload and Recycle, while two people go on posting.
const holdfast = useHoldfast({ replicas: 2 });
let community: Community;

test.beforeAll(async () => {
  community = await createCommunity(holdfast());
});

test('the master moves under load: nothing lost, nothing doubled, nobody signed out', async ({
  openVisitor,
  guard,
}) => {
  // The browser writes an error line for each request that the server asks to repeat.
  guard.allow(/Failed to load resource: .* 503 /);
  const { cluster } = holdfast();
  const { admin, ann, bob, team, channel } = community;
  const watcher = new ChatPage(await openVisitor(holdfast().url, ANN), 'deck');
  await watcher.open(team.name, 'deck');
  const consolePage = await openVisitor(holdfast().url, ADMIN);
  const frame = new ConsoleFrame(consolePage);
  await frame.goTo('Database');
  const ledger = new Ledger(channel.id);
  const load = ledger.startPosting(ann, bob);
  await ledger.waitForMore(20);

  await test.step('promote pg-b; pg-a comes back as its replica', () => cluster.moveMaster('pg-b'));
  await test.step('put it first in DataSource', () => holdfast().configureNodes('pg-b', 'pg-a', 'pg-c'));
  await test.step('Reload, Recycle', async () => {
    await frame.goTo('Configuration');
    await new ConfigurationPage(consolePage).reload();
    await frame.goTo('Database');
    await new DatabasePage(consolePage).recycle();
  });

  await ledger.waitForMore(50);
  const traffic = await readTraffic(admin, holdfast());
  expect(traffic['pg-b']?.writes).toBeGreaterThan(0);
  expect([traffic['pg-a']?.writes, traffic['pg-c']?.writes]).toEqual([0, 0]);

  await load.stop();
  await ledger.expectOnMaster(cluster);
  test.info().annotations.push({ type: 'longest write', description: `${Math.round(ledger.longestPauseMs)} ms` });
  await watcher.send('Still here');
  await watcher.expectDelivered('Still here');
  await expect(watcher.page).toHaveURL(/\/channels\/deck/);
});
