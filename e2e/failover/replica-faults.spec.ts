import { ADMIN, ANN, BOB, type Community, createCommunity } from '../support/community.ts';
import { expectAllKept } from '../support/expect-kept.ts';
import { expect, test } from '../support/fixtures.ts';
import { useHoldfast } from '../support/holdfast.ts';
import { ConsoleFrame } from '../support/pages/console-frame.ts';
import { DatabasePage } from '../support/pages/database-page.ts';
import { Reader } from '../support/reader.ts';
import { seat } from '../support/person.ts';

// Objective: replicas come and go, and those who read and write do not know.
// Actions: one person writes, another reads by going from channel to channel, a program reads by the API; meanwhile one replica is killed
//   and started again, and the other is frozen and thawed.
// Checks: no read fails and no error is shown; the Database page says which replica is out and why; the event log has that it left, its
//   reason, and that it returned.
const holdfast = useHoldfast({ replicas: 2 });
let community: Community;

test.beforeAll(async () => {
  community = await createCommunity(holdfast());
});

test('a killed and a frozen replica leave and return, and no reader sees an error', async ({ openVisitor }) => {
  const { url, cluster } = holdfast();
  const { team, channel } = community;
  const place = { url, team: team.name, channel: 'deck' };
  const ann = await seat(openVisitor, ANN, place);
  const bob = await seat(openVisitor, BOB, place);
  const consolePage = await openVisitor(url, ADMIN);
  const database = new DatabasePage(consolePage);
  await new ConsoleFrame(consolePage).goTo('Database');
  const [killed, frozen] = [cluster.node('pg-b'), cluster.node('pg-c')];
  const [killedName, frozenName] = [`:${killed.port}`, `:${frozen.port}`];
  const timeout = 30_000;

  ann.author.start();
  const reader = new Reader({ chat: bob.chat, client: community.bob, channelId: channel.id });
  reader.start();
  await Promise.all([ann.author.waitForMore(3), reader.waitForMore(3)]);

  await test.step('a replica is killed: it leaves with its reason', async () => {
    await killed.kill();
    await expect(database.source(killedName)).toContainText('Unreachable', { timeout });
    await expect(database.source(killedName)).toContainText('ECONNREFUSED');
    await Promise.all([ann.author.waitForMore(3), reader.waitForMore(3)]);
  });
  await test.step('the other one hangs as well: the master serves alone', async () => {
    frozen.freeze();
    await expect(database.source(frozenName)).toContainText('Unreachable', { timeout });
    await expect(database.source(frozenName)).toContainText('It does not answer');
    await Promise.all([ann.author.waitForMore(3), reader.waitForMore(3)]);
  });
  await test.step('both come back', async () => {
    frozen.thaw();
    await killed.start();
    await expect(database.source(killedName)).toContainText('Online', { timeout });
    await expect(database.source(frozenName)).toContainText('Online', { timeout });
    await Promise.all([ann.author.waitForMore(3), reader.waitForMore(3)]);
  });
  await test.step('the event log tells all of it', async () => {
    await database.openEvents();
    await expect(database.events(killedName, 'ECONNREFUSED')).not.toHaveCount(0);
    await expect(database.events(frozenName, 'It does not answer')).not.toHaveCount(0);
    for (const name of [killedName, frozenName]) {
      await expect(database.events(name, 'left the rotation')).not.toHaveCount(0);
      await expect(database.events(name, 'returned to the rotation')).not.toHaveCount(0);
    }
  });

  await Promise.all([ann.author.stop(), reader.stop()]);
  await expectAllKept(cluster, channel.id, [{ ...ann, client: community.ann, written: ann.author.written }]);
  for (const { witness } of [ann, bob]) await witness.expectCalm();
});
