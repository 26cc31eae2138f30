import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Channel, Team } from '../../../contract/index.ts';
import { type ChatClient, openChatApi, type OpenChatApi } from './testing/chat-api.ts';

let opened: OpenChatApi<['admin', 'ada', 'everywhere', 'openly', 'teamwide']>;
let open: Channel;
let closed: Channel;
beforeAll(async () => {
  opened = await openChatApi('admin', 'ada', 'everywhere', 'openly', 'teamwide');
  const [admin, ada, everywhere, openly, teamwide] = opened.people;
  const team = await ada.post<Team>('/teams', { name: 'post-all', display_name: 'Post all', type: 'I' });
  const make = (type: 'O' | 'P') =>
    ada.post<Channel>('/channels', { team_id: team.id, name: `all-${type.toLowerCase()}`, display_name: 'All', type });
  [open, closed] = [await make('O'), await make('P')];
  await admin.put(`/users/${everywhere.userId}/roles`, { roles: 'system_user system_post_all' });
  await admin.put(`/users/${openly.userId}/roles`, { roles: 'system_user system_post_all_public' });
  await ada.post(`/teams/${team.id}/members`, { team_id: team.id, user_id: teamwide.userId });
  await ada.put(`/teams/${team.id}/members/${teamwide.userId}/roles`, { roles: 'team_user team_admin' });
});
afterAll(() => opened?.stop());

const forbidden = [403, 'api.context.permissions.app_error'];
const say = (who: ChatClient, { id }: Channel) => who.post('/posts', { channel_id: id, message: 'from outside' });

it('whoever posts everywhere by a role needs no place in the channel, and reads nothing there', async () => {
  const [, , everywhere] = opened.people;
  for (const channel of [open, closed]) {
    expect(await say(everywhere, channel)).toMatchObject({ message: 'from outside', user_id: everywhere.userId });
    expect(await everywhere.refused('GET', `/channels/${channel.id}/posts`)).toEqual(forbidden);
  }
});

it('in open channels only, when the role says so', async () => {
  const [, , , openly] = opened.people;
  expect(await say(openly, open)).toMatchObject({ user_id: openly.userId });
  expect(await openly.refused('POST', '/posts', { channel_id: closed.id, message: 'x' })).toEqual(forbidden);
});

it('an admin of the team posts in its channels without a place there, as in Mattermost', async () => {
  const [, ada, , , teamwide] = opened.people;
  expect(await say(teamwide, closed)).toMatchObject({ user_id: teamwide.userId });
  expect(await teamwide.refused('GET', `/channels/${closed.id}/posts`)).toEqual(forbidden);
  const page = await ada.get<{ order: string[] }>(`/channels/${closed.id}/posts`);
  expect(page.order.length).toBeGreaterThanOrEqual(2);
});
