import { beforeAll, describe, expect, it } from 'vitest';
import type { Post } from '@mattermost/types/posts';
import { type Ground, type Person, type Room, write } from './ground.ts';
import { refusal } from './watched-client.ts';

/** Writing, changing, reading and marking posts, with reactions and files. */
export function postsContract(ground: () => Ground): void {
  describe('posts', () => {
    let ann: Person;
    let bob: Person;
    let room: Room;
    beforeAll(async () => {
      [ann, bob] = (await ground().people('ann', 'bob')) as [Person, Person];
      room = await ground().room(ann, bob);
    });

    it('are written once however often the client asks with the same pending id', async () => {
      const asked = {
        channel_id: room.channel.id,
        message: 'Ahoy 🦆',
        pending_post_id: `${ann.id}:${Date.now()}`,
        props: { note: { deep: [1, null] } },
      };
      const made = await ann.client.createPost(asked);
      expect(made).toMatchObject({ ...asked, user_id: ann.id, type: '', root_id: '', edit_at: 0, delete_at: 0 });
      expect((await ann.client.createPost(asked)).id).toBe(made.id);
      expect(await ann.client.getPost(made.id)).toMatchObject({ message: 'Ahoy 🦆', props: asked.props });
      expect(await refusal(ann.client.getPost('z'.repeat(26)))).toBe('404 app.post.get.app_error');
    });

    it('are changed, and the earlier texts kept', async () => {
      const { client } = ann;
      const made = await write(ann, room.channel.id, 'first');
      expect(await client.patchPost({ id: made.id, message: 'second' })).toMatchObject({
        message: 'second',
        id: made.id,
      });
      expect(await client.updatePost({ ...made, message: 'third' })).toMatchObject({ message: 'third' });
      const history = await client.getPostEditHistory(made.id);
      expect(history.map(({ message }) => message)).toEqual(['second', 'first']);
      expect(history.every(({ original_id, id }) => original_id === made.id && id !== made.id)).toBe(true);
      expect(await refusal(bob.client.patchPost({ id: made.id, message: 'no' }))).toBe(
        '403 api.context.permissions.app_error',
      );
    });

    it('are read by page, around a post, since a time and where reading stopped', async () => {
      const { client } = bob;
      const channel = await ground().channel(room.team, [ann, bob]);
      await client.viewMyChannel(channel.id);
      const made: Post[] = [];
      for (const message of ['a', 'b', 'c', 'd', 'e']) made.push(await write(ann, channel.id, message));
      const [a, b, c, d, e] = made.map(({ id }) => id) as [string, string, string, string, string];
      const page = await client.getPosts(channel.id, 0, 2);
      expect(page).toMatchObject({ order: [e, d], next_post_id: '', prev_post_id: c });
      expect(Object.keys(page.posts).toSorted()).toEqual([d, e].toSorted());
      expect((await client.getPostsBefore(channel.id, c, 0, 2)).order).toEqual([b, a]);
      expect((await client.getPostsAfter(channel.id, c, 0, 1)).order).toEqual([d]);
      const since = await client.getPostsSince(channel.id, made[3]?.create_at ?? 0);
      expect(since).toMatchObject({ next_post_id: '', prev_post_id: '' });
      expect(since.order).toContain(e);
      expect((await client.getPostsUnread(channel.id, 'me', 1, 0)).order).toEqual([a]);
      expect((await client.getPosts(channel.id, 99, 60)).order).toEqual([]);
      expect((await client.getPostsByIds([a, e])).map(({ id }) => id).toSorted()).toEqual([a, e].toSorted());
    });

    it('are answered in threads', async () => {
      const { client } = ann;
      const root = await write(ann, room.channel.id, 'root');
      const reply = await write(bob, room.channel.id, 'reply', root.id);
      expect(reply).toMatchObject({ root_id: root.id });
      expect(await client.getPost(root.id)).toMatchObject({ reply_count: 1 });
      const thread = await client.getPostThread(root.id);
      expect(thread.order.toSorted()).toEqual([root.id, reply.id].toSorted());
      expect(await client.getPaginatedPostThread(root.id, { perPage: 1, direction: 'down' })).toMatchObject({
        has_next: expect.any(Boolean),
      });
      expect(await refusal(write(bob, room.channel.id, 'deeper', reply.id))).toBe(
        '400 api.post.create_post.root_id.app_error',
      );
    });

    it('are pinned', async () => {
      const { client } = ann;
      const made = await write(ann, room.channel.id, 'pin me');
      await client.pinPost(made.id);
      expect((await client.getPinnedPosts(room.channel.id)).order).toEqual([made.id]);
      expect(await client.getChannelStats(room.channel.id)).toMatchObject({ pinnedpost_count: 1 });
      await client.unpinPost(made.id);
      expect((await client.getPinnedPosts(room.channel.id)).order).toEqual([]);
    });

    it('are made unread again', async () => {
      const made = await write(ann, room.channel.id, `@${bob.user.username} look`);
      await bob.client.viewMyChannel(room.channel.id);
      expect(await bob.client.markPostAsUnread('me', made.id)).toMatchObject({
        channel_id: room.channel.id,
        mention_count: 1,
        last_viewed_at: made.create_at - 1,
      });
    });

    it('are deleted, and the list since then says so', async () => {
      const made = await write(ann, room.channel.id, 'gone');
      expect(await refusal(bob.client.deletePost(made.id))).toMatch(/^403 /);
      await ann.client.deletePost(made.id);
      expect(await refusal(ann.client.getPost(made.id))).toBe('404 app.post.get.app_error');
      const { posts } = await bob.client.getPostsSince(room.channel.id, made.create_at);
      expect(posts[made.id]).toMatchObject({ message: '', delete_at: expect.any(Number) });
    });

    it('carry reactions; one twice is no error', async () => {
      const made = await write(ann, room.channel.id, 'nice');
      for (const person of [bob, bob, ann]) await person.client.addReaction(person.id, made.id, 'duck');
      expect(await ann.client.getReactionsForPost(made.id)).toHaveLength(2);
      expect((await ann.client.getPost(made.id)).metadata.reactions).toHaveLength(2);
      expect(await refusal(bob.client.addReaction(ann.id, made.id, 'duck'))).toMatch(/^403 /);
      await bob.client.removeReaction('me', made.id, 'duck');
      expect(await ann.client.getReactionsForPost(made.id)).toMatchObject([{ user_id: ann.id, emoji_name: 'duck' }]);
    });

    it('carry files', async () => {
      const form = new FormData();
      form.append('channel_id', room.channel.id);
      form.append('client_ids', 'one');
      form.append('files', new File(['Ships ahoy'], 'Ships.TXT', { type: 'text/plain' }));
      const { file_infos: files, client_ids } = await ann.client.uploadFile(form);
      expect(client_ids).toEqual(['one']);
      expect(files).toMatchObject([{ name: 'Ships.TXT', extension: 'txt', size: 10, user_id: ann.id }]);
      const id = files[0]?.id ?? '';
      const made = await ann.client.createPost({ channel_id: room.channel.id, message: '', file_ids: [id] });
      expect(made.metadata.files).toMatchObject([{ id, post_id: made.id }]);
      expect(await bob.client.getFileInfosForPost(made.id)).toMatchObject([{ id, name: 'Ships.TXT' }]);
      const headers = { authorization: `Bearer ${bob.client.getToken()}` };
      expect(await (await fetch(bob.client.getFileUrl(id, 0), { headers })).text()).toBe('Ships ahoy');
      const { link } = await ann.client.getFilePublicLink(id);
      expect(await (await fetch(link)).text()).toBe('Ships ahoy');
    });
  });
}
