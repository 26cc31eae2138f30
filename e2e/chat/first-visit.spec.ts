import { account } from '../../tools/holdfast/index.ts';
import { expect, test } from '../support/fixtures.ts';
import { useHoldfast } from '../support/holdfast.ts';
import { ChatPage } from '../support/pages/chat-page.ts';
import { SetupPage } from '../support/pages/setup-page.ts';

// A new server: the first visitor becomes its admin, makes a team, and writes the first message.
const holdfast = useHoldfast({ replicas: 1 });

test('the first visitor sets the server up and writes', async ({ openVisitor }) => {
  const page = await openVisitor(holdfast().url);
  const setup = new SetupPage(page);
  await setup.createAdmin(account('admin'));
  await setup.createTeam('Harbour');
  await setup.goToChat();

  const chat = new ChatPage(page, 'Town Square');
  await expect(chat.composer).toBeVisible();
  await chat.send('Land in sight');
  await chat.expectDelivered('Land in sight');

  await page.reload();
  await chat.expectDelivered('Land in sight');
});
