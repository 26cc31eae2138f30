import type { Operation } from '../../contract/index.ts';
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

// Objective: an admin moves the master by hand, while people go on.
// Actions: two people write in their browsers and two programs post by the API; pg-b is promoted while pg-a still takes writes; it is put
//   first in `DataSource`; Reload; Recycle. Then the others are rebuilt as its replicas.
// Checks: no acknowledged message is lost, none is doubled, and each author's order is kept, on the new master and on the pages; the
//   result of the recycle tells how long writes were held, which is less than 2 s; nobody saw an error or was signed out.
const holdfast = useHoldfast({ replicas: 2 });
let community: Community;

/** What Holdfast promises about the pause of writes, as the operation itself reports it. */
const HOLD_PROMISE_MS = 2_000;

test.beforeAll(async () => {
  community = await createCommunity(holdfast());
});

test('a promoted replica becomes the master under load: nothing is lost, doubled or out of order', async ({
  openVisitor,
}) => {
  const { url, cluster } = holdfast();
  const { admin, team, channel, engine } = community;
  const place = { url, team: team.name, channel: 'deck' };
  const ann = await seat(openVisitor, ANN, place);
  const bob = await seat(openVisitor, BOB, place);
  const consolePage = await openVisitor(url, ADMIN);
  const frame = new ConsoleFrame(consolePage);
  const database = new DatabasePage(consolePage);
  const port = (name: string): string => `:${cluster.node(name).port}`;
  await frame.goTo('Database');

  const ledger = new Ledger(engine.id);
  const programs = ledger.startPosting(community.ann, community.bob);
  ann.author.start();
  bob.author.start();
  await Promise.all([ledger.waitForMore(50), ann.author.waitForMore(3), bob.author.waitForMore(3)]);

  await test.step('promote pg-b', async () => {
    await cluster.node('pg-b').promote();
    await expect(database.source(port('pg-b'))).toContainText('accepts writes of its own');
  });
  await test.step('put it first in DataSource', () => holdfast().configureNodes('pg-b', 'pg-a', 'pg-c'));
  await test.step('Reload', async () => {
    await frame.goTo('Configuration');
    await new ConfigurationPage(consolePage).reload();
  });
  await test.step('Recycle, which tells how long writes were held', async () => {
    await frame.goTo('Database');
    await database.recycle();
    await expect(database.result).toContainText(/Writes waited \d+ ms\./);
    await expect(database.source(port('pg-b'))).toContainText('Master');
    await expect(database.source(port('pg-b'))).toContainText('Online');
    const [newest] = await admin.get<Operation[]>('/database/operations');
    expect(newest).toMatchObject({ kind: 'recycle', outcome: 'succeeded', writes_failed: 0 });
    expect(newest?.write_hold_ms).toBeGreaterThan(0);
    expect(newest?.write_hold_ms).toBeLessThan(HOLD_PROMISE_MS);
  });

  await test.step('all writes go to the new master', async () => {
    const before = await readTraffic(admin, holdfast());
    await Promise.all([ledger.waitForMore(50), ann.author.waitForMore(3), bob.author.waitForMore(3)]);
    const after = await readTraffic(admin, holdfast());
    expect(after['pg-b']?.writes).toBeGreaterThan(before['pg-b']?.writes ?? 0);
    expect(after['pg-a']?.writes).toBe(before['pg-a']?.writes);
    expect(after['pg-c']?.writes).toBe(before['pg-c']?.writes);
  });

  await test.step('the others return as its replicas', async () => {
    for (const name of ['pg-a', 'pg-c']) await cluster.node(name).rebuild(cluster.master());
    for (const name of ['pg-a', 'pg-c']) {
      await expect(database.source(port(name))).toContainText('Online', { timeout: 30_000 });
    }
  });

  await Promise.all([programs.stop(), ann.author.stop(), bob.author.stop()]);
  expect(cluster.master().name).toBe('pg-b');
  await ledger.expectOnMaster(cluster);
  await expectAllKept(cluster, channel.id, [
    { ...ann, client: community.ann, written: ann.author.written },
    { ...bob, client: community.bob, written: bob.author.written },
  ]);
  for (const { witness } of [ann, bob]) await witness.expectCalm();
});
