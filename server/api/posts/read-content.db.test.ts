import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Channel, Post } from '../../../contract/index.ts';
import { newId, type RoleName } from '../../services/index.ts';
import { type ChatClient, openChatApi } from './testing/chat-api.ts';

let stop: (() => Promise<void>) | undefined;
let [admin, ada, bob, clerk]: ChatClient[] = [];

const by = (person: ChatClient | undefined): ChatClient => {
  if (person === undefined) throw new Error('Nobody is there.');
  return person;
};

beforeAll(async () => {
  const opened = await openChatApi('admin', 'ada', 'bob', 'clerk');
  ({ stop } = opened);
  [admin, ada, bob, clerk] = opened.people;
});
afterAll(() => stop?.());

it.each<RoleName>(['system_manager', 'system_user_manager', 'system_read_only_admin'])(
  '%s knows of all channels, and reads only their own',
  async (role) => {
    const roles = { roles: `system_user ${role}` };
    await by(admin).put(`/users/${by(clerk).userId}/roles`, roles);
    const direct = await by(ada).post<Channel>('/channels/direct', [by(ada).userId, by(bob).userId]);
    const team = await by(ada).post<{ id: string }>('/teams', { name: newId(), display_name: 'T', type: 'O' });
    const hidden = { team_id: team.id, name: newId(), display_name: 'C', type: 'P' };
    for (const { id } of [direct, await by(ada).post<Channel>('/channels', hidden)]) {
      expect(await by(clerk).get(`/channels/${id}`)).toMatchObject({ id });
      const post = await by(ada).post<Post>('/posts', { channel_id: id, message: 'secret' });
      const paths = [
        ...[`/channels/${id}/posts`, `/channels/${id}/pinned`, `/users/me/channels/${id}/posts/unread`],
        ...['', '/thread', '/reactions', '/files/info', '/edit_history'].map((rest) => `/posts/${post.id}${rest}`),
      ];
      for (const path of paths) expect([path, (await by(clerk).refused('GET', path))[0]]).toEqual([path, 403]);
      expect(await by(clerk).post('/posts/ids', [post.id])).toEqual([]);
      expect(await by(ada).get(`/posts/${post.id}`)).toMatchObject({ message: 'secret' });
    }
  },
);
