import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Channel, Team } from '../contract/index.ts';
import { type ChatClient, chatClient, startChatApi } from '../server/api/posts/testing/chat-api.ts';
import { createStatusesRoutes } from '../server/api/statuses/index.ts';
import type { TestApi } from '../server/api/testing/index.ts';
import {
  countedDatabase,
  type DatabaseCall,
  describeEngines,
  type OpenTestDatabase,
  openTestDatabase,
} from '../server/database/testing/index.ts';
import { silentLogger } from '../server/observability/index.ts';
import { StatusService } from '../server/services/index.ts';
import { createStatusStore } from '../server/stores/statuses/index.ts';
import { clientMix, type MixEndpoint, type MixGround, requestsOfClient } from './support/client-mix.ts';

describe('the mix', () => {
  const ground = { userId: 'u', token: 't', teamId: 'm', channelId: 'c', shownUserIds: ['a', 'b'] };
  const requests = requestsOfClient(ground);

  it('is a hundred requests, each endpoint as often as its share and never in a heap', () => {
    expect(requests).toHaveLength(100);
    const names = requests.map(({ name }) => name);
    for (const { name, share } of clientMix) expect(names.filter((one) => one === name)).toHaveLength(share);
    expect(names.slice(0, 25).filter((name) => name === clientMix[0]?.name).length).toBeLessThan(12);
  });
});

// Each call of the database is a round trip, so this is what a client waits for when the database is far away.
describeEngines('What the hottest endpoints ask of the database', (engine) => {
  let opened: OpenTestDatabase;
  let api: TestApi;
  let ada: ChatClient;
  let ground: MixGround;
  let calls: DatabaseCall[] = [];

  beforeAll(async () => {
    opened = await openTestDatabase({ engine });
    const database = countedDatabase(opened.database, (call) => void calls.push(call));
    const { causalities } = opened;
    const detached = () => causalities.detached();
    api = await startChatApi(
      { database, causalities },
      {
        further: (publisher) =>
          createStatusesRoutes(
            new StatusService({
              store: createStatusStore(database),
              publisher,
              detached,
              awayAfterMs: () => 300_000,
              now: Date.now,
              logger: silentLogger,
            }),
          ),
      },
    );
    ada = chatClient(api, await api.person('ada'));
    const team = await ada.post<Team>('/teams', { name: `mix-${engine}`, display_name: 'Mix', type: 'O' });
    const channel = await ada.post<Channel>('/channels', {
      team_id: team.id,
      name: 'mix',
      display_name: 'M',
      type: 'O',
    });
    const shownUserIds: string[] = [];
    ground = { userId: ada.userId, token: ada.person.token, teamId: team.id, channelId: channel.id, shownUserIds };
    await fillUp(20);
  });
  afterAll(async () => {
    await api?.stop();
    await opened?.stop();
  });

  /** More people on the screen, more posts on the page, more channels in the sidebar. */
  async function fillUp(count: number): Promise<void> {
    const shownUserIds = [...ground.shownUserIds];
    for (let i = 0; i < count; i++) {
      const person = chatClient(api, await api.person('bob'));
      await ada.post(`/teams/${ground.teamId}/members`, { team_id: ground.teamId, user_id: person.userId });
      await ada.post(`/channels/${ground.channelId}/members`, { user_id: person.userId });
      await person.post('/posts', { channel_id: ground.channelId, message: `post ${i}` });
      await ada.post('/channels', {
        team_id: ground.teamId,
        name: `more-${person.userId}`,
        display_name: 'M',
        type: 'O',
      });
      shownUserIds.push(person.userId);
    }
    ground = { ...ground, shownUserIds };
  }

  async function ask({ request }: MixEndpoint): Promise<DatabaseCall[]> {
    const { method, path, body } = request(ground, 0);
    calls = [];
    const answer = await fetch(`${api.base}${path}`, {
      method,
      headers: { authorization: `Bearer ${ground.token}` },
      ...(body === undefined ? {} : { body: body.replaceAll('{{n}}', String(Math.random())) }),
    });
    expect(answer.status, `${method} ${path}`).toBeLessThan(300);
    return calls;
  }

  it.each(clientMix)('$name: $statements on a warm server, however much there is', async (endpoint) => {
    await ask(endpoint);
    const asked = await ask(endpoint);
    expect(asked).toHaveLength(endpoint.statements);
    // A transaction is as many round trips as it makes.
    expect(asked).not.toContain('transaction');
  });
});
