import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Channel,
  type ChannelMember,
  channel as channelSchema,
  channelMember,
  channelStats,
  type Post,
  type PostList,
} from '../../../contract/index.ts';
import { newId } from '../../services/index.ts';
import { type ChatClient, openChatApi } from '../posts/testing/chat-api.ts';
import type { TestApi } from '../testing/index.ts';

let stop: (() => Promise<void>) | undefined;
let api: TestApi;
let admin: ChatClient;
let ada: ChatClient;
let bob: ChatClient;
let outsider: ChatClient;
let teamId: string;

const FORBIDDEN = [403, 'api.context.permissions.app_error'];
const MISSING = [404, 'app.channel.get.existing.app_error'];
const TAKEN = [400, 'store.sql_channel.save_channel.exists.app_error'];

beforeAll(async () => {
  const opened = await openChatApi('admin', 'ada', 'bob', 'out');
  ({ api, stop } = opened);
  [admin, ada, bob, outsider] = opened.people;
  teamId = (await ada.post<{ id: string }>('/teams', { name: newId(), display_name: 'T', type: 'O' })).id;
  await bob.post(`/teams/${teamId}/members`, { team_id: teamId, user_id: bob.userId });
});
afterAll(() => stop?.());

const request = (name: string, type = 'O') => ({ team_id: teamId, name, display_name: `The ${name}`, type });
const make = (name: string, type = 'O') => ada.post<Channel>('/channels', request(name, type));
const names = (channels: readonly Channel[]) => channels.map((channel) => channel.name).sort();
const lastPost = async (channelId: string): Promise<Post | undefined> => {
  const list = await admin.get<PostList>(`/channels/${channelId}/posts`);
  return list.posts[list.order[0] ?? ''];
};

describe('channels', () => {
  it('are made with 201, by members of the team, once per name', async () => {
    const answer = await api.call(ada.person, 'POST', '/channels', request('made'));
    expect(answer.status).toBe(201);
    const channel = channelSchema.parse(answer.body);
    expect(channel).toMatchObject({ name: 'made', team_id: teamId, creator_id: ada.userId, type: 'O' });
    expect(await bob.refused('POST', '/channels', request('made'))).toEqual(TAKEN);
    expect(await outsider.refused('POST', '/channels', request('elsewhere'))).toEqual(FORBIDDEN);
    expect(await ada.refused('POST', '/channels', request('elsewhere', 'D'))).toEqual([
      400,
      'api.context.invalid_body_param.app_error',
    ]);
    expect(await ada.get(`/channels/${channel.id}/members/me`)).toMatchObject({ roles: 'channel_user channel_admin' });
    expect(await lastPost(channel.id)).toMatchObject({ type: 'system_join_channel', user_id: ada.userId });
  });

  it('are read by the team when open and by members when private', async () => {
    const [open, secret] = [await make('open'), await make('secret', 'P')];
    expect(await bob.get(`/channels/${open.id}`)).toEqual(await ada.get(`/channels/${open.id}`));
    expect(await bob.refused('GET', `/channels/${secret.id}`)).toEqual(FORBIDDEN);
    expect(await outsider.refused('GET', `/channels/${open.id}`)).toEqual(FORBIDDEN);
    expect(await bob.refused('GET', `/channels/${newId()}`)).toEqual(MISSING);
    expect(await bob.get(`/teams/${teamId}/channels/name/open`)).toMatchObject({ id: open.id });
    expect(await bob.refused('GET', `/teams/${teamId}/channels/name/secret`)).toEqual(MISSING);
  });

  it('are changed by members, and the change is noted', async () => {
    const channel = await make('changing');
    await bob.post(`/channels/${channel.id}/members`, { user_id: bob.userId });
    const changed = await bob.put<Channel>(`/channels/${channel.id}/patch`, { header: 'News', name: 'changed' });
    expect(changed).toMatchObject({ header: 'News', name: 'changed', display_name: channel.display_name });
    expect(await lastPost(channel.id)).toMatchObject({
      type: 'system_header_change',
      props: { old_header: '', new_header: 'News' },
    });
    await make('changing');
    expect(await ada.refused('PUT', `/channels/${channel.id}/patch`, { name: 'changing' })).toEqual(TAKEN);
    expect(await outsider.refused('PUT', `/channels/${channel.id}/patch`, { header: 'x' })).toEqual(FORBIDDEN);
    const privateOne = await ada.put<Channel>(`/channels/${channel.id}/privacy`, { privacy: 'P' });
    expect(privateOne.type).toBe('P');
    expect(api.events.at(-1)).toMatchObject({ event: 'channel_converted', to: { team_id: teamId } });
    await ada.put<Channel>(`/channels/${channel.id}/privacy`, { privacy: 'P' });
    expect(api.events.at(-1)).toMatchObject({ event: 'channel_updated' });
    expect(await bob.refused('PUT', `/channels/${channel.id}/privacy`, { privacy: 'O' })).toEqual(FORBIDDEN);
  });

  it('are archived and restored, the default one never', async () => {
    const channel = await make('archived');
    expect(await ada.delete(`/channels/${channel.id}`)).toEqual({ status: 'OK' });
    expect(await ada.get<Channel>(`/channels/${channel.id}`)).toMatchObject({ delete_at: expect.any(Number) });
    expect(await bob.refused('GET', `/teams/${teamId}/channels/name/archived`)).toEqual(MISSING);
    expect(await bob.get(`/teams/${teamId}/channels/name/archived?include_deleted=true`)).toMatchObject({
      id: channel.id,
    });
    expect(names(await ada.get(`/teams/${teamId}/channels/deleted`))).toContain('archived');
    expect(names(await ada.get('/users/me/channels'))).not.toContain('archived');
    expect(names(await ada.get('/users/me/channels?include_deleted=true'))).toContain('archived');
    expect(await ada.refused('POST', `/channels/${channel.id}/members`, { user_id: bob.userId })).toEqual([
      400,
      'api.channel.archived.app_error',
    ]);
    expect(await bob.refused('POST', `/channels/${channel.id}/restore`)).toEqual(FORBIDDEN);
    expect(await ada.post<Channel>(`/channels/${channel.id}/restore`)).toMatchObject({ delete_at: 0 });
    const square = await ada.get<Channel>(`/teams/${teamId}/channels/name/town-square`);
    expect(await ada.refused('DELETE', `/channels/${square.id}`)).toEqual([
      400,
      'api.channel.delete.default.app_error',
    ]);
  });

  it('are listed and found', async () => {
    await make('zebra-stripes');
    await make('zoo-secret', 'P');
    const search = (who: ChatClient, term: string) =>
      who.post<Channel[]>(`/teams/${teamId}/channels/search`, { term }).then(names);
    expect(await search(bob, 'zebra')).toEqual(['zebra-stripes']);
    expect(await search(bob, 'zoo')).toEqual([]);
    expect(await search(ada, 'ZOO')).toEqual(['zoo-secret']);
    expect(names(await bob.get(`/teams/${teamId}/channels/autocomplete?name=zeb`))).toEqual(['zebra-stripes']);
    const open = await bob.get<Channel[]>(`/teams/${teamId}/channels?per_page=200`);
    expect(names(open)).toEqual(expect.arrayContaining(['off-topic', 'town-square', 'zebra-stripes']));
    expect(names(open)).not.toContain('zoo-secret');
    expect(await outsider.refused('GET', `/teams/${teamId}/channels`)).toEqual(FORBIDDEN);
    expect(await ada.refused('GET', `/teams/${teamId}/channels/private`)).toEqual(FORBIDDEN);
    expect(names(await admin.get(`/teams/${teamId}/channels/private`))).toContain('zoo-secret');
    const mine = names(await bob.get(`/users/me/teams/${teamId}/channels`));
    expect(mine).toEqual(expect.arrayContaining(['off-topic', 'town-square']));
    expect(await bob.refused('GET', `/users/${ada.userId}/teams/${teamId}/channels`)).toEqual(FORBIDDEN);
  });
});

