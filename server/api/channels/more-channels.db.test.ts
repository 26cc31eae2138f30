import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Channel,
  type ChannelMember,
  channelMember,
  channel as channelSchema,
  channelsPage,
  channelWithTeam,
  type SidebarCategories,
  type Team,
  type User,
} from '../../../contract/index.ts';
import { newId } from '../../services/index.ts';
import { type ChatClient, chatClient, openChatApi } from '../posts/testing/chat-api.ts';
import type { TestApi } from '../testing/index.ts';

let stop: (() => Promise<void>) | undefined;
let api: TestApi;
let admin: ChatClient;
let ada: ChatClient;
let bob: ChatClient;
let eve: ChatClient;
let team: Team;

const FORBIDDEN = [403, 'api.context.permissions.app_error'];
const INVALID = [400, 'api.context.invalid_body_param.app_error'];
const MISSING = [404, 'app.channel.get.existing.app_error'];

beforeAll(async () => {
  const opened = await openChatApi('admin', 'ada', 'bob', 'eve');
  ({ api, stop } = opened);
  [admin, ada, bob, eve] = opened.people;
  team = await makeTeam();
  await join(bob, team);
});
afterAll(() => stop?.());

const makeTeam = () => ada.post<Team>('/teams', { name: newId(), display_name: 'The team', type: 'O' });
const join = (who: ChatClient, { id }: Team) => who.post(`/teams/${id}/members`, { team_id: id, user_id: who.userId });
const make = (name: string, type = 'O', teamId = team.id) =>
  ada.post<Channel>('/channels', { team_id: teamId, name, display_name: `The ${name}`, type });
const ids = (channels: readonly Channel[]) => channels.map(({ id }) => id);
const heard = () => api.events.splice(0);

describe('group channels', () => {
  it('are the same for all of their members, however many ask at once', async () => {
    const all = [ada.userId, bob.userId, eve.userId];
    const made = await Promise.all([
      ada.post<Channel>('/channels/group', [bob.userId, eve.userId]),
      bob.post<Channel>('/channels/group', all),
      eve.post<Channel>('/channels/group', all.toReversed()),
    ]);
    expect(new Set(ids(made)).size).toBe(1);
    const [channel] = made;
    expect(channelSchema.parse(channel)).toMatchObject({
      type: 'G',
      team_id: '',
      name: createHash('sha1').update(all.toSorted().join('')).digest('hex'),
      display_name: [ada, bob, eve]
        .map(({ person }) => person.user.username)
        .toSorted()
        .join(', ')
        .slice(0, 64),
    });
    const answer = await api.call(eve.person, 'POST', '/channels/group', all);
    expect([answer.status, (answer.body as Channel).id]).toEqual([201, channel?.id]);
    const told = heard().filter(({ event }) => event === 'group_added');
    expect(told).toMatchObject([
      { to: { channel_id: channel?.id }, data: { teammate_ids: JSON.stringify(all.toSorted()) } },
    ]);
    expect(ids(await eve.get('/users/me/channels'))).toContain(channel?.id);
    await ada.post('/posts', { channel_id: channel?.id, message: 'all three' });
    expect(await bob.get(`/users/me/channels/${channel?.id}/unread`)).toMatchObject({ msg_count: 1 });
  });

  it('have three to eight members, all of whom exist, and keep them', async () => {
    const SIZE = [400, 'api.channel.create_group.bad_size.app_error'];
    expect(await ada.refused('POST', '/channels/group', [ada.userId, bob.userId])).toEqual(SIZE);
    const many = Array.from({ length: 8 }, newId);
    expect(await ada.refused('POST', '/channels/group', many)).toEqual(SIZE);
    expect(await ada.refused('POST', '/channels/group', [bob.userId, newId()])).toEqual([
      404,
      'app.user.missing_account.const',
    ]);
    const channel = await ada.post<Channel>('/channels/group', [admin.userId, bob.userId]);
    expect(await eve.refused('GET', `/channels/${channel.id}`)).toEqual(FORBIDDEN);
    expect(await ada.refused('POST', `/channels/${channel.id}/members`, { user_id: eve.userId })).toEqual([
      400,
      'api.channel.direct_members.app_error',
    ]);
  });

  it('are found by the names of their members, who are shown', async () => {
    const channel = await ada.post<Channel>('/channels/group', [bob.userId, eve.userId]);
    const search = async (who: ChatClient, term: string) =>
      ids(await who.post<Channel[]>('/channels/group/search', { term }));
    expect(await search(ada, 'BOB @eve-')).toEqual([channel.id]);
    expect(await search(ada, 'bob nobody')).toEqual([]);
    expect(await search(ada, 'ada')).toEqual([]);
    expect(await search(ada, '%')).toEqual([]);
    expect(await search(admin, 'eve')).toEqual([]);
    const others = await ada.post<Record<string, User[]>>('/users/group_channels', [channel.id, newId()]);
    const names = [bob, eve].map(({ person }) => person.user.username);
    expect(others[channel.id]?.map(({ username }) => username)).toEqual(names.toSorted());
    expect(await admin.post('/users/group_channels', [channel.id])).toEqual({});
  });
});

