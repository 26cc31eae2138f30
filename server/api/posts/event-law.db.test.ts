import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Channel, Post, Team } from '../../../contract/index.ts';
import { type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { expectEventLaw } from '../../services/testing/event-law.ts';
import type { TestApi } from '../testing/index.ts';
import { type ChatClient, chatClient, startChatApi } from './testing/chat-api.ts';

// One scenario in many steps: each action is asserted for ada, for bob and for eve, who is in the team only.
describe('state before + events = state after', () => {
  let opened: OpenTestDatabase;
  let api: TestApi;
  let ada: ChatClient;
  let bob: ChatClient;
  let eve: ChatClient;
  let team: Team;
  let channel: Channel;
  let root: Post;

  beforeAll(async () => {
    opened = await openTestDatabase();
    api = await startChatApi(opened);
    await api.person('admin');
    [ada, bob, eve] = [
      chatClient(api, await api.person('ada')),
      chatClient(api, await api.person('bob')),
      chatClient(api, await api.person('eve')),
    ];
  });
  afterAll(async () => {
    await api?.stop();
    await opened?.stop();
  });

  const law = <T>(act: () => Promise<T>): Promise<T> =>
    expectEventLaw(
      {
        clients: [ada, bob, eve].map((client) => ({ userId: client.userId, get: (path) => client.get(path) })),
        events: api.events,
      },
      act,
    );
  /** The names of what was published since it was asked last. News of threads come later; they have a law of their own. */
  const heard = (): Set<string> => {
    const names = api.events.splice(0).map((event) => event.event);
    return new Set(names.filter((name) => name !== 'thread_updated'));
  };
  const say = (who: ChatClient, message: string, more: object = {}): Promise<Post> =>
    law(() => who.post<Post>('/posts', { channel_id: channel.id, message, ...more }));

  it('holds for teams and who comes in', async () => {
    team = await law(() =>
      ada.post<Team>('/teams', { name: `law-${ada.userId.slice(0, 8)}`, display_name: 'Law', type: 'O' }),
    );
    for (const client of [bob, eve]) {
      await law(() => client.post(`/teams/${team.id}/members`, { team_id: team.id, user_id: client.userId }));
    }
    await law(() => ada.put(`/teams/${team.id}/patch`, { description: 'of the land' }));
    expect(heard()).toEqual(new Set(['new_user', 'added_to_team', 'user_added', 'posted', 'update_team']));
  });

  it('holds for channels and who is in them', async () => {
    const request = { team_id: team.id, name: 'court', display_name: 'Court', type: 'O' };
    channel = await law(() => ada.post<Channel>('/channels', request));
    await law(() => bob.post(`/channels/${channel.id}/members`, { user_id: bob.userId }));
    await law(() => ada.post(`/channels/${channel.id}/members`, { user_id: eve.userId }));
    await law(() => ada.delete(`/channels/${channel.id}/members/${eve.userId}`));
    await law(() => ada.put(`/channels/${channel.id}/patch`, { header: 'News', display_name: 'The Court' }));
    await law(() => bob.put(`/channels/${channel.id}/members/me/notify_props`, { mark_unread: 'mention' }));
    expect(heard()).toEqual(
      new Set(['channel_created', 'posted', 'user_added', 'user_removed', 'channel_updated', 'channel_member_updated']),
    );
  });

  it('holds for posts, replies and mentions', async () => {
    root = await say(ada, `hello @${bob.person.user.username}`);
    await say(bob, 'a reply', { root_id: root.id });
    await say(ada, '@channel another', { root_id: root.id });
    await say(bob, '@all again');
    await law(() =>
      Promise.all([
        ada.post('/posts', { channel_id: channel.id, message: `@${bob.person.user.username} 1` }),
        bob.post('/posts', { channel_id: channel.id, message: '2', root_id: root.id }),
        ada.post('/posts', { channel_id: channel.id, message: `@${bob.person.user.username} 3` }),
      ]),
    );
    const pending_post_id = `${ada.userId}:1`;
    const first = await say(ada, 'once', { pending_post_id });
    expect((await say(ada, 'once', { pending_post_id })).id).toBe(first.id);
    expect(heard()).toEqual(new Set(['posted']));
  });

  it('holds for reading', async () => {
    const view = (who: ChatClient) =>
      law(() => who.post('/channels/members/me/view', { channel_id: channel.id, prev_channel_id: '' }));
    await view(bob);
    await law(() => bob.post(`/users/me/posts/${root.id}/set_unread`, {}));
    await view(bob);
    await view(bob);
    expect(heard()).toEqual(new Set(['channel_viewed', 'post_unread']));
  });

  it('holds for edits, reactions and deletions', async () => {
    await law(() => ada.put(`/posts/${root.id}/patch`, { message: 'edited' }));
    await law(() => bob.post(`/posts/${root.id}/pin`));
    for (const client of [ada, bob]) {
      const reaction = { user_id: client.userId, post_id: root.id, emoji_name: '+1' };
      await law(() => client.post('/reactions', reaction));
      await law(() => client.post('/reactions', reaction));
    }
    await law(() => ada.delete(`/users/me/posts/${root.id}/reactions/+1`));
    const reply = await say(ada, 'last', { root_id: root.id });
    await law(() => ada.delete(`/posts/${reply.id}`));
    await law(() => ada.delete(`/posts/${root.id}`));
    expect(heard()).toEqual(new Set(['post_edited', 'reaction_added', 'reaction_removed', 'posted', 'post_deleted']));
  });

  it('holds for direct channels', async () => {
    const direct = await law(() => ada.post<Channel>('/channels/direct', [ada.userId, bob.userId]));
    await law(() => bob.post('/channels/direct', [bob.userId, ada.userId]));
    await law(() => ada.post('/posts', { channel_id: direct.id, message: 'psst' }));
    await law(() => bob.post('/posts', { channel_id: direct.id, message: 'yes?' }));
    expect(heard()).toEqual(new Set(['direct_added', 'posted']));
  });

  it('holds for group channels and roles', async () => {
    const group = await law(() => ada.post<Channel>('/channels/group', [bob.userId, eve.userId]));
    await law(() => eve.post('/posts', { channel_id: group.id, message: 'to both' }));
    const roles = { roles: 'channel_user channel_admin' };
    await law(() => ada.put(`/channels/${channel.id}/members/${bob.userId}/roles`, roles));
    expect(heard()).toEqual(new Set(['group_added', 'posted', 'channel_member_updated']));
  });

  it('holds for archiving, coming back and leaving', async () => {
    await law(() => ada.delete(`/channels/${channel.id}`));
    await law(() => ada.post(`/channels/${channel.id}/restore`));
    await law(() => bob.delete(`/channels/${channel.id}/members/${bob.userId}`));
    await law(() => bob.delete(`/teams/${team.id}/members/${bob.userId}`));
    expect(heard()).toEqual(new Set(['posted', 'channel_deleted', 'channel_restored', 'user_removed', 'leave_team']));
    await law(() => ada.delete(`/teams/${team.id}`));
    await law(() => ada.post(`/teams/${team.id}/restore`));
    expect(heard()).toEqual(new Set(['delete_team', 'restore_team']));
  });
});
