import type { LoadRequest } from './load.ts';

/** Whom and where the requests are about. */
export interface MixGround {
  readonly userId: string;
  readonly token: string;
  readonly teamId: string;
  readonly channelId: string;
  /** Of whoever is on the client's screen: profile pictures and statuses are asked for them. */
  readonly shownUserIds: readonly string[];
}

/** One of the endpoints that clients ask most. */
export interface MixEndpoint {
  readonly name: string;
  /** Of a hundred requests of a client at work. */
  readonly share: number;
  /** Statements that one request costs on a warm server; `bench/client-mix.db.test.ts` holds them. */
  readonly statements: number;
  readonly request: (ground: MixGround, turn: number) => Omit<LoadRequest, 'token' | 'name'>;
}

const get = (path: string) => ({ method: 'GET' as const, path: `/api/v4${path}` });
const post = (path: string, body: unknown) => ({
  method: 'POST' as const,
  path: `/api/v4${path}`,
  body: JSON.stringify(body),
});
const shown = ({ shownUserIds, userId }: MixGround, turn: number): string =>
  shownUserIds[turn % shownUserIds.length] ?? userId;

/**
 * What clients of Mattermost send, by how often: a picture per shown name, then a channel that is opened and read (its posts,
 * `view`, who is there), and what the sidebar counts. The shares are an estimate from its load-test tool, not a measurement.
 */
export const clientMix: readonly MixEndpoint[] = [
  {
    name: 'GET users/{id}/image',
    share: 36,
    // The same names are on the screen all day: their pictures are in memory.
    statements: 0,
    request: (ground, turn) => get(`/users/${shown(ground, turn)}/image`),
  },
  {
    name: 'POST users/status/ids',
    share: 14,
    statements: 1,
    request: ({ shownUserIds }) => post('/users/status/ids', shownUserIds),
  },
  {
    name: 'GET channels/{id}/posts',
    share: 11,
    statements: 1,
    request: ({ channelId }) => get(`/channels/${channelId}/posts?page=0&per_page=60`),
  },
  {
    name: 'POST channels/members/{id}/view',
    share: 10,
    statements: 1,
    request: ({ channelId, userId }) => post(`/channels/members/${userId}/view`, { channel_id: channelId }),
  },
  {
    name: 'POST users/ids',
    share: 8,
    statements: 1,
    request: ({ shownUserIds }) => post('/users/ids', shownUserIds),
  },
  {
    name: 'POST posts',
    share: 6,
    statements: 1,
    request: ({ channelId, userId }) =>
      post('/posts', { channel_id: channelId, message: 'As every day: {{n}}', pending_post_id: `${userId}:{{n}}` }),
  },
  {
    name: 'GET users/me/teams/unread',
    share: 5,
    statements: 1,
    request: () => get('/users/me/teams/unread'),
  },
  {
    name: 'GET users/me/teams/{id}/channels',
    share: 4,
    statements: 1,
    request: ({ teamId }) => get(`/users/me/teams/${teamId}/channels`),
  },
  {
    name: 'GET users/me/teams/{id}/channels/members',
    share: 4,
    statements: 1,
    request: ({ teamId }) => get(`/users/me/teams/${teamId}/channels/members`),
  },
  {
    name: 'GET channels/{id}/stats',
    share: 2,
    statements: 1,
    request: ({ channelId }) => get(`/channels/${channelId}/stats`),
  },
];

/** A hundred requests of a client, each endpoint as often as its share and spread evenly. */
export function requestsOfClient(ground: MixGround): LoadRequest[] {
  const slots = clientMix.flatMap((endpoint) =>
    Array.from({ length: endpoint.share }, (_, turn) => ({ endpoint, turn, at: (turn + 0.5) / endpoint.share })),
  );
  return slots
    .toSorted((a, b) => a.at - b.at)
    .map(({ endpoint, turn }) => ({ ...endpoint.request(ground, turn), name: endpoint.name, token: ground.token }));
}
