import type { Page } from '@playwright/test';
import type { DatabaseStatus, Operation } from '../../contract/index.ts';
import { expectAccessible } from '../support/accessibility.ts';
import { ADMIN, ANN, BOB, type Community, createCommunity } from '../support/community.ts';
import { expect, test } from '../support/fixtures.ts';
import { useHoldfast } from '../support/holdfast.ts';
import { Ledger } from '../support/ledger.ts';
import { ConsoleFrame } from '../support/pages/console-frame.ts';
import { DatabasePage } from '../support/pages/database-page.ts';
import { seat } from '../support/person.ts';

// Objective: two admins who do not know of each other recycle once, not twice.
// Actions: under load, both press "Recycle now" in the same moment; then one presses while the other one's recycle runs; then one cancels
//   the recycle of the other. A frozen replica
//   holds each recycle in its checks, so that the second request surely comes while the first is at work.
// Checks: one operation, whose steps and result both pages show; the pools are renewed once; the second is told beforehand that it joins;
//   nobody who writes or reads notices.
const holdfast = useHoldfast({ replicas: 1 });
let community: Community;

test.beforeAll(async () => {
  community = await createCommunity(holdfast());
  await community.admin.makeAdmin(community.bob.user.id);
});

test('two admins recycle at once: the second joins the first', async ({ openVisitor, guard }) => {
  // The request of a recycle that is cancelled is refused.
  guard.allow(/Failed to load resource: .* 409 /);
  const { url, cluster } = holdfast();
  const replica = cluster.node('pg-b');
  const ann = await seat(openVisitor, ANN, { url, team: community.team.name, channel: 'deck' });
  const [one, other] = [
    await openDatabase(await openVisitor(url, ADMIN)),
    await openDatabase(await openVisitor(url, BOB)),
  ];
  const both = [one, other];
  const ledger = new Ledger(community.engine.id);
  const load = ledger.startPosting(community.ann);
  const before = await generation();

  await test.step('both press in the same moment', async () => {
    for (const page of both) {
      await page.openRecycle();
      await expect(page.recycleNow).toBeEnabled();
    }
    replica.freeze();
    await Promise.all(both.map((page) => page.recycleNow.click()));
    for (const page of both) await expect(page.progress).toContainText('Verify');
    replica.thaw();
    for (const page of both) await expect(page.result).toContainText('Recycling succeeded.');
    for (const page of both) await expect(page.operations).toHaveCount(1);
    expect(await generation()).toBe(before + 1);
  });

  await test.step('one presses while the recycle of the other runs, and is told so', async () => {
    for (const page of both) await page.openRecycle();
    await expect(one.recycleNow).toBeEnabled();
    replica.freeze();
    await one.recycleNow.click();
    await expect(other.dialog).toContainText('admin is recycling already. Recycle now joins that operation.');
    await other.recycleNow.click();
    await expect(other.page.getByRole('heading', { name: 'Recycle by admin' })).toBeVisible();
    replica.thaw();
    for (const page of both) await expect(page.result).toContainText('Recycling succeeded.');
    for (const page of both) await expect(page.operations).toHaveCount(2);
    expect(await generation()).toBe(before + 2);
  });

  await test.step('the other one cancels it while it is checked', async () => {
    await one.openRecycle();
    await expect(one.recycleNow).toBeEnabled();
    replica.freeze();
    await one.recycleNow.click();
    await expect(other.progress).toContainText('Verify');
    const frame = new ConsoleFrame(one.page);
    const link = frame.operationBar.getByRole('link', { name: 'Recycle by admin' });
    await expect(link).toHaveAttribute('href', /\/database\/operations\/./);
    await expect(frame.operationBar).toContainText('Verify');
    await other.cancelOperation();
    await expect(frame.operationBar).toBeEmpty();
    for (const page of both) {
      await expect(page.result).toContainText('Recycling cancelled by bob. Nothing changed');
      await expect(page.operations.first()).toContainText('Cancelled');
    }
    replica.thaw();
    await expectAccessible(other.page);
    expect(await generation()).toBe(before + 2);
    await other.openEvents();
    await expect(other.events('recycle', 'bob', 'Recycling cancelled by bob.')).toHaveCount(1);
  });

  const operations = await community.admin.get<Operation[]>('/database/operations');
  expect(operations.map(({ outcome, writes_failed: failed }) => [outcome, failed])).toEqual([
    ['cancelled', 0],
    ['succeeded', 0],
    ['succeeded', 0],
  ]);
  await ledger.waitForMore(20);
  await load.stop();
  await ledger.expectOnMaster(cluster);
  await ann.chat.send('All is well');
  await ann.chat.expectDelivered('All is well');
  await ann.witness.expectCalm();
});

async function openDatabase(page: Page): Promise<DatabasePage> {
  await new ConsoleFrame(page).goTo('Database');
  return new DatabasePage(page);
}

async function generation(): Promise<number> {
  return (await community.admin.get<DatabaseStatus>('/database/status')).generation;
}
