import type { Post, PostList } from '../../contract/index.ts';
import { queryOnce } from '../../tools/cluster/session.ts';
import { createFaultProxy, type FaultProxy } from '../../tools/faults/index.ts';
import { expectAccessible } from '../support/accessibility.ts';
import { ANN, BOB, type Community, createCommunity } from '../support/community.ts';
import { expect, test } from '../support/fixtures.ts';
import { useHoldfast } from '../support/holdfast.ts';
import { ThreadPanel } from '../support/pages/thread-panel.ts';
import { seat } from '../support/person.ts';

// Objective: a message that the server has confirmed is not lost when its database is, although nothing had copied it.
// Actions: the replica is cut off, a message is posted, the master dies, the replica is promoted behind the same address.
// Checks: the author's page finds out what is missing and sends it again, marked; everybody has it once, and so has the database.
const holdfast = useHoldfast({ replicas: 1, configured: ['pg-a'] });
let community: Community;
let proxy: FaultProxy;

test.beforeAll(async () => {
  const { cluster, editSqlSettings } = holdfast();
  const master = cluster.node('pg-a');
  community = await createCommunity(holdfast());
  proxy = await createFaultProxy({ targetPort: master.port });
  const behindProxy = new URL(master.url());
  behindProxy.port = String(proxy.port);
  await editSqlSettings({ DataSource: behindProxy.href });
  await community.admin.send('/config/reload');
  await community.admin.send('/database/recycle');
});
test.afterAll(async () => {
  await proxy?.close();
});

test('what a lost master took with it is sent again', async ({ openVisitor, guard }) => {
  guard.allow(/Failed to load resource: .* 503 /);
  const { cluster, url } = holdfast();
  const [master, replica] = [cluster.node('pg-a'), cluster.node('pg-b')];
  const place = { url, team: community.team.name, channel: 'deck' };
  const ann = await seat(openVisitor, ANN, place);
  const bob = await seat(openVisitor, BOB, place);
  const storedIn = async (text: string): Promise<number> =>
    (await queryOnce(replica.url(), 'SELECT id FROM posts WHERE message = $1', [text])).length;

  await test.step('one message is copied, the next one is confirmed by the master alone', async () => {
    await ann.chat.send('Copied');
    await ann.chat.expectDelivered('Copied');
    await expect.poll(() => storedIn('Copied')).toBe(1);
    replica.cutReplication();
    await ann.chat.send('Not copied');
    await ann.chat.expectDelivered('Not copied');
    await bob.chat.expectDelivered('Not copied');
    expect(await storedIn('Not copied')).toBe(0);
  });
  const threads = [new ThreadPanel(ann.chat.page), new ThreadPanel(bob.chat.page)] as const;
  await test.step('so is a reply, before the eyes of both', async () => {
    for (const { chat } of [ann, bob]) await chat.reply('Copied');
    await threads[0].send('Reply not copied');
    for (const thread of threads) await expect(thread.post('Reply not copied')).toHaveCount(1);
    await expect(threads[0].post('Reply not copied')).not.toContainText('Sending');
  });
  await test.step('the master dies, and the replica takes its place', async () => {
    await master.kill();
    await replica.promote();
    proxy.retarget(replica.port);
    await expect.poll(() => storedIn('Not copied'), { timeout: 60_000 }).toBe(1);
  });
  await test.step('everybody has it once, marked', async () => {
    for (const { chat } of [ann, bob]) {
      await chat.expectDelivered('Copied');
      await chat.expectDelivered('Not copied');
      await expect(chat.post('Not copied')).toContainText('sent again after a database switch');
      await expect(chat.post('Copied')).not.toContainText('sent again');
      await expect(chat.replies('Copied', '1 reply')).toBeVisible();
    }
    for (const thread of threads) {
      await expect(thread.post('Reply not copied')).toHaveCount(1);
      await expect(thread.post('Reply not copied')).toContainText('sent again after a database switch');
    }
    const { posts } = await community.bob.get<PostList>(`/channels/${community.channel.id}/posts`);
    const texts = Object.values(posts).flatMap((post: Post) => (post.type === '' ? post.message : []));
    expect(texts.toSorted()).toEqual(['Copied', 'Not copied', 'Reply not copied']);
    await expectAccessible(ann.chat.page);
  });
  await test.step('and life goes on', async () => {
    await bob.chat.send('Afterwards');
    await ann.chat.expectDelivered('Afterwards');
  });
});
