import { ANN, BOB, type Community, createCommunity } from '../support/community.ts';
import { expectAllKept } from '../support/expect-kept.ts';
import { expect, test } from '../support/fixtures.ts';
import { useHoldfast } from '../support/holdfast.ts';
import { ChatPage } from '../support/pages/chat-page.ts';
import { seat } from '../support/person.ts';

// Objective: what somebody has written is sent, whatever happens to the line, the page or the tab.
// Actions: messages are written without a network, the page is loaded anew, the tab is closed; two tabs write at once.
// Checks: they wait where everybody can see it, in the order of writing; each is sent once, by itself, when the line is back.
const holdfast = useHoldfast({ replicas: 0 });
let community: Community;

test.beforeAll(async () => {
  community = await createCommunity(holdfast());
});

test('messages wait through a lost line, a reload and a closed tab, and are sent once', async ({
  openVisitor,
  guard,
}) => {
  // The browser itself writes down every request that a lost line has ended.
  guard.allow(/Failed to load resource: net::|WebSocket connection/);
  const place = { url: holdfast().url, team: community.team.name, channel: 'deck' };
  const bob = await seat(openVisitor, BOB, place);
  const ann = await seat(openVisitor, ANN, place);
  const browser = ann.chat.page.context();
  const written = ['First', 'Second', 'Third'];

  await test.step('the line is lost: two messages wait', async () => {
    await browser.setOffline(true);
    await ann.chat.send('First');
    await ann.chat.send('Second');
    await ann.chat.expectWaiting('First');
    await expect(ann.chat.post('Second')).toBeVisible();
    await expect(ann.chat.connectionBanner).toContainText('Connection lost. Trying again… Your messages are kept.');
  });
  await test.step('the line is back, but nothing can be posted: they are there after a reload', async () => {
    await browser.route('**/api/v4/posts', (route) => route.abort());
    await browser.setOffline(false);
    await ann.chat.page.reload();
    await ann.chat.expectWaiting('First');
    await expect(ann.chat.post('Second')).toBeVisible();
    await ann.chat.send('Third');
    await expect(bob.chat.post('First')).toHaveCount(0);
  });
  await test.step('the tab is closed; another one sends them, in order', async () => {
    await ann.chat.page.close();
    await browser.unroute('**/api/v4/posts');
    const again = new ChatPage(await browser.newPage(), 'deck');
    await again.open(place.team, 'deck');
    for (const text of written) {
      await again.expectDelivered(text);
      await bob.chat.expectDelivered(text);
    }
    await expectAllKept(holdfast().cluster, community.channel.id, [{ chat: again, client: community.ann, written }]);
  });
  await bob.witness.expectCalm();
});

test('two tabs write to one outbox: both show all that waits, and all is sent once', async ({ openVisitor, guard }) => {
  guard.allow(/Failed to load resource: net::|WebSocket connection/);
  const place = { url: holdfast().url, team: community.team.name, channel: 'engine' };
  const { chat: one, witness } = await seat(openVisitor, ANN, place);
  const browser = one.page.context();
  const two = new ChatPage(await browser.newPage(), 'engine');
  await two.open(place.team, 'engine');
  const written = ['from one', 'from two', 'one again'];

  await browser.setOffline(true);
  await one.send('from one');
  await expect(two.post('from one')).toBeVisible();
  await two.send('from two');
  await expect(one.post('from two')).toBeVisible();
  await one.send('one again');
  await one.expectWaiting('from one');
  await expect(two.posts.filter({ hasText: /one|two/ })).toHaveCount(3);

  await browser.setOffline(false);
  for (const chat of [one, two]) for (const text of written) await chat.expectDelivered(text);
  await expectAllKept(holdfast().cluster, community.engine.id, [
    { chat: one, client: community.ann, written },
    { chat: two, client: community.ann, written },
  ]);
  await witness.expectCalm();
});

test("a server in one's own network, without https, takes messages like any other", async ({ openVisitor, guard }) => {
  guard.allow(/Cross-Origin-Opener-Policy header has been ignored/);
  const url = holdfast().url.replace('127.0.0.1', 'holdfast.test');
  const { chat, witness } = await seat(openVisitor, BOB, { url, team: community.team.name, channel: 'deck' });
  await chat.send('From the next room');
  await chat.expectDelivered('From the next room');
  await chat.page.reload();
  await chat.expectDelivered('From the next room');
  await witness.expectCalm();
});

test('what the server refuses for good says so, and holds up nobody', async ({ openVisitor, guard }) => {
  guard.allow(/Failed to load resource: .* 40[034] /);
  const place = { url: holdfast().url, team: community.team.name, channel: 'deck' };
  const { chat } = await seat(openVisitor, BOB, place);
  await chat.page.route('**/api/v4/posts', (route) =>
    route.fulfill({
      status: 403,
      json: {
        id: 'api.context.permissions.app_error',
        message: 'The channel is archived.',
        detailed_error: '',
        request_id: 'a'.repeat(26),
        status_code: 403,
      },
    }),
  );
  await chat.send('Too late');
  await expect(chat.post('Too late')).toContainText('Not sent — The channel is archived.');
  await chat.page.unroute('**/api/v4/posts');
  await chat.send('In time');
  await chat.expectDelivered('In time');
  await expect(chat.post('Too late')).toContainText('Not sent');
  await chat.post('Too late').getByRole('button', { name: 'Delete' }).click();
  await expect(chat.post('Too late')).toHaveCount(0);
});

test('what is written while the channel is still being read is on the screen', async ({ openVisitor }) => {
  const place = { url: holdfast().url, team: community.team.name, channel: 'deck' };
  const page = await openVisitor(place.url, ANN);
  let release = (): void => undefined;
  const posted = new Promise<void>((resolve) => {
    release = resolve;
  });
  // The page of messages is read at once and comes late: after the message that is not on it.
  await page.route(/\/channels\/\w+\/posts(\/unread)?\?/, async (route) => {
    const response = await route.fetch();
    await posted;
    await route.fulfill({ response });
  });
  const chat = new ChatPage(page, 'deck');
  await chat.open(place.team, 'deck');
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === 'POST' && response.url().endsWith('/posts')),
    chat.send('Early bird'),
  ]);
  expect(answer.status()).toBe(201);
  release();
  await chat.expectDelivered('Early bird');
});