describe('roles of members', () => {
  it('are given by admins of the channel and of the team', async () => {
    const channel = await make('roles');
    await bob.post(`/channels/${channel.id}/members`, { user_id: bob.userId });
    const path = `/channels/${channel.id}/members/${bob.userId}`;
    const both = { roles: 'channel_user channel_admin' };
    const scheme = { scheme_user: true, scheme_admin: false };
    expect(await bob.refused('PUT', `${path}/roles`, both)).toEqual(FORBIDDEN);
    expect(await ada.refused('PUT', `${path}/roles`, { roles: 'team_admin' })).toEqual(INVALID);
    heard();
    expect(await ada.put(`${path}/roles`, both)).toEqual({ status: 'OK' });
    const member = await ada.get<ChannelMember>(path);
    expect(channelMember.parse(member)).toMatchObject({ roles: 'channel_user channel_admin', scheme_admin: true });
    expect(heard()).toMatchObject([
      { event: 'channel_member_updated', to: { user_id: bob.userId }, data: { channelMember: JSON.stringify(member) } },
    ]);
    // Now bob may, at once; and loses it by his own hand.
    expect(await bob.put(`${path}/schemeRoles`, scheme)).toEqual({ status: 'OK' });
    expect(await bob.refused('PUT', `${path}/schemeRoles`, scheme)).toEqual(FORBIDDEN);
    expect(await ada.refused('PUT', `${path}/schemeRoles`, { ...scheme, scheme_guest: true })).toEqual([
      501,
      'api.guests.not_available.app_error',
    ]);
    expect(await ada.refused('PUT', `/channels/${channel.id}/members/${eve.userId}/schemeRoles`, scheme)).toEqual([
      404,
      'app.channel.get_member.missing.app_error',
    ]);
  });
});

describe('channels of all teams', () => {
  it('are listed for admins, with their teams', async () => {
    const channel = await make('directory');
    expect(await ada.refused('GET', '/channels')).toEqual(FORBIDDEN);
    const all = channelWithTeam.array().parse(await admin.get('/channels?per_page=200'));
    expect(all.find(({ id }) => id === channel.id)).toMatchObject({
      team_name: team.name,
      team_display_name: 'The team',
    });
    const page = channelsPage.parse(await admin.get('/channels?per_page=1&include_total_count=true'));
    expect([page.channels.length, page.total_count]).toEqual([1, all.length]);
    const named = (await admin.get<Channel[]>('/channels?exclude_default_channels=true')).map(({ name }) => name);
    expect(named).not.toContain('town-square');
    await ada.delete(`/channels/${channel.id}`);
    expect(ids(await admin.get('/channels?per_page=200'))).not.toContain(channel.id);
    expect(ids(await admin.get('/channels?per_page=200&include_deleted=true'))).toContain(channel.id);
  });

  it('are found by a part of their names: all by admins, visible ones by everybody', async () => {
    const [open, secret] = [await make('x-marks-a'), await make('x-marks-b', 'P')];
    const own = '/channels/search?system_console=false';
    const search = async (who: ChatClient, path: string, more: object = {}) =>
      ids(channelWithTeam.array().parse(await who.post(path, { term: 'MARKS', ...more }))).toSorted();
    const both = [open.id, secret.id].toSorted();
    expect(await bob.refused('POST', '/channels/search', { term: 'marks' })).toEqual(FORBIDDEN);
    expect(await search(admin, '/channels/search')).toEqual(both);
    expect(await search(admin, '/channels/search', { private: true })).toEqual([secret.id]);
    expect(await search(admin, '/channels/search', { public: true, team_ids: [team.id] })).toEqual([open.id]);
    expect(await search(admin, '/channels/search', { team_ids: [newId()] })).toEqual([]);
    expect(await search(admin, '/channels/search', { term: 'marks%' })).toEqual([]);
    expect([await search(ada, own), await search(bob, own), await search(eve, own)]).toEqual([both, [open.id], []]);
    const page = await admin.post('/channels/search', { term: 'marks', page: 1, per_page: 1 });
    expect(channelsPage.parse(page)).toMatchObject({ channels: [{ id: secret.id }], total_count: 2 });
  });

  it('tell how many members they have to those who may see them', async () => {
    const [open, secret] = [await make('counted'), await make('uncounted', 'P')];
    const count = '/channels/stats/member_count';
    expect(await bob.post(count, [open.id, newId()])).toEqual({ [open.id]: 1 });
    expect(await ada.post(count, [open.id, secret.id])).toEqual({ [open.id]: 1, [secret.id]: 1 });
    expect(await bob.refused('POST', count, [open.id, secret.id])).toEqual(FORBIDDEN);
    expect(await eve.refused('POST', count, [open.id])).toEqual(FORBIDDEN);
    expect(await admin.post(count, [secret.id])).toEqual({ [secret.id]: 1 });
  });

  it('tell where their members live, and what is paid for elsewhere is not there', async () => {
    const { id } = await make('zones');
    await bob.post(`/channels/${id}/members`, { user_id: bob.userId });
    const path = `/channels/${id}/timezones`;
    expect(await ada.get(path)).toEqual([]);
    const zone = { useAutomaticTimezone: 'true', automaticTimezone: 'Asia/Tokyo', manualTimezone: 'Europe/Rome' };
    await ada.put('/users/me/patch', { timezone: zone });
    await bob.put('/users/me/patch', { timezone: { ...zone, useAutomaticTimezone: 'false' } });
    expect(await ada.get(path)).toEqual(['Asia/Tokyo', 'Europe/Rome']);
    expect(await eve.refused('GET', path)).toEqual(FORBIDDEN);
    expect(await ada.get(`/channels/${id}/member_counts_by_group`)).toEqual([]);
    expect(await eve.refused('GET', `/channels/${id}/member_counts_by_group`)).toEqual(FORBIDDEN);
    expect(await ada.refused('GET', `/channels/${id}/moderations`)).toEqual([
      501,
      'api.channel.get_channel_moderations.license.error',
    ]);
    expect(await ada.refused('PUT', `/channels/${id}/moderations/patch`, [])).toEqual([
      501,
      'api.channel.patch_channel_moderations.license.error',
    ]);
  });
});

