import { ADMIN, ANN, BOB, type Community, createCommunity } from '../support/community.ts';
import { expectAllKept } from '../support/expect-kept.ts';
import { expect, test } from '../support/fixtures.ts';
import { useHoldfast } from '../support/holdfast.ts';
import { ConsoleFrame } from '../support/pages/console-frame.ts';
import { DatabasePage } from '../support/pages/database-page.ts';
import { OverviewPage } from '../support/pages/overview-page.ts';
import { seat } from '../support/person.ts';

// Objective: the master dies for good, nobody is there, and AutomaticPromotion is on.
// Actions: an admin looks at the console before a synchronous mode is configured and after; the master is killed while somebody writes; it
//   is started again later.
// Checks: the console says that the setting does nothing and why, then that it works. What was written while the master was dead waits and
//   arrives once, without anybody's help. The former master is an alarm, and it is fenced.
const holdfast = useHoldfast({
  replicas: 1,
  settings: { SqlSettings: { AutomaticPromotion: true, AutomaticPromotionAfterMilliseconds: 1_000 } },
});
let community: Community;

test.beforeAll(async () => {
  community = await createCommunity(holdfast());
});

test('a dead master is replaced while nobody is there, and nothing is lost', async ({ openVisitor, guard }) => {
  // The browser writes an error line for each request that the server asks to repeat.
  guard.allow(/Failed to load resource: .* 503 /);
  const { url, cluster } = holdfast();
  const { team, channel } = community;
  const page = await openVisitor(url, ADMIN);
  const frame = new ConsoleFrame(page);
  const database = new DatabasePage(page);
  const [a, b] = ['pg-a', 'pg-b'].map((name) => cluster.node(name));

  await test.step('the console says that it does nothing, and why', async () => {
    await frame.goTo('Overview');
    await expect(new OverviewPage(page).warnings).toContainText(/Automatic promotion: .* commits asynchronously/);
    await frame.goTo('Database');
    await expect(database.fact('Automatic promotion')).toContainText('does nothing');
  });

  await test.step('with a synchronous mode it works', async () => {
    await a?.query(`ALTER SYSTEM SET synchronous_standby_names = '"pg-b"'`);
    await a?.query('SELECT pg_reload_conf()');
    await expect(database.fact('Automatic promotion')).toContainText('When the master is unreachable for 1.0 s', {
      timeout: 30_000,
    });
  });

  const place = { url, team: team.name, channel: 'deck' };
  const ann = await seat(openVisitor, ANN, place);
  const bob = await seat(openVisitor, BOB, place);
  await ann.chat.send('Before');
  await ann.chat.expectDelivered('Before');

  await test.step('what is written while the master is dead arrives by itself', async () => {
    await a?.kill();
    await ann.chat.send('Into the dark');
    for (const { chat } of [ann, bob]) await chat.expectDelivered('Into the dark');
    await expect(database.source(`:${b?.port}`)).toContainText(/master/i);
    await expect(database.fact('Automatic promotion')).toContainText('commits asynchronously');
  });

  await test.step('the former master is kept out, and an alarm', async () => {
    await a?.start();
    await database.openEvents();
    await expect(database.events('is a former master that came back')).toHaveCount(1);
    await expect(database.events('was fenced: it refuses writes')).toHaveCount(1);
    await expect(database.events('It was promoted by this server.')).toHaveCount(1);
  });

  const written = ['Before', 'Into the dark'];
  await expectAllKept(cluster, channel.id, [{ chat: ann.chat, client: community.ann, written }]);
  for (const { witness } of [ann, bob]) await witness.expectCalm();
});
