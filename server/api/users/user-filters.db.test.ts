import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Channel, User } from '../../../contract/index.ts';
import { newId } from '../../services/index.ts';
import { type ChatClient, openChatApi } from '../posts/testing/chat-api.ts';

let stop: (() => Promise<void>) | undefined;
let [ada, bob]: ChatClient[] = [];

beforeAll(async () => {
  const opened = await openChatApi('admin', 'ada', 'bob');
  ({ stop } = opened);
  [, ada, bob] = opened.people;
});
afterAll(() => stop?.());

const by = (person: ChatClient | undefined): ChatClient => {
  if (person === undefined) throw new Error('Nobody is there.');
  return person;
};

it('who is not in a team or a channel is told to those who see it, whatever else is asked for', async () => {
  const team = (type: string) => by(ada).post<{ id: string }>('/teams', { name: newId(), display_name: 'T', type });
  const [shared, secret] = [await team('O'), await team('I')];
  await by(bob).post(`/teams/${shared.id}/members`, { team_id: shared.id, user_id: by(bob).userId });
  const channel = (type: string) =>
    by(ada).post<Channel>('/channels', { team_id: shared.id, name: newId(), display_name: 'C', type });
  const [open, hidden] = [await channel('O'), await channel('P')];
  await by(ada).post(`/channels/${open.id}/members`, { user_id: by(bob).userId });
  const queries = [
    `in_team=${shared.id}&not_in_team=${secret.id}`,
    `in_channel=${open.id}&not_in_channel=${hidden.id}`,
    `in_team=${shared.id}&in_channel=${open.id}&not_in_channel=${hidden.id}`,
  ];
  for (const query of queries) {
    const forbidden = [403, 'api.context.permissions.app_error'];
    expect([query, await by(bob).refused('GET', `/users?${query}`)]).toEqual([query, forbidden]);
    const others = await by(ada).get<User[]>(`/users?${query}`);
    expect(others.map(({ id }) => id)).toEqual([by(bob).userId]);
  }
  const search = { term: 'ada', team_id: shared.id, not_in_team_id: secret.id };
  expect((await by(bob).refused('POST', '/users/search', search))[0]).toBe(403);
});
