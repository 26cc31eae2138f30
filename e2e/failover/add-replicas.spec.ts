import { ADMIN, ANN, type Community, createCommunity } from '../support/community.ts';
import { expect, test } from '../support/fixtures.ts';
import { useHoldfast } from '../support/holdfast.ts';
import { Ledger } from '../support/ledger.ts';
import { ChatPage } from '../support/pages/chat-page.ts';
import { ConfigurationPage } from '../support/pages/configuration-page.ts';
import { ConsoleFrame } from '../support/pages/console-frame.ts';
import { DatabasePage } from '../support/pages/database-page.ts';
import { readTraffic } from '../support/traffic.ts';

// The procedure that the product is for, word for word, while two people go on posting: a server on one database gets two replicas
// by an edit of config.json, "Reload Configuration from Disk" and "Recycle Database Connections".
const holdfast = useHoldfast({ replicas: 2, configured: ['pg-a'] });
let community: Community;

test.beforeAll(async () => {
  community = await createCommunity(holdfast());
});

test('two replicas join under load, and nobody notices', async ({ openVisitor }) => {
  const { admin, ann, bob, team, channel } = community;
  const watcher = new ChatPage(await openVisitor(holdfast().url, ANN), 'deck');
  await watcher.open(team.name, 'deck');
  const consolePage = await openVisitor(holdfast().url, ADMIN);
  const frame = new ConsoleFrame(consolePage);
  const ledger = new Ledger(channel.id);
  const load = ledger.startPosting(ann, bob);
  await ledger.waitForMore(20);

  await test.step('add two replicas to config.json', () => holdfast().configureNodes('pg-a', 'pg-b', 'pg-c'));

  await test.step('System Console > Configuration > Reload Configuration from Disk', async () => {
    await frame.goTo('Configuration');
    const configuration = new ConfigurationPage(consolePage);
    await expect(configuration.changesOnDisk).toContainText('after Recycle');
    await configuration.reload();
  });

  await test.step('System Console > Database > Recycle Database Connections', async () => {
    await frame.goTo('Database');
    await new DatabasePage(consolePage).recycle();
  });

  await test.step('reads are served by the replicas, writes by the master alone', async () => {
    const before = await readTraffic(admin, holdfast());
    expect(Object.keys(before).toSorted()).toEqual(['pg-a', 'pg-b', 'pg-c']);
    await ledger.waitForMore(50);
    for (let turn = 0; turn < 40; turn++) await bob.get(`/channels/${channel.id}/posts?page=0&per_page=60`);
    const after = await readTraffic(admin, holdfast());
    expect(after['pg-b']?.reads).toBeGreaterThan(before['pg-b']?.reads ?? 0);
    expect(after['pg-c']?.reads).toBeGreaterThan(before['pg-c']?.reads ?? 0);
    expect(after['pg-a']?.writes).toBeGreaterThan(before['pg-a']?.writes ?? 0);
    expect([after['pg-b']?.writes, after['pg-c']?.writes]).toEqual([0, 0]);
  });

  await load.stop();
  await ledger.expectOnMaster(holdfast().cluster);
  await watcher.send('Still here');
  await watcher.expectDelivered('Still here');
  await expect(watcher.page).toHaveURL(/\/channels\/deck/);
});
