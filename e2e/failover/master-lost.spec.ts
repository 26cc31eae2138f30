import { ADMIN, ANN, BOB, type Community, createCommunity } from '../support/community.ts';
import { expectAllKept } from '../support/expect-kept.ts';
import { expect, test } from '../support/fixtures.ts';
import { useHoldfast } from '../support/holdfast.ts';
import { ChatPage } from '../support/pages/chat-page.ts';
import { ConsoleFrame } from '../support/pages/console-frame.ts';
import { DatabasePage } from '../support/pages/database-page.ts';
import { seat } from '../support/person.ts';

// Objective: the master dies while somebody writes; then every database dies.
// Actions: the master is killed while a message is typed and sent, and comes back; then all nodes are killed, an admin opens the System
//   Console anew, and all nodes come back.
// Checks: the banner tells of the switch, then of read-only mode, and goes; the message waits on the page, survives a reload of it, and is
//   sent exactly once; reading goes on meanwhile. With every database down the console opens and says why; the chat says so and returns.
//
// A write waits 4 s at the most, so that the story need not wait the usual 10 s for the server to give up.
const holdfast = useHoldfast({
  replicas: 1,
  settings: { SqlSettings: { WriteHoldLimitMilliseconds: 4_000 } },
});
let community: Community;

test.beforeAll(async () => {
  community = await createCommunity(holdfast());
  await community.bob.post(community.channel.id, 'Before the storm');
});

test('a message sent while the master is dead waits and arrives once', async ({ openVisitor, guard }) => {
  // The browser writes an error line for each request that the server asks to repeat.
  guard.allow(/Failed to load resource: .* 503 /);
  const { url, cluster } = holdfast();
  const { team, channel } = community;
  const place = { url, team: team.name, channel: 'deck' };
  const ann = await seat(openVisitor, ANN, place);
  const bob = await seat(openVisitor, BOB, place);

  await ann.chat.type('Is anybody');
  await cluster.node('pg-a').kill();
  await ann.chat.type(' there?');
  await ann.chat.composer.press('Enter');
  await expect(ann.chat.composer, 'the composer stays usable').toHaveValue('');

  await expect(ann.chat.connectionBanner).toContainText('The server is switching databases.');
  await expect(ann.chat.connectionBanner).toContainText('The server cannot save changes at the moment');
  await ann.chat.expectWaiting('Is anybody there?');
  await ann.chat.send('Second thought');
  await ann.chat.expectWaiting('Second thought');

  await test.step('reading goes on, and what waits survives a reload of the page', async () => {
    await ann.chat.page.reload();
    await expect(ann.chat.post('Before the storm')).toBeVisible();
    await ann.chat.expectWaiting('Is anybody there?');
    await bob.chat.page.reload();
    await expect(bob.chat.post('Before the storm')).toBeVisible();
  });

  await test.step('the master comes back: both are sent, in order, once', async () => {
    await cluster.node('pg-a').start();
    for (const { chat } of [ann, bob]) {
      await chat.expectDelivered('Is anybody there?');
      await chat.expectDelivered('Second thought');
    }
    await expect(ann.chat.connectionBanner).toBeEmpty();
  });

  const written = ['Is anybody there?', 'Second thought'];
  await expectAllKept(cluster, channel.id, [{ chat: ann.chat, client: community.ann, written }]);
  for (const { witness } of [ann, bob]) await witness.expectCalm();
});

test('with every database down the console says why, and the chat comes back by itself', async ({
  openVisitor,
  guard,
}) => {
  guard.allow(/Failed to load resource: .* 503 /);
  const { url, cluster } = holdfast();
  const { team } = community;
  const ann = await openVisitor(url, ANN);
  const chat = new ChatPage(ann, 'deck');
  await chat.open(team.name, 'deck');
  const consolePage = await openVisitor(url, ADMIN);
  const frame = new ConsoleFrame(consolePage);
  const database = new DatabasePage(consolePage);

  await Promise.all(cluster.nodes.map((node) => node.kill()));
  await chat.send('Out in the dark');
  await chat.expectWaiting('Out in the dark');

  await test.step('each page of the console opens, after a full load too', async () => {
    for (const name of ['Overview', 'Configuration', 'Database'] as const) {
      await frame.goTo(name);
      await consolePage.reload();
      await expect(consolePage.getByRole('heading', { level: 1, name })).toBeVisible();
    }
    for (const node of cluster.nodes) {
      await expect(database.source(`:${node.port}`)).toContainText('Unreachable');
      await expect(database.source(`:${node.port}`)).toContainText('ECONNREFUSED');
    }
    await expect(database.mode('Read-only')).toBeVisible();
  });

  await test.step('the databases return, and so does everything else', async () => {
    await Promise.all(cluster.nodes.map((node) => node.start()));
    await expect(database.mode('Normal')).toBeVisible({ timeout: 30_000 });
    for (const node of cluster.nodes) {
      await expect(database.source(`:${node.port}`)).toContainText('Online', { timeout: 30_000 });
    }
    await expect(chat.post('Out in the dark')).toHaveCount(1);
    await chat.expectNothingWaiting();
    await chat.page.reload();
    await chat.expectDelivered('Out in the dark');
  });
});
