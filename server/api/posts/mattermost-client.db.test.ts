import { Client4 } from '@mattermost/client';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Channel, Post } from '../../../contract/index.ts';
import { newId } from '../../services/index.ts';
import type { TestApi } from '../testing/index.ts';
import { type ChatClient, openChatApi } from './testing/chat-api.ts';

// Mattermost's own client, unmodified: its paths, its bodies, and what it makes of the answers.
let stop: (() => Promise<void>) | undefined;
let api: TestApi;
let ada: ChatClient;
let bob: ChatClient;
let client: Client4;
let teamId: string;
let channel: Channel;

beforeAll(async () => {
  const opened = await openChatApi('admin', 'ada', 'bob');
  ({ api, stop } = opened);
  [, ada, bob] = opened.people;
  const team = await ada.post<{ id: string }>('/teams', { name: newId(), display_name: 'T', type: 'O' });
  teamId = team.id;
  await bob.post(`/teams/${teamId}/members`, { team_id: teamId, user_id: bob.userId });
  channel = await ada.post<Channel>('/channels', { team_id: teamId, name: newId(), display_name: 'C', type: 'O' });
  await bob.post(`/channels/${channel.id}/members`, { user_id: bob.userId });
  client = new Client4();
  client.setUrl(api.base);
  client.setToken(ada.person.token);
});
afterAll(() => stop?.());

const say = (who: ChatClient, message: string, root_id = '') =>
  who.post<Post>('/posts', { channel_id: channel.id, message, root_id });

it('reads, marks and follows threads', async () => {
  const root = await say(ada, 'root');
  const reply = await say(bob, `@${ada.person.user.username}`, root.id);
  await vi.waitFor(() => expect(api.events.some(({ event }) => event === 'thread_updated')).toBe(true));
  const list = await client.getUserThreads(ada.userId, teamId, { extended: true });
  expect(list).toMatchObject({ total: 1, total_unread_threads: 1, total_unread_mentions: 1 });
  expect(list.threads[0]).toMatchObject({ id: root.id, unread_replies: 1, participants: [{ id: bob.userId }] });
  const read = await client.updateThreadReadForUser(ada.userId, teamId, root.id, reply.create_at);
  expect(read).toMatchObject({ unread_replies: 0, unread_mentions: 0 });
  await client.markThreadAsUnreadForUser(ada.userId, teamId, root.id, reply.id);
  expect(await client.getUserThread(ada.userId, teamId, root.id)).toMatchObject({ unread_replies: 1 });
  expect(await client.updateThreadsReadForUser(ada.userId, teamId)).toEqual({ status: 'OK' });
  await client.updateThreadFollowForUser(ada.userId, teamId, root.id, false);
  expect((await client.getUserThreads('me', teamId, {})).threads).toEqual([]);
  const channelPosts = await client.getPosts(channel.id, 0, 60, true, true, true);
  expect(channelPosts.posts[root.id]).toMatchObject({ is_following: false, reply_count: 1 });
  expect(channelPosts.posts[reply.id]).toBeUndefined();
});

it('keeps drafts', async () => {
  const times = { create_at: 0, update_at: 0, delete_at: 0 };
  const draft = { ...times, user_id: ada.userId, channel_id: channel.id, root_id: '', message: 'begun', props: {} };
  await client.upsertDraft(draft, 'connection');
  expect(api.events.at(-1)?.to).toMatchObject({ user_id: ada.userId, omit_connection_id: 'connection' });
  expect(await client.getUserDrafts(teamId)).toMatchObject([{ message: 'begun', channel_id: channel.id }]);
  await client.deleteDraft(channel.id, '', 'connection');
  expect(await client.getUserDrafts(teamId)).toEqual([]);
});

it('finds flagged posts, where a post is, and brings a former version back', async () => {
  const post = await say(ada, 'old');
  await client.savePreferences(ada.userId, [
    { user_id: ada.userId, category: 'flagged_post', name: post.id, value: 'true' },
  ]);
  expect((await client.getFlaggedPosts(ada.userId)).order).toEqual([post.id]);
  expect(await client.getPostInfo(post.id)).toMatchObject({ team_id: teamId, has_joined_channel: true });
  await client.patchPost({ id: post.id, message: 'new' });
  const [version] = await client.getPostEditHistory(post.id);
  const restored = await client.restorePostVersion(post.id, version?.id ?? '', '');
  expect(restored.data.message).toBe('old');
});
