import { beforeAll, describe, expect, it } from 'vitest';
import { type Ground, type Person, type Room, unique, write } from './ground.ts';
import { refusal } from './watched-client.ts';

/** Finding posts and files by words. */
export function searchContract(ground: () => Ground): void {
  describe('search', () => {
    let ann: Person;
    let bob: Person;
    let room: Room;
    const word = `w${unique('x').replace('-', '')}`;
    beforeAll(async () => {
      [ann, bob] = (await ground().people('ann', 'bob')) as [Person, Person];
      room = await ground().room(ann, bob);
    });

    it('finds posts by words, by their author and in all teams, and none of strangers', async () => {
      const made = await write(ann, room.channel.id, `The ${word} sails #ships`);
      const found = async (terms: string) => (await bob.client.searchPosts(room.team.id, terms, false)).order;
      await expect.poll(() => found(word)).toEqual([made.id]);
      expect(await found(`${word} from:${ann.user.username}`)).toEqual([made.id]);
      expect(await found(`${word} from:${bob.user.username}`)).toEqual([]);
      expect(await found(`${word} in:${room.channel.name}`)).toEqual([made.id]);
      expect(await found(`"the ${word}"`)).toEqual([made.id]);
      const asked = {
        terms: `${word} nowhere`,
        is_or_search: true,
        page: 0,
        per_page: 20,
        include_deleted_channels: false,
      };
      expect((await bob.client.searchPostsWithParams('', asked)).order).toEqual([made.id]);
      const stranger = await ground().person('cat');
      await ground().admin.client.addToTeam(room.team.id, stranger.id);
      expect((await stranger.client.searchPosts(room.team.id, word, false)).order).toEqual([]);
      expect(await refusal(bob.client.searchPosts(room.team.id, '', false))).toMatch(/^400 /);
    });

    it('finds no old text and no deleted post', async () => {
      const made = await write(ann, room.channel.id, `old${word}`);
      const found = async (terms: string) => (await bob.client.searchPosts(room.team.id, terms, false)).order;
      await expect.poll(() => found(`old${word}`)).toEqual([made.id]);
      await ann.client.patchPost({ id: made.id, message: `new${word}` });
      await expect.poll(() => found(`new${word}`)).toEqual([made.id]);
      expect(await found(`old${word}`)).toEqual([]);
      await ann.client.deletePost(made.id);
      expect(await found(`new${word}`)).toEqual([]);
    });

    it('finds files by their names', async () => {
      const form = new FormData();
      form.append('channel_id', room.channel.id);
      form.append('files', new File(['x'], `${word}.txt`, { type: 'text/plain' }));
      const { file_infos: files } = await ann.client.uploadFile(form);
      const id = files[0]?.id ?? '';
      await ann.client.createPost({ channel_id: room.channel.id, message: 'file', file_ids: [id] });
      await expect.poll(async () => (await bob.client.searchFiles(room.team.id, word, false)).order).toEqual([id]);
      const asked = { terms: word, is_or_search: false, page: 0, per_page: 20 };
      expect((await bob.client.searchFilesWithParams('', asked)).order).toEqual([id]);
    });
  });
}
