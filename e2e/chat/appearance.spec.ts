import { expectAccessible } from '../support/accessibility.ts';
import { ANN, BOB, type Community, createCommunity } from '../support/community.ts';
import { expect, test } from '../support/fixtures.ts';
import { useHoldfast } from '../support/holdfast.ts';
import { ChatPage } from '../support/pages/chat-page.ts';
import { Sidebar } from '../support/pages/sidebar.ts';
import { ThreadPanel } from '../support/pages/thread-panel.ts';
import { UserMenu } from '../support/pages/user-menu.ts';

// Objective: the chat can be read and used by everybody: with keys alone, by ear, in the dark, on a phone.
// Actions: a channel with all kinds of messages is opened, with a thread, a dialog and a menu, on a wide and on a narrow screen.
// Checks: axe finds nothing in light and in dark; the landmarks and their names; the keys; nothing to scroll sideways.
const holdfast = useHoldfast({ replicas: 0 });
let community: Community;

test.beforeAll(async () => {
  community = await createCommunity(holdfast());
  const { ann, bob, channel } = community;
  await ann.post(channel.id, 'A plan with **weight**, a [link](https://example.org), @bob and ~engine~');
  await bob.post(channel.id, '```ts\nconst knots: number = 12;\n```');
  await bob.post(channel.id, '> Quoted\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |');
});

test('axe finds nothing on the chat, whatever is open on it', async ({ openVisitor }) => {
  const page = await openVisitor(holdfast().url, ANN);
  const chat = new ChatPage(page, 'deck');
  await chat.open(community.team.name, 'deck');
  await chat.react('const knots: number = 12;', '+1');
  await expect(chat.messages.getByText('Quoted')).toBeVisible();
  await expectAccessible(page);

  await test.step('a thread', async () => {
    await chat.reply('one');
    await expect(new ThreadPanel(page).panel).toBeVisible();
    await expectAccessible(page);
    await new ThreadPanel(page).close();
  });
  await test.step('a message that is edited', async () => {
    await chat.send('Half a sentence');
    await chat.expectDelivered('Half a sentence');
    await chat.composer.press('ArrowUp');
    await expect(page.getByRole('textbox', { name: 'Edit message' })).toBeFocused();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
  });
  await test.step('dialogs', async () => {
    await new UserMenu(page).choose('Keyboard shortcuts');
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('dialog', { name: 'Go to a channel' })).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });
});

test('landmarks, names and keys', async ({ openVisitor }) => {
  const page = await openVisitor(holdfast().url, BOB);
  const chat = new ChatPage(page, 'deck');
  await chat.open(community.team.name, 'deck');
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - main:
      - heading "deck" [level=1]
      - log "Messages in deck":
        - paragraph: This is the beginning of deck.
      - textbox "Write to deck"
      - button "Insert emoji"
      - button "Send message" [disabled]
  `);
  await expect(page.getByRole('banner')).toMatchAriaSnapshot(`
    - banner:
      - button "Team harbour, menu"
      - button "Find channel"
      - button "Account of bob, menu"
  `);
  await expect(new Sidebar(page).navigation).toMatchAriaSnapshot(`
    - navigation "Channels":
      - heading "Channels" [level=2]
      - list:
        - listitem:
          - link "deck"
        - listitem:
          - link /engine/
      - heading "Direct messages" [level=2]
  `);

  await test.step('to another channel and back by the keyboard alone', async () => {
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('combobox', { name: 'Channel name' })).toBeFocused();
    await page.keyboard.type('engi');
    await page.keyboard.press('Enter');
    await expect(chat.inChannel('engine').composer).toBeFocused();
    await page.keyboard.press('Alt+ArrowUp');
    await expect(chat.composer).toBeFocused();
  });
  await test.step('from the composer to a message, and an answer to it', async () => {
    await expect(chat.posts.last()).toBeVisible();
    await page.keyboard.press('Shift+F6');
    await expect(chat.posts.last()).toBeFocused();
    await page.keyboard.press('r');
    await expect(new ThreadPanel(page).composer).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(new ThreadPanel(page).panel).toHaveCount(0);
  });
});

test('on a phone the channels are a drawer, and nothing scrolls sideways', async ({ openVisitor }) => {
  const page = await openVisitor(holdfast().url, ANN, { viewport: { width: 390, height: 844 } });
  const chat = new ChatPage(page, 'deck');
  await chat.open(community.team.name, 'deck');
  const sidebar = new Sidebar(page);
  await expect(sidebar.navigation).toBeHidden();
  await expectAccessible(page);
  await chat.expectFits();

  await sidebar.openDrawer();
  await expectAccessible(page);
  await sidebar.open('engine');
  await expect(sidebar.navigation).toBeHidden();
  await chat.inChannel('engine').send('From a phone');
  await chat.inChannel('engine').expectDelivered('From a phone');
});