describe('moving a channel', () => {
  it('takes along who is in the other team, the others by force', async () => {
    const [channel, other] = [await make('moving'), await makeTeam()];
    const max = chatClient(api, await api.person('max'));
    await join(max, team);
    await max.post(`/channels/${channel.id}/members`, { user_id: max.userId });
    const categories = (teamId: string) => ada.get<SidebarCategories>(`/users/me/teams/${teamId}/channels/categories`);
    const [favorites] = (await categories(team.id)).categories;
    await ada.put(`/users/me/teams/${team.id}/channels/categories/${favorites?.id}`, {
      ...favorites,
      channel_ids: [channel.id],
    });
    const path = `/channels/${channel.id}/move`;
    expect(await ada.refused('POST', path, { team_id: other.id })).toEqual(FORBIDDEN);
    expect(await admin.refused('POST', path, { team_id: other.id })).toEqual([
      400,
      'app.channel.move_channel.members_do_not_match.error',
    ]);
    // Whoever is in the old team has seen it, and sees it no more.
    expect(await bob.get(`/channels/${channel.id}`)).toMatchObject({ team_id: team.id });
    heard();
    const moved = await admin.post<Channel>(path, { team_id: other.id, force: true });
    expect(channelSchema.parse(moved)).toMatchObject({ id: channel.id, team_id: other.id });
    expect(heard().map(({ event, to }) => [event, to])).toEqual(
      expect.arrayContaining([
        ['user_removed', { user_id: max.userId }],
        ['channel_updated', { channel_id: channel.id }],
        ['channel_created', { user_id: ada.userId }],
      ]),
    );
    // Ada first, so that the channel is in memory when bob, who may not see it any more, asks for it.
    expect(await ada.get(`/channels/${channel.id}`)).toMatchObject({ team_id: other.id });
    for (const who of [bob, max]) expect(await who.refused('GET', `/channels/${channel.id}`)).toEqual(FORBIDDEN);
    expect((await categories(team.id)).categories.flatMap((each) => each.channel_ids)).not.toContain(channel.id);
    expect((await categories(other.id)).categories.flatMap((each) => each.channel_ids)).toContain(channel.id);
    expect(await admin.post(path, { team_id: other.id })).toEqual(await admin.get(`/channels/${channel.id}`));
  });

  it('is refused where it cannot be', async () => {
    const [channel, other] = [await make('staying'), await makeTeam()];
    await make('staying', 'O', other.id);
    const move = (id: string, teamId: string) =>
      admin.refused('POST', `/channels/${id}/move`, { team_id: teamId, force: true });
    expect(await move(channel.id, other.id)).toEqual([400, 'store.sql_channel.save_channel.exists.app_error']);
    expect(await move(channel.id, newId())).toEqual([404, 'app.team.get.find.app_error']);
    expect(await move(newId(), other.id)).toEqual(MISSING);
    const square = await ada.get<Channel>(`/teams/${team.id}/channels/name/town-square`);
    expect(await move(square.id, other.id)).toEqual([400, 'api.channel.delete.default.app_error']);
    const direct = await ada.post<Channel>('/channels/direct', [ada.userId, bob.userId]);
    expect(await move(direct.id, other.id)).toEqual([400, 'api.channel.move_channel.type.invalid']);
  });
});
