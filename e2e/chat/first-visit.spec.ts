import { expectAccessible } from '../support/accessibility.ts';
import { ADMIN, ANN } from '../support/community.ts';
import { expect, test } from '../support/fixtures.ts';
import { useHoldfast } from '../support/holdfast.ts';
import { ChatPage } from '../support/pages/chat-page.ts';
import { ConsoleFrame } from '../support/pages/console-frame.ts';
import { LoginPage } from '../support/pages/login-page.ts';
import { SetupPage } from '../support/pages/setup-page.ts';
import { SignupPage } from '../support/pages/signup-page.ts';
import { UserMenu } from '../support/pages/user-menu.ts';

// Objective: from an empty server to two people who can talk.
// Actions: the first visitor makes the first account and a team; a second one signs up, joins it, signs out and in again.
// Checks: the first is the admin and the second is not; what was written is there after a reload and after signing in; a wrong password is
//   told as such; axe finds nothing on the way.
const holdfast = useHoldfast({ replicas: 1 });

test.describe.configure({ mode: 'serial' });

test('the first visitor sets the server up, is its admin, and writes', async ({ openVisitor }) => {
  const page = await openVisitor(holdfast().url);
  const setup = new SetupPage(page);
  await setup.createAdmin(ADMIN);
  await setup.createTeam('Harbour');
  await expectAccessible(page);
  await setup.goToChat();

  const chat = new ChatPage(page, 'Town Square');
  await expect(chat.composer).toBeVisible();
  await chat.send('Land in sight');
  await chat.expectDelivered('Land in sight');
  await page.reload();
  await chat.expectDelivered('Land in sight');

  await new UserMenu(page).choose('System Console');
  await expect(new ConsoleFrame(page).navigation).toBeVisible();
});

test('a second visitor signs up, joins the team, and is let in again only with the password', async ({
  openVisitor,
}) => {
  const page = await openVisitor(holdfast().url);
  const login = new LoginPage(page);
  const chat = new ChatPage(page, 'Town Square');
  await test.step('sign up', async () => {
    await page.goto('/');
    await expect(login.heading).toBeVisible();
    await expectAccessible(page);
    await login.createAccount.click();
    const signup = new SignupPage(page);
    await expect(signup.heading).toBeVisible();
    await expectAccessible(page);
    await signup.createAccount(ANN);
    await signup.joinTeam('Harbour');
    await chat.expectDelivered('Land in sight');
    await new UserMenu(page).expectNoConsole();
  });
  await test.step('sign out', async () => {
    await new UserMenu(page).choose('Sign out');
    await expect(login.heading).toBeVisible();
    await page.goto('/harbour/channels/town-square');
    await expect(login.heading).toBeVisible();
  });
  await test.step('sign in, after a slip', async () => {
    await login.enter({ ...ANN, password: 'not-the-password' });
    await expect(login.failure).toContainText(/password/i);
    await expectAccessible(page);
    await login.enter(ANN);
    await expect(page, 'back to the page that was asked for').toHaveURL(/\/harbour\/channels\/town-square/);
    await chat.expectDelivered('Land in sight');
  });
});
