import { ANN, BOB, type Community, createCommunity } from '../support/community.ts';
import { expect, test } from '../support/fixtures.ts';
import { useHoldfast } from '../support/holdfast.ts';
import { Sidebar } from '../support/pages/sidebar.ts';
import { ThreadPanel } from '../support/pages/thread-panel.ts';
import { type Person, seat } from '../support/person.ts';

// Objective: two people talk, and each sees at once what the other does.
// Actions: they post, edit, delete, react, answer in a thread, write directly, mention each other, make and join channels.
// Checks: everything appears on the other side by itself; what is unread is told by the sidebar and marked in the list.
const holdfast = useHoldfast({ replicas: 1 });
let community: Community;
let ann: Person;
let bob: Person;

test.beforeAll(async () => {
  community = await createCommunity(holdfast());
});

test.beforeEach(async ({ openVisitor }) => {
  const place = { url: holdfast().url, team: community.team.name, channel: 'deck' };
  ann = await seat(openVisitor, ANN, place);
  bob = await seat(openVisitor, BOB, place);
});

test.afterEach(async () => {
  for (const { witness } of [ann, bob]) await witness.expectCalm();
});

test('messages arrive at once and in order; edits, deletions and reactions follow', async () => {
  await test.step('both see both, and who types', async () => {
    await ann.chat.type('Ahoy');
    await expect(bob.chat.typing('ann is typing…')).toBeVisible();
    await ann.chat.composer.press('Enter');
    await bob.chat.expectDelivered('Ahoy');
    await expect(bob.chat.typing('ann is typing…')).toHaveCount(0);
    await bob.chat.send('Ahoy yourself');
    await ann.chat.expectDelivered('Ahoy yourself');
    for (const { chat } of [ann, bob]) {
      await expect(chat.posts.getByText(/^Ahoy/)).toHaveText(['Ahoy', 'Ahoy yourself']);
    }
  });
  await test.step('Markdown is shown, not written out', async () => {
    await ann.chat.send('Mind the **boom** and `knots()`');
    await expect(bob.chat.posts.getByRole('strong')).toHaveText('boom');
    await expect(bob.chat.posts.getByRole('code')).toHaveText('knots()');
  });
  await test.step('an edit', async () => {
    await ann.chat.edit('Ahoy', 'Ahoy there');
    await expect(bob.chat.post('Ahoy there')).toContainText('(edited)');
    await expect(bob.chat.post('Ahoy')).toHaveCount(0);
  });
  await test.step('the last message, by the arrow key', async () => {
    await bob.chat.composer.press('ArrowUp');
    await bob.chat.changeInPlace('Ahoy yourself, ann');
    await expect(ann.chat.post('Ahoy yourself, ann')).toBeVisible();
  });
  await test.step('reactions of both, and one taken back', async () => {
    await bob.chat.react('Ahoy there', '+1');
    await expect(ann.chat.reaction('Ahoy there', '👍 1')).toBeVisible();
    await ann.chat.reaction('Ahoy there', '👍 1').click();
    await expect(ann.chat.reaction('Ahoy there', '👍 2, you reacted')).toBeVisible();
    await expect(bob.chat.reaction('Ahoy there', '👍 2, you reacted')).toBeVisible();
    await bob.chat.reaction('Ahoy there', '👍 2, you reacted').click();
    await expect(ann.chat.reaction('Ahoy there', '👍 1, you reacted')).toBeVisible();
  });
  await test.step('a deletion', async () => {
    await ann.chat.delete('Ahoy there');
    await expect(bob.chat.post('Ahoy there')).toHaveCount(0);
  });
});

test('a thread in the right panel', async () => {
  await ann.chat.send('Who has the watch?');
  await bob.chat.reply('Who has the watch?');
  const [annThread, bobThread] = [new ThreadPanel(ann.chat.page), new ThreadPanel(bob.chat.page)];
  await expect(bobThread.post('Who has the watch?')).toBeVisible();
  await bobThread.send('I have');
  await expect(bobThread.post('I have')).toBeVisible();

  await ann.chat.replies('Who has the watch?', '1 reply').click();
  await expect(annThread.post('I have')).toBeVisible();
  await annThread.send('Good');
  await expect(bobThread.posts).toHaveCount(3);
  await expect(bob.chat.replies('Who has the watch?', '2 replies')).toBeVisible();

  await bob.chat.page.reload();
  await expect(bobThread.post('Good'), 'the address keeps the thread open').toBeVisible();
  await ann.chat.delete('Who has the watch?');
  for (const thread of [annThread, bobThread]) {
    await expect(thread.posts).toHaveCount(0);
    await expect(thread.panel).toContainText('This thread was deleted');
    await expect(thread.composer).toHaveCount(0);
  }
  await bobThread.close();
});

test('unread channels, mentions and direct messages', async () => {
  const [annSide, bobSide] = [new Sidebar(ann.chat.page), new Sidebar(bob.chat.page)];
  for (let entry = 1; entry <= 70; entry++) await community.bob.post(community.channel.id, `Log entry ${entry}`);
  await bobSide.open('engine');
  // What the page holds of the other channel is gone: it is read around the first unread message.
  await bob.chat.page.reload();

  await test.step('a message makes the channel unread, a mention counts', async () => {
    await ann.chat.send('All hands');
    await expect(bobSide.entryNamed('deck, unread')).toBeVisible();
    await ann.chat.send('@bob you too');
    await expect(bobSide.entryNamed('deck, 1 mention')).toBeVisible();
  });
  await test.step('opening it marks where the new begins, and reads it', async () => {
    const older = bob.chat.page.waitForResponse(/posts\?before=/);
    await bobSide.open('deck');
    await older;
    await expect.poll(() => bob.chat.historyHeight()).toBeGreaterThan(70 * 20);
    await expect(bob.chat.newMessages).toBeInViewport();
    await expect(bob.chat.post('All hands')).toBeInViewport();
    await expect(bob.chat.post('Log entry 70')).toBeInViewport();
    await expect(bobSide.entryNamed('deck')).toBeVisible();
    await bob.chat.page.reload();
    await expect(bob.chat.post('All hands')).toBeVisible();
    await expect(bobSide.entryNamed('deck'), 'read on the server, too').toBeVisible();
  });
  await test.step('a direct message', async () => {
    await annSide.writeTo('bob');
    const direct = ann.chat.inChannel('bob');
    await direct.send('Between us');
    await direct.expectDelivered('Between us');
    await expect(bobSide.entryNamed('ann, 1 mention')).toBeVisible();
    await bobSide.open('ann');
    await bob.chat.inChannel('ann').expectDelivered('Between us');
    await expect(bobSide.entryNamed('ann')).toBeVisible();
  });
});

test('a channel is made, found, joined and left to itself', async () => {
  const [annSide, bobSide] = [new Sidebar(ann.chat.page), new Sidebar(bob.chat.page)];
  await annSide.createChannel('Crow nest');
  const nest = ann.chat.inChannel('Crow nest');
  await nest.send('Land in sight');
  await nest.expectDelivered('Land in sight');
  await expect(bobSide.entry('Crow nest'), 'nobody is in it who has not joined').toHaveCount(0);

  await bobSide.joinChannel('Crow nest');
  await bob.chat.inChannel('Crow nest').expectDelivered('Land in sight');
  await expect(bobSide.entry('Crow nest')).toBeVisible();
  await expect(nest.posts.filter({ hasText: 'bob joined' })).toBeVisible();
});
