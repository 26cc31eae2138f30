import { ADMIN, ANN, BOB, type Community, createCommunity } from '../support/community.ts';
import { expectAllKept } from '../support/expect-kept.ts';
import { expect, test } from '../support/fixtures.ts';
import { useHoldfast } from '../support/holdfast.ts';
import { Ledger } from '../support/ledger.ts';
import { ConfigurationPage } from '../support/pages/configuration-page.ts';
import { ConsoleFrame } from '../support/pages/console-frame.ts';
import { DatabasePage } from '../support/pages/database-page.ts';
import { seat } from '../support/person.ts';
import { readTraffic } from '../support/traffic.ts';

// Objective: the procedure that the product is for, word for word, while people go on.
// Actions: two people write in their browsers and two programs post by the API; an admin adds two replicas to the `DataSource` of
//   config.json, separated by commas, then System Console > Configuration > "Reload Configuration from Disk", then System Console >
//   Database > "Recycle Database Connections".
// Checks: both replicas serve reads and none of the writes; every message is on the master and on the pages exactly once and in order;
//   nobody saw an error, and nobody was signed out.
const holdfast = useHoldfast({ replicas: 2, configured: ['pg-a'] });
let community: Community;

test.beforeAll(async () => {
  community = await createCommunity(holdfast());
});

test('two replicas join a single database under load, and nobody notices', async ({ openVisitor }) => {
  const { url, cluster } = holdfast();
  const { admin, team, channel, engine } = community;
  const place = { url, team: team.name, channel: 'deck' };
  const ann = await seat(openVisitor, ANN, place);
  const bob = await seat(openVisitor, BOB, place);
  const consolePage = await openVisitor(url, ADMIN);
  const frame = new ConsoleFrame(consolePage);
  const database = new DatabasePage(consolePage);
  const port = (name: string): string => `:${cluster.node(name).port}`;

  const ledger = new Ledger(engine.id);
  const programs = ledger.startPosting(community.ann, community.bob);
  ann.author.start();
  bob.author.start();
  await Promise.all([ledger.waitForMore(50), ann.author.waitForMore(3), bob.author.waitForMore(3)]);

  await test.step('before: one database serves everything', async () => {
    await frame.goTo('Database');
    await expect(database.source(port('pg-a'))).toContainText('Online');
    await expect(database.source('/holdfast')).toHaveCount(1);
    expect(Object.keys(await readTraffic(admin, holdfast()))).toEqual(['pg-a']);
  });

  await test.step('add two replicas to config.json', () => holdfast().configureNodes('pg-a', 'pg-b', 'pg-c'));

  await test.step('System Console > Configuration > Reload Configuration from Disk', async () => {
    await frame.goTo('Configuration');
    const configuration = new ConfigurationPage(consolePage);
    await expect(configuration.changesOnDisk).toContainText(port('pg-b'));
    await expect(configuration.changesOnDisk).toContainText('after Recycle');
    await configuration.reload();
    await expect(configuration.result).toContainText('effect after Recycle Database Connections');
  });

  await test.step('System Console > Database > Recycle Database Connections', async () => {
    await frame.goTo('Database');
    await database.recycle();
    await expect(database.result).toContainText('Recycling succeeded.');
    await expect(database.result).toContainText('2 of 2 replicas serve reads');
    for (const name of ['pg-b', 'pg-c']) {
      await expect(database.source(port(name))).toContainText('Replica');
      await expect(database.source(port(name))).toContainText('Online');
    }
  });

  await test.step('reads are served by the replicas, writes by the master alone', async () => {
    const before = await readTraffic(admin, holdfast());
    expect(Object.keys(before).toSorted()).toEqual(['pg-a', 'pg-b', 'pg-c']);
    await Promise.all([ledger.waitForMore(50), ann.author.waitForMore(5), bob.author.waitForMore(5)]);
    const page = `/channels/${channel.id}/posts?page=0&per_page=60`;
    // A replica whose first answer was slow is asked again when its estimate has decayed, within seconds.
    const served = async (): Promise<string[]> => {
      await Promise.all(Array.from({ length: 64 }, () => admin.get(page)));
      const now = await readTraffic(admin, holdfast());
      return ['pg-b', 'pg-c'].filter((name) => (now[name]?.reads ?? 0) > (before[name]?.reads ?? 0));
    };
    await expect.poll(served, { timeout: 60_000 }).toEqual(['pg-b', 'pg-c']);
    const after = await readTraffic(admin, holdfast());
    expect(after['pg-a']?.writes).toBeGreaterThan(before['pg-a']?.writes ?? 0);
    expect([after['pg-b']?.writes, after['pg-c']?.writes]).toEqual([0, 0]);
  });

  await Promise.all([programs.stop(), ann.author.stop(), bob.author.stop()]);
  await ledger.expectOnMaster(cluster);
  await expectAllKept(cluster, channel.id, [
    { ...ann, client: community.ann, written: ann.author.written },
    { ...bob, client: community.bob, written: bob.author.written },
  ]);
  for (const { witness } of [ann, bob]) await witness.expectCalm();
});
