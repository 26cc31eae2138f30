import { expectAccessible } from '../support/accessibility.ts';
import { ADMIN, type Community, createCommunity } from '../support/community.ts';
import { expect, test } from '../support/fixtures.ts';
import { useHoldfast } from '../support/holdfast.ts';
import { ConsoleFrame } from '../support/pages/console-frame.ts';
import { DatabasePage } from '../support/pages/database-page.ts';
import { HistoryTab } from '../support/pages/history-tab.ts';
import { LogsPage } from '../support/pages/logs-page.ts';

// Objective: an operator sees how it was, not only how it is.
// Actions: plots with pointer and table; the server's log live, paused, filtered and saved.
// Checks: words beside each picture, one cursor for all, events marked; no line lost by a pause, no secret in the log.
const holdfast = useHoldfast({ replicas: 1 });
let community: Community;

test.beforeAll(async () => {
  community = await createCommunity(holdfast());
});

test('plots say in words and as a table what they show, and mark what happened', async ({ openVisitor }) => {
  const page = await openVisitor(holdfast().url, ADMIN);
  await new ConsoleFrame(page).goTo('Database');
  await community.admin.send('/config/reload');
  const replica = `:${holdfast().cluster.node('pg-b').port}`;
  const history = new HistoryTab(page);
  await new DatabasePage(page).openHistory();

  await expect(history.lines('Lag')).toHaveText([/127\.0\.0\.1:\d+\/holdfast: now .*s, at most .*s at \d/], {
    timeout: 30_000,
  });
  for (const title of ['Connections in use', 'p95']) {
    await expect(history.lines(title).filter({ hasText: replica })).toHaveCount(1);
  }
  await expect(history.lines('Queries per second').filter({ hasText: 'writes' })).toHaveCount(1);
  await expect(history.lines('Waiting').filter({ hasText: 'writes at the gate: now 0' })).toHaveCount(1);
  await expect(history.marks.filter({ hasText: 'Reloaded. No settings changed.' })).toHaveCount(1);

  await history.point('Connections in use');
  await expect(history.lines('Lag').first()).not.toContainText('at most');
  const table = await history.showTable('Lag');
  await expect(table.getByRole('columnheader')).toHaveText(['Time', new RegExp(replica)]);
  await expectAccessible(page);
  await history.choose('24 h');
  await expect(page.getByRole('tabpanel')).toContainText(/two minutes after the start|at most/);
});

test('the log goes on by itself, stops on demand without losing a line, and can be searched and saved', async ({
  openVisitor,
}) => {
  const page = await openVisitor(holdfast().url, ADMIN);
  await new ConsoleFrame(page).goTo('Server Logs');
  const logs = new LogsPage(page);
  await expect(logs.lines('server.listening')).toHaveCount(1);
  await expectAccessible(page);

  const before = await logs.lines('audit', 'database.test').count();
  await community.admin.send('/database/test');
  await expect(logs.lines('audit', 'database.test')).toHaveCount(before + 1);

  await logs.pauseButton.click();
  await community.admin.send('/database/test');
  await expect(logs.goOnButton).toHaveText(/1 new line/);
  await expect(logs.lines('audit', 'database.test')).toHaveCount(before + 1);
  await logs.goOnButton.click();
  await expect(logs.lines('audit', 'database.test')).toHaveCount(before + 2);

  await logs.search('listening');
  await expect(logs.lines()).toHaveCount(1);
  const saved = await logs.download();
  expect(
    saved
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { event: string }).event),
  ).toEqual(['server.listening']);
  await logs.search('');
  await logs.level('Info').click();
  await expect(logs.lines('server.listening')).toHaveCount(0);
  await expectAccessible(page);
});

test('the log fits a narrow screen', async ({ openVisitor }) => {
  const page = await openVisitor(holdfast().url, ADMIN, { viewport: { width: 390, height: 844 } });
  const frame = new ConsoleFrame(page);
  await frame.goTo('Server Logs');
  await expect(new LogsPage(page).lines('server.listening')).toHaveCount(1);
  await frame.expectOwnScroll();
  await expectAccessible(page);
});
