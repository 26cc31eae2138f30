import { ANN, BOB, type Community, createCommunity } from '../support/community.ts';
import { expect, test } from '../support/fixtures.ts';
import { useHoldfast } from '../support/holdfast.ts';
import { ChatPage } from '../support/pages/chat-page.ts';

// Two people in one channel: what one writes, the other sees at once.
const holdfast = useHoldfast({ replicas: 1 });
let community: Community;

test.beforeAll(async () => {
  community = await createCommunity(holdfast());
});

test('messages arrive at once, in order, on both sides', async ({ openVisitor }) => {
  const [annPage, bobPage] = [await openVisitor(holdfast().url, ANN), await openVisitor(holdfast().url, BOB)];
  const [ann, bob] = [new ChatPage(annPage, 'deck'), new ChatPage(bobPage, 'deck')];
  await ann.open(community.team.name, 'deck');
  await bob.open(community.team.name, 'deck');

  await ann.send('Ahoy');
  await bob.expectDelivered('Ahoy');
  await bob.send('Ahoy yourself');
  await ann.expectDelivered('Ahoy yourself');
  await expect(ann.posts.getByText(/^Ahoy/)).toHaveText(['Ahoy', 'Ahoy yourself']);
});
