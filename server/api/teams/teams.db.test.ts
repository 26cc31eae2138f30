import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Channel,
  type Team,
  teamExists,
  type TeamMember,
  teamMember,
  team as teamSchema,
  teamsPage,
  type TeamsPage,
  teamStats,
  type TeamUnread,
} from '../../../contract/index.ts';
import { newId } from '../../services/index.ts';
import { type ChatClient, openChatApi } from '../posts/testing/chat-api.ts';
import type { TestApi } from '../testing/index.ts';

let stop: (() => Promise<void>) | undefined;
let api: TestApi;
let admin: ChatClient;
let ada: ChatClient;
let bob: ChatClient;

const FORBIDDEN = [403, 'api.context.permissions.app_error'];
const INVALID = [400, 'api.context.invalid_body_param.app_error'];
const MISSING = [404, 'app.team.get.find.app_error'];

beforeAll(async () => {
  const opened = await openChatApi('admin', 'ada', 'bob');
  ({ api, stop } = opened);
  [admin, ada, bob] = opened.people;
});
afterAll(() => stop?.());

const make = (type: 'O' | 'I', name = newId()) => ada.post<Team>('/teams', { name, display_name: 'Team', type });
const join = (team: Team) => bob.post(`/teams/${team.id}/members`, { team_id: team.id, user_id: bob.userId });

describe('teams', () => {
  it('are made with 201, with an admin and two channels, once per name', async () => {
    const name = newId();
    const answer = await api.call(ada.person, 'POST', '/teams', { name, display_name: 'Team', type: 'O' });
    expect(answer.status).toBe(201);
    const team = teamSchema.parse(answer.body);
    expect(team).toMatchObject({ name, allow_open_invite: true });
    expect(await bob.refused('POST', '/teams', { name, display_name: 'x', type: 'O' })).toEqual([
      400,
      'app.team.save.existing.app_error',
    ]);
    expect(await ada.get(`/teams/${team.id}/members/me`)).toMatchObject({ roles: 'team_user team_admin' });
    const channels = await ada.get<Channel[]>(`/users/me/teams/${team.id}/channels`);
    expect(channels.map((channel) => channel.name)).toEqual(['off-topic', 'town-square']);
    expect(await ada.refused('POST', '/teams', { name: 'x', display_name: 'x', type: 'O' })).toEqual([
      400,
      'api.context.invalid_body_param.app_error',
    ]);
  });

  it('are found by id and name; the invitation is for members', async () => {
    const [open, closed] = [await make('O'), await make('I')];
    expect(await ada.get(`/teams/name/${open.name.toUpperCase()}`)).toEqual(open);
    expect(await bob.get(`/teams/${open.id}`)).toEqual({ ...open, invite_id: '' });
    expect(await bob.refused('GET', `/teams/${closed.id}`)).toEqual(FORBIDDEN);
    expect(await bob.refused('GET', `/teams/${newId()}`)).toEqual(MISSING);
    expect(teamExists.parse(await bob.get(`/teams/name/${closed.name}/exists`))).toEqual({ exists: true });
    expect(await bob.get(`/teams/name/${newId()}/exists`)).toEqual({ exists: false });
    const ids = async (who: ChatClient) => (await who.get<Team[]>('/teams?per_page=200')).map((team) => team.id);
    expect(await ids(bob)).toContain(open.id);
    expect(await ids(bob)).not.toContain(closed.id);
    expect(await ids(admin)).toContain(closed.id);
    expect(await bob.get(`/teams/invite/${closed.invite_id}`)).toMatchObject({ id: closed.id, name: closed.name });
  });

  it('are shown to whoever has the invitation, signed in or not', async () => {
    const { id, name, invite_id } = await make('I');
    const shown = await api.call(undefined, 'GET', `/teams/invite/${invite_id}`);
    expect(shown.body).toEqual({ id, name, display_name: 'Team', description: '' });
    expect((await api.call(undefined, 'GET', `/teams/invite/${newId()}`)).error.id).toBe(MISSING[1]);
    const mail = await ada.refused('POST', `/teams/${id}/invite/email`, ['x@example.com']);
    expect(mail).toEqual([501, 'api.email.not_available.app_error']);
  });

  it('are found by a part of their names, in pages with the number of all', async () => {
    const word = newId().slice(0, 12);
    const [open, closed] = [await make('O', `x-${word}-a`), await make('I', `x-${word}-b`)];
    const search = (who: ChatClient, body: object) => who.post<Team[] | TeamsPage>('/teams/search', body);
    const ids = (found: Team[] | TeamsPage) => (found as Team[]).map((team) => team.id);
    expect(ids(await search(bob, { term: word.toUpperCase() }))).toEqual([open.id]);
    expect(ids(await search(admin, { term: word })).toSorted()).toEqual([open.id, closed.id].toSorted());
    expect(await search(bob, { term: `${word}%` })).toEqual([]);
    const page = teamsPage.parse(await search(admin, { term: word, page: 1, per_page: 1 }));
    expect([page.teams.length, page.total_count]).toEqual([1, 2]);
    expect(teamsPage.parse(await search(bob, { term: word, page: 7, per_page: 5 }))).toEqual({
      teams: [],
      total_count: 1,
    });
    const all = teamsPage.parse(await bob.get('/teams?include_total_count=true&per_page=1'));
    expect(all.teams).toHaveLength(1);
    expect(all.total_count).toBeGreaterThanOrEqual((await bob.get<Team[]>('/teams?per_page=200')).length);
    expect(all.teams[0]?.invite_id).toBe('');
  });

  it('are archived and restored by their admins, never erased', async () => {
    const team = await make('O');
    await join(team);
    const path = `/teams/${team.id}`;
    const mine = async () => (await bob.get<Team[]>('/users/me/teams')).map(({ id }) => id);
    expect(await bob.refused('DELETE', path)).toEqual(FORBIDDEN);
    expect(await ada.refused('DELETE', `${path}?permanent=true`)).toEqual([
      401,
      'api.user.delete_team.not_enabled.app_error',
    ]);
    api.events.length = 0;
    expect(await ada.delete(path)).toEqual({ status: 'OK' });
    expect(api.events).toMatchObject([{ event: 'delete_team', to: { team_id: team.id } }]);
    expect(await mine()).not.toContain(team.id);
    expect(await ada.get<Team>(path)).toMatchObject({ delete_at: expect.any(Number) });
    expect(await bob.refused('POST', `${path}/restore`)).toEqual(FORBIDDEN);
    expect(await ada.post<Team>(`${path}/restore`)).toMatchObject({ id: team.id, delete_at: 0 });
    expect(api.events[1]).toMatchObject({ event: 'restore_team', to: { team_id: team.id } });
    expect(await mine()).toContain(team.id);
    expect(await ada.refused('DELETE', `/teams/${newId()}`)).toEqual(FORBIDDEN);
    expect(await admin.refused('DELETE', `/teams/${newId()}`)).toEqual(MISSING);
  });

  it('are changed by their admins', async () => {
    const team = await make('O');
    await join(team);
    const changed = await ada.put<Team>(`/teams/${team.id}/patch`, { display_name: 'New' });
    expect(changed).toMatchObject({ display_name: 'New', name: team.name, allow_open_invite: true });
    expect(await bob.refused('PUT', `/teams/${team.id}/patch`, { display_name: 'x' })).toEqual(FORBIDDEN);
    expect(await ada.put(`/teams/${team.id}/privacy`, { privacy: 'I' })).toMatchObject({
      type: 'I',
      allow_open_invite: false,
    });
    const renewed = await ada.post<Team>(`/teams/${team.id}/regenerate_invite_id`);
    expect(renewed.invite_id).not.toBe(team.invite_id);
  });
});

