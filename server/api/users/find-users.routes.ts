import { userIdsRequest, usernamesRequest, userSearchRequest } from '../../../contract/index.ts';
import type { UserService } from '../../services/index.ts';
import { idOf, integerOf, limitsOf, type RouteSpec, route, taggedByText } from '../http/index.ts';
import { filterOf, limitOf, newestFirst } from './user-query.ts';

/** Looking users up: lists, search, completion. */
export function createFindUsersRoutes(users: UserService): RouteSpec[] {
  return [
    route({ method: 'get', path: '/users', access: 'session' }, async ({ caller, query }) => {
      return taggedByText(
        await users.list(caller, filterOf(query), { ...limitsOf(query), newestFirst: newestFirst(query) }),
      );
    }),
    route({ method: 'post', path: '/users/ids', access: 'session', body: userIdsRequest }, ({ caller, query, body }) =>
      users.byIds(caller, body, integerOf(query, 'since')),
    ),
    route({ method: 'post', path: '/users/usernames', access: 'session', body: usernamesRequest }, ({ caller, body }) =>
      users.byUsernames(caller, body),
    ),
    route(
      { method: 'post', path: '/users/search', access: 'session', body: userSearchRequest, dispensable: true },
      ({ caller, body }) => {
        const filter = {
          inTeam: body.team_id || undefined,
          notInTeam: body.not_in_team_id || undefined,
          inChannel: body.in_channel_id || undefined,
          notInChannel: body.not_in_channel_id || undefined,
          withoutTeam: body.without_team,
          activity: body.allow_inactive ? undefined : ('active' as const),
        };
        return users.search(caller, filter, body.term, body.limit);
      },
    ),
    route(
      { method: 'post', path: '/users/group_channels', access: 'session', body: userIdsRequest },
      ({ caller, body }) => users.inGroupChannels(caller, body),
    ),
    route({ method: 'get', path: '/users/autocomplete', access: 'session', dispensable: true }, ({ caller, query }) => {
      const where = { inTeam: idOf(query, 'in_team'), inChannel: idOf(query, 'in_channel') };
      return users.autocomplete(caller, where, (query.get('name') ?? '').slice(0, 128), limitOf(query));
    }),
    route({ method: 'get', path: '/users/known', access: 'session' }, ({ caller }) => users.known(caller)),
    route({ method: 'get', path: '/users/stats', access: 'session' }, () => users.stats()),
    route({ method: 'get', path: '/users/:user_id', access: 'session' }, async ({ caller, params }) =>
      taggedByText(await users.byId(caller, params.user_id)),
    ),
    route({ method: 'get', path: '/users/username/:username', access: 'session' }, async ({ caller, params }) =>
      taggedByText(await users.byUsername(caller, params.username)),
    ),
    route({ method: 'get', path: '/users/email/:email', access: 'session' }, async ({ caller, params }) =>
      taggedByText(await users.byEmail(caller, params.email)),
    ),
  ];
}
