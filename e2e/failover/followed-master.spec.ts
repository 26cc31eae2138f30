import { readFile } from 'node:fs/promises';
import { expectAccessible } from '../support/accessibility.ts';
import { ADMIN, ANN, type Community, createCommunity } from '../support/community.ts';
import { expectAllKept } from '../support/expect-kept.ts';
import { expect, test } from '../support/fixtures.ts';
import { useHoldfast } from '../support/holdfast.ts';
import { ConfigurationPage } from '../support/pages/configuration-page.ts';
import { ConsoleFrame } from '../support/pages/console-frame.ts';
import { FollowedMasterNotice } from '../support/pages/followed-master.ts';
import { seat } from '../support/person.ts';

// Objective: a promotion made elsewhere is followed, and config.json is brought to say so.
// Actions: the master dies and a replica is promoted by hand while Ann writes; an admin sees what the file still says, looks at the
//   difference, leaves it, and then has the live master written.
// Checks: Ann's messages arrive once; the notice and the question name both databases and no password; nothing is written before the
//   admin says so; then the file names the new master first, its former content is beside it, and no layer differs from the next.
const holdfast = useHoldfast();
let community: Community;

test.beforeAll(async () => {
  community = await createCommunity(holdfast());
});

test('the master that was followed is written to the file on request', async ({ openVisitor, guard }) => {
  // The browser writes an error line for each request that the server asks to repeat.
  guard.allow(/Failed to load resource: .* 503 /);
  const { url, cluster, configFile } = holdfast();
  const { team, channel } = community;
  const ann = await seat(openVisitor, ANN, { url, team: team.name, channel: 'deck' });
  const admin = await openVisitor(url, ADMIN);
  const frame = new ConsoleFrame(admin);
  const notice = new FollowedMasterNotice(admin);
  await frame.goTo('Database');
  const [old, next] = [cluster.node('pg-a'), cluster.node('pg-b')];
  const before = await readFile(configFile, 'utf8');

  await test.step('a replica is promoted by hand and followed', async () => {
    await old.kill();
    await ann.chat.send('Who steers?');
    await next.promote();
    await ann.chat.expectDelivered('Who steers?');
    await expect(notice.banner).toContainText(`The live master is 127.0.0.1:${next.port}/holdfast`, {
      timeout: 30_000,
    });
    await expect(notice.banner).toContainText(`still names 127.0.0.1:${old.port}/holdfast first`);
  });

  await test.step('the difference can be looked at and left', async () => {
    const question = await notice.ask();
    await expect(notice.differences(question)).toContainText(String(next.port));
    await expect(question).not.toContainText(new URL(next.url()).password);
    await expectAccessible(admin);
    await question.getByRole('button', { name: 'Cancel' }).click();
    await expect(question).toBeHidden();
    expect(await readFile(configFile, 'utf8')).toBe(before);
  });

  await test.step('and then be written', async () => {
    await frame.goTo('Configuration');
    const question = await notice.ask();
    await question.getByRole('button', { name: 'Write to config.json' }).click();
    await expect(notice.result).toContainText(`names 127.0.0.1:${next.port}/holdfast first`);
    await expect(notice.banner).toBeHidden();
    const written = JSON.parse(await readFile(configFile, 'utf8')) as { SqlSettings: { DataSource: string } };
    const order = [next, old, cluster.node('pg-c')].map((node) => node.url());
    expect(written.SqlSettings.DataSource).toBe(order.join(','));
    expect(await readFile(`${configFile}.bak`, 'utf8')).toBe(before);
    await expect(new ConfigurationPage(admin).history.first()).toContainText('is the master');
    await expect(admin.getByText('The file says what is running.')).toBeVisible();
  });

  await ann.chat.send('We do.');
  await ann.chat.expectDelivered('We do.');
  const written = ['Who steers?', 'We do.'];
  await expectAllKept(cluster, channel.id, [{ chat: ann.chat, client: community.ann, written }]);
});