describe('direct channels', () => {
  it('are the same for both, however many ask at once', async () => {
    const pair = [ada.userId, outsider.userId];
    const made = await Promise.all(
      [ada, outsider, ada, outsider].map((who) => who.post<Channel>('/channels/direct', pair)),
    );
    expect(new Set(made.map((channel) => channel.id)).size).toBe(1);
    expect(made[0]).toMatchObject({ type: 'D', team_id: '', name: [...pair].sort().join('__'), display_name: '' });
    const answer = await api.call(ada.person, 'POST', '/channels/direct', [...pair].reverse());
    expect([answer.status, (answer.body as Channel).id]).toEqual([201, made[0]?.id]);
    expect(names(await outsider.get('/users/me/channels'))).toContain(made[0]?.name);
  });

  it('mention the other, are closed to third ones and keep their members', async () => {
    const channel = await ada.post<Channel>('/channels/direct', [ada.userId, bob.userId]);
    await ada.post('/posts', { channel_id: channel.id, message: 'psst' });
    expect(await bob.get(`/users/me/channels/${channel.id}/unread`)).toMatchObject({ mention_count: 1, msg_count: 1 });
    expect(await outsider.refused('GET', `/channels/${channel.id}/posts`)).toEqual(FORBIDDEN);
    expect(await outsider.refused('POST', '/channels/direct', [ada.userId, bob.userId])).toEqual(FORBIDDEN);
    const members = `/channels/${channel.id}/members`;
    expect(await ada.refused('POST', members, { user_id: outsider.userId })).toEqual([
      400,
      'api.channel.direct_members.app_error',
    ]);
    expect(await ada.refused('DELETE', `${members}/me`)).toEqual([400, 'api.channel.direct_members.app_error']);
    expect(await ada.refused('POST', '/channels/direct', [ada.userId, newId()])).toEqual([
      404,
      'app.user.missing_account.const',
    ]);
  });

  it('can be with oneself', async () => {
    const own = await ada.post<Channel>('/channels/direct', [ada.userId, ada.userId]);
    expect(own.name).toBe(`${ada.userId}__${ada.userId}`);
    expect(await ada.get(`/channels/${own.id}/members`)).toHaveLength(1);
    await ada.post('/posts', { channel_id: own.id, message: 'note' });
    expect(await ada.get(`/users/me/channels/${own.id}/unread`)).toMatchObject({ mention_count: 0, msg_count: 0 });
  });
});