describe('members', () => {
  it('join open teams, and come into the default channels, which take note', async () => {
    const team = await make('O');
    const answer = await api.call(bob.person, 'POST', `/teams/${team.id}/members`, {
      team_id: team.id,
      user_id: bob.userId,
    });
    expect(answer.status).toBe(201);
    const member = teamMember.parse(answer.body);
    expect(member).toMatchObject({ user_id: bob.userId, roles: 'team_user', delete_at: 0 });
    expect(await join(team)).toEqual(member);
    const channels = await bob.get<Channel[]>(`/users/me/teams/${team.id}/channels`);
    expect(channels).toHaveLength(2);
    const notes = await Promise.all(
      channels.map(async ({ id }) => JSON.stringify(await bob.get(`/channels/${id}/posts`))),
    );
    expect(notes.map((text) => text.includes('system_join_team'))).toEqual([false, true]);
    expect(notes.every((text) => text.includes(bob.userId))).toBe(true);
    expect(await bob.get('/users/me/teams')).toContainEqual(team);
    expect(teamStats.parse(await bob.get(`/teams/${team.id}/stats`))).toMatchObject({
      total_member_count: 2,
      active_member_count: 2,
    });
    expect(await ada.post(`/teams/${team.id}/members/ids`, [bob.userId])).toEqual([member]);
    expect(await bob.get('/users/me/teams/members')).toContainEqual(member);
  });

  it('come into closed teams only by being taken in or invited', async () => {
    const team = await make('I');
    const own = { team_id: team.id, user_id: bob.userId };
    expect(await bob.refused('POST', `/teams/${team.id}/members`, own)).toEqual(FORBIDDEN);
    expect(await bob.refused('POST', `/teams/members/invite?invite_id=${newId()}`)).toEqual([
      400,
      'api.team.invalid_invite.app_error',
    ]);
    expect(await bob.post(`/teams/members/invite?invite_id=${team.invite_id}`)).toMatchObject({ team_id: team.id });
    await ada.delete(`/teams/${team.id}/members/${bob.userId}`);
    expect(await bob.refused('GET', `/teams/${team.id}/members`)).toEqual(FORBIDDEN);
    expect(await ada.post(`/teams/${team.id}/members/batch`, [own])).toMatchObject([{ user_id: bob.userId }]);
  });

  it('leave with all their channels', async () => {
    const team = await make('O');
    await join(team);
    const [channel] = await bob.get<Channel[]>(`/users/me/teams/${team.id}/channels`);
    await bob.get(`/channels/${channel?.id}/posts`);
    expect(await bob.delete(`/teams/${team.id}/members/me`)).toEqual({ status: 'OK' });
    expect(await bob.refused('GET', `/channels/${channel?.id}/posts`)).toEqual(FORBIDDEN);
    expect(await bob.refused('POST', '/posts', { channel_id: channel?.id, message: 'x' })).toEqual(FORBIDDEN);
    expect(await bob.get<Team[]>('/users/me/teams')).not.toContainEqual(expect.objectContaining({ id: team.id }));
    expect(await bob.refused('DELETE', `/teams/${team.id}/members/me`)).toEqual([
      404,
      'app.team.get_member.missing.app_error',
    ]);
  });

  it('are made admins of the team and plain members again, with what that brings', async () => {
    const team = await make('O');
    await join(team);
    const path = `/teams/${team.id}/members/${bob.userId}`;
    expect(await bob.refused('PUT', `${path}/roles`, { roles: 'team_user team_admin' })).toEqual(FORBIDDEN);
    expect(await ada.refused('PUT', `${path}/roles`, { roles: 'team_user system_admin' })).toEqual(INVALID);
    expect(await ada.refused('PUT', `${path}/roles`, { roles: '' })).toEqual(INVALID);
    // Asked for before, so that what was kept of it is forgotten.
    const other = await ada.post<Channel>('/channels', { team_id: team.id, name: 'x1', display_name: 'X', type: 'O' });
    const convert = (privacy: string) => bob.put(`/channels/${other.id}/privacy`, { privacy });
    await expect(convert('P')).rejects.toThrow('api.context.permissions.app_error');
    api.events.length = 0;
    expect(await ada.put(`${path}/roles`, { roles: 'team_user team_admin' })).toEqual({ status: 'OK' });
    const member = await ada.get<TeamMember>(path);
    expect(teamMember.parse(member)).toMatchObject({ roles: 'team_user team_admin', scheme_admin: true });
    expect(api.events).toMatchObject([
      { event: 'memberrole_updated', to: { user_id: bob.userId }, data: { member: JSON.stringify(member) } },
    ]);
    expect(await convert('P')).toMatchObject({ type: 'P' });
    const scheme = { scheme_admin: false, scheme_user: true };
    expect(await bob.put(`${path}/schemeRoles`, scheme)).toEqual({ status: 'OK' });
    await expect(convert('O')).rejects.toThrow('api.context.permissions.app_error');
    expect(await ada.refused('PUT', `${path}/schemeRoles`, { ...scheme, scheme_guest: true })).toEqual([
      501,
      'api.guests.not_available.app_error',
    ]);
    expect(await ada.refused('PUT', `${path}/schemeRoles`, { ...scheme, scheme_user: false })).toEqual(INVALID);
    expect(await bob.refused('PUT', `${path}/schemeRoles`, scheme)).toEqual(FORBIDDEN);
    expect(await ada.refused('PUT', `/teams/${team.id}/members/${admin.userId}/schemeRoles`, scheme)).toEqual([
      404,
      'app.team.get_member.missing.app_error',
    ]);
  });

  it('see what they have not read, by team', async () => {
    const team = await make('O');
    await join(team);
    const channels = await ada.get<Channel[]>(`/users/me/teams/${team.id}/channels`);
    for (const { id } of channels) await ada.post('/posts', { channel_id: id, message: '@all news' });
    const unread = { team_id: team.id, msg_count: 2, mention_count: 2, msg_count_root: 2, mention_count_root: 2 };
    expect(await bob.get<TeamUnread[]>('/users/me/teams/unread')).toContainEqual(unread);
    expect(await bob.get(`/users/me/teams/${team.id}/unread`)).toEqual(unread);
    expect(await bob.get<TeamUnread[]>(`/users/me/teams/unread?exclude_team=${team.id}`)).not.toContainEqual(unread);
  });
});
