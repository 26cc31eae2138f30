import { channelSearchRequest, limits, userIdsRequest } from '../../../contract/index.ts';
import type { Caller, Chat } from '../../services/index.ts';
import { flagOf, integerOf, pageOf, RawJson, type RouteSpec, route } from '../http/index.ts';

type Services = Pick<Chat, 'channels'>;

const text = async (json: Promise<string>): Promise<RawJson> => new RawJson(await json);

/** Lists of channels, by team, by user, by name, by beginnings. */
export function createFindChannelsRoutes(services: Services): RouteSpec[] {
  return [...teamLists(services), ...searches(services), ...userLists(services)];
}

function teamLists({ channels }: Services): RouteSpec[] {
  const list = (path: '' | '/deleted' | '/private') =>
    route(
      { method: 'get', path: `/teams/:team_id/channels${path}`, access: 'session' },
      ({ caller, params, query }) => {
        const { page, perPage } = pageOf(query);
        const wanted = { page, perPage, archived: path === '/deleted' };
        return text(
          path === '/private'
            ? channels.privateOfTeam(caller, params.team_id, wanted)
            : channels.openOfTeam(caller, params.team_id, wanted),
        );
      },
    );
  return [
    list(''),
    list('/deleted'),
    list('/private'),
    route(
      { method: 'post', path: '/teams/:team_id/channels/ids', access: 'session', body: userIdsRequest },
      ({ caller, params, body }) => text(channels.openByIds(caller, params.team_id, body)),
    ),
    route(
      { method: 'get', path: '/teams/:team_id/channels/name/:name', access: 'session' },
      ({ caller, params, query }) =>
        channels.getByName(caller, params.team_id, params.name, flagOf(query, 'include_deleted')),
    ),
    route(
      { method: 'get', path: '/teams/name/:team_name/channels/name/:name', access: 'session' },
      ({ caller, params, query }) =>
        channels.getByTeamName(caller, params.team_name, params.name, flagOf(query, 'include_deleted')),
    ),
  ];
}

function searches({ channels }: Services): RouteSpec[] {
  const search = (caller: Caller, teamId: string, term: string, archived: boolean) =>
    text(channels.search(caller, teamId, { term: term.trim(), archived, limit: limits.perPageMax }));
  const complete = (path: 'autocomplete' | 'search_autocomplete') =>
    route(
      { method: 'get', path: `/teams/:team_id/channels/${path}`, access: 'session', dispensable: true },
      ({ caller, params, query }) =>
        search(caller, params.team_id, (query.get('name') ?? '').slice(0, limits.displayNameMax), false),
    );
  const find = (path: 'search' | 'search_archived') =>
    route(
      {
        method: 'post',
        path: `/teams/:team_id/channels/${path}`,
        access: 'session',
        body: channelSearchRequest,
        dispensable: true,
      },
      ({ caller, params, body }) => search(caller, params.team_id, body.term, path === 'search_archived'),
    );
  return [complete('autocomplete'), complete('search_autocomplete'), find('search'), find('search_archived')];
}

function userLists({ channels }: Services): RouteSpec[] {
  return [
    route(
      { method: 'get', path: '/users/:user_id/teams/:team_id/channels', access: 'session' },
      ({ caller, params, query }) =>
        text(channels.ofUser(caller, { userId: params.user_id, teamId: params.team_id, ...archivedOf(query) })),
    ),
    route({ method: 'get', path: '/users/:user_id/channels', access: 'session' }, ({ caller, params, query }) =>
      text(channels.ofUser(caller, { userId: params.user_id, ...archivedOf(query) })),
    ),
  ];
}

/** Archived channels come when they are asked for, with `last_delete_at` only those archived since. */
function archivedOf(query: URLSearchParams): { archivedSince?: number } {
  const since = integerOf(query, 'last_delete_at');
  return flagOf(query, 'include_deleted') ? { archivedSince: since ?? 0 } : {};
}