describe('members', () => {
  it('join, are added, listed and leave; each is noted', async () => {
    const channel = await make('members');
    const path = `/channels/${channel.id}/members`;
    const answer = await api.call(bob.person, 'POST', path, { user_id: bob.userId });
    expect(answer.status).toBe(201);
    const member = channelMember.parse(answer.body);
    expect(member).toMatchObject({ user_id: bob.userId, roles: 'channel_user', mention_count: 0 });
    expect(await bob.post(path, { user_id: bob.userId })).toEqual(await bob.get(`${path}/me`));
    expect(await lastPost(channel.id)).toMatchObject({ type: 'system_join_channel', user_id: bob.userId });
    expect(await bob.get<ChannelMember[]>(path)).toHaveLength(2);
    expect(await bob.post(`${path}/ids`, [bob.userId, newId()])).toMatchObject([{ user_id: bob.userId }]);
    expect(channelStats.parse(await bob.get(`/channels/${channel.id}/stats`))).toMatchObject({ member_count: 2 });
    expect(await bob.delete(`${path}/me`)).toEqual({ status: 'OK' });
    expect(await lastPost(channel.id)).toMatchObject({ type: 'system_leave_channel', user_id: bob.userId });
    expect(await ada.refused('GET', `${path}/${bob.userId}`)).toEqual([
      404,
      'app.channel.get_member.missing.app_error',
    ]);
    const added = await ada.post<ChannelMember[]>(path, { user_ids: [bob.userId] });
    expect(added).toMatchObject([{ user_id: bob.userId }]);
    expect(await lastPost(channel.id)).toMatchObject({ type: 'system_add_to_channel', user_id: ada.userId });
    expect(await bob.get(`/users/me/channels/${channel.id}/unread`)).toMatchObject({ mention_count: 1, msg_count: 0 });
  });

  it('are refused where they have no business', async () => {
    const [open, secret] = [await make('doors'), await make('closed', 'P')];
    const add = (who: ChatClient, channel: Channel, user: ChatClient) =>
      who.refused('POST', `/channels/${channel.id}/members`, { user_id: user.userId });
    expect(await add(bob, secret, bob)).toEqual(FORBIDDEN);
    expect(await add(outsider, open, outsider)).toEqual(FORBIDDEN);
    expect(await add(bob, open, ada)).toEqual(FORBIDDEN);
    expect(await add(ada, open, outsider)).toEqual([400, 'api.channel.not_in_team.app_error']);
    expect(await bob.refused('DELETE', `/channels/${open.id}/members/${ada.userId}`)).toEqual(FORBIDDEN);
    const square = await ada.get<Channel>(`/teams/${teamId}/channels/name/town-square`);
    expect(await bob.refused('DELETE', `/channels/${square.id}/members/me`)).toEqual([
      400,
      'api.channel.leave.default.app_error',
    ]);
  });

  it('tell the others that they type', async () => {
    const channel = await make('typing');
    const parent_id = newId();
    api.events.length = 0;
    expect(await ada.post('/users/me/typing', { channel_id: channel.id, parent_id })).toEqual({ status: 'OK' });
    expect(api.events).toMatchObject([
      {
        event: 'typing',
        data: { parent_id, user_id: ada.userId },
        to: { channel_id: channel.id, omit_users: { [ada.userId]: true } },
      },
    ]);
    const body = { channel_id: channel.id };
    expect(await outsider.refused('POST', '/users/me/typing', body)).toEqual(FORBIDDEN);
    expect(await bob.refused('POST', `/users/${ada.userId}/typing`, body)).toEqual(FORBIDDEN);
    expect(api.events).toHaveLength(1);
  });

  it('choose what they are told of', async () => {
    const channel = await make('quiet');
    const path = `/channels/${channel.id}/members/me/notify_props`;
    expect(await ada.put(path, { mark_unread: 'mention', user_id: ada.userId })).toEqual({ status: 'OK' });
    const member = channelMember.parse(await ada.get(`/channels/${channel.id}/members/me`));
    expect(member.notify_props).toMatchObject({ mark_unread: 'mention', desktop: 'default' });
    expect(member.notify_props).not.toHaveProperty('user_id');
    const others = `/channels/${channel.id}/members/${ada.userId}/notify_props`;
    expect(await bob.refused('PUT', others, { mark_unread: 'all' })).toEqual(FORBIDDEN);
    const places = await ada.get<ChannelMember[]>(`/users/me/teams/${teamId}/channels/members`);
    expect(places).toContainEqual(member);
  });
});
