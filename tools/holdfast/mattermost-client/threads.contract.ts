import { beforeAll, describe, expect, it } from 'vitest';
import type { Post } from '@mattermost/types/posts';
import type { Draft } from '@mattermost/types/drafts';
import type { UserThread } from '@mattermost/types/threads';
import { type Ground, type Person, type Room, write } from './ground.ts';
import { refusal } from './watched-client.ts';

/** Threads that somebody follows. */
export function threadsContract(ground: () => Ground): void {
  describe('threads', () => {
    let ann: Person;
    let bob: Person;
    let room: Room;
    let root: Post;
    let reply: Post;
    beforeAll(async () => {
      [ann, bob] = (await ground().people('ann', 'bob')) as [Person, Person];
      room = await ground().room(ann, bob);
      root = await write(ann, room.channel.id, 'root');
      reply = await write(bob, room.channel.id, `reply @${ann.user.username}`, root.id);
    });
    const thread = (who: Person): Promise<UserThread> => who.client.getUserThread('me', room.team.id, root.id);

    it('are listed for who wrote in them, with what is unread', async () => {
      const threads = await ann.client.getUserThreads('me', room.team.id, {});
      expect(threads).toMatchObject({ total: 1, total_unread_threads: 1, total_unread_mentions: 1 });
      expect(threads.threads).toMatchObject([
        { id: root.id, reply_count: 1, unread_replies: 1, unread_mentions: 1, post: { id: root.id, message: 'root' } },
      ]);
      expect(threads.threads[0]?.participants.map(({ id }) => id)).toContain(bob.id);
      const counts = await ann.client.getUserThreads('me', room.team.id, { totalsOnly: true });
      expect(counts).toMatchObject({ total: 1, threads: [] });
      expect(
        (await ann.client.getUserThreads('me', room.team.id, { unread: true, extended: true })).threads,
      ).toHaveLength(1);
      expect(await thread(bob)).toMatchObject({ id: root.id, unread_replies: 0 });
    });

    it('are read up to a moment, made unread again, and all read', async () => {
      expect(await ann.client.updateThreadReadForUser('me', room.team.id, root.id, reply.create_at)).toMatchObject({
        unread_replies: 0,
        unread_mentions: 0,
      });
      await ann.client.markThreadAsUnreadForUser('me', room.team.id, root.id, reply.id);
      expect(await thread(ann)).toMatchObject({ unread_replies: 1 });
      await ann.client.updateThreadsReadForUser('me', room.team.id);
      expect(await thread(ann)).toMatchObject({ unread_replies: 0, unread_mentions: 0 });
    });

    it('are followed and left', async () => {
      await bob.client.updateThreadFollowForUser('me', room.team.id, root.id, false);
      expect(await refusal(thread(bob))).toMatch(/^404 /);
      await bob.client.updateThreadFollowForUser('me', room.team.id, root.id, true);
      expect(await thread(bob)).toMatchObject({ id: root.id });
    });

    it('are counted with the teams, for clients that show them apart', async () => {
      await write(bob, room.channel.id, `again @${ann.user.username}`, root.id);
      const unread = (await ann.client.getMyTeamUnreads(true)).find(({ team_id }) => team_id === room.team.id);
      expect(unread).toMatchObject({ thread_count: expect.any(Number), thread_mention_count: expect.any(Number) });
      const posts = await ann.client.getPosts(room.channel.id, 0, 60, true, true);
      expect(posts.order).toContain(root.id);
      expect(posts.order).not.toContain(reply.id);
      expect(posts.posts[root.id]).toMatchObject({ reply_count: 2, is_following: true });
    });
  });
}

/** Texts that are not sent yet. */
export function draftsContract(ground: () => Ground): void {
  it('drafts are kept per channel and thread, replaced and deleted', async () => {
    const ann = await ground().person('ann');
    const { team, channel } = await ground().room(ann);
    const root = await write(ann, channel.id, 'root');
    const { client } = ann;
    const draft = (message: string, root_id = '') =>
      client.upsertDraft({ channel_id: channel.id, root_id, message, props: {} } as Draft, '');
    expect(await draft('first')).toMatchObject({ message: 'first', root_id: '', user_id: ann.id });
    await draft('second');
    await draft('in the thread', root.id);
    const kept = (await client.getUserDrafts(team.id)).map(({ message }) => message);
    expect(kept.toSorted()).toEqual(['in the thread', 'second']);
    await client.deleteDraft(channel.id, root.id, '');
    expect(await client.getUserDrafts(team.id)).toMatchObject([{ message: 'second' }]);
    await client.deleteDraft(channel.id, undefined, '');
    expect(await client.getUserDrafts(team.id)).toEqual([]);
  });
}

/** Posts that are kept for later, told about, seen by one only, and set back. */
export function morePostsContract(ground: () => Ground): void {
  describe('more of posts', () => {
    let ann: Person;
    let room: Room;
    beforeAll(async () => {
      ann = await ground().person('ann');
      room = await ground().room(ann);
    });

    it('flagged ones are found again', async () => {
      const made = await write(ann, room.channel.id, 'keep me');
      const flag = { user_id: ann.id, category: 'flagged_post', name: made.id, value: 'true' };
      await ann.client.savePreferences('me', [flag]);
      expect((await ann.client.getFlaggedPosts('me')).order).toEqual([made.id]);
      expect((await ann.client.getFlaggedPosts('me', room.channel.id)).order).toEqual([made.id]);
      await ann.client.deletePreferences('me', [flag]);
      expect((await ann.client.getFlaggedPosts('me')).order).toEqual([]);
    });

    it('tell where they are', async () => {
      const made = await write(ann, room.channel.id, 'where');
      expect(await ann.client.getPostInfo(made.id)).toMatchObject({
        channel_id: room.channel.id,
        channel_type: 'O',
        has_joined_channel: true,
        team_id: room.team.id,
        has_joined_team: true,
      });
    });

    it('are shown to one only', async () => {
      const shown = { channel_id: room.channel.id, message: 'psst' };
      const made = await ground().admin.client.createPostEphemeral(ann.id, shown);
      expect(made).toMatchObject({ type: 'system_ephemeral', message: 'psst' });
      expect(await refusal(ann.client.getPost(made.id))).toMatch(/^404 /);
    });

    it('get an earlier text back', async () => {
      const made = await write(ann, room.channel.id, 'first');
      await ann.client.patchPost({ id: made.id, message: 'second' });
      const [earlier] = await ann.client.getPostEditHistory(made.id);
      await ann.client.restorePostVersion(made.id, earlier?.id ?? '', '');
      expect(await ann.client.getPost(made.id)).toMatchObject({ message: 'first' });
    });
  });
}
