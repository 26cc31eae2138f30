import { searchRequest } from '../../../contract/index.ts';
import type { Chat } from '../../services/index.ts';
import { RawJson, type RouteSpec, route } from '../http/index.ts';

/** Searches: of posts and files, in one team and in all of them. */
export function createSearchRoutes({ search }: Pick<Chat, 'search'>): RouteSpec[] {
  return [
    route(
      { method: 'post', path: '/teams/:team_id/posts/search', access: 'session', body: searchRequest },
      async ({ caller, params, body }) => new RawJson(await search.posts(caller, params.team_id, body)),
    ),
    route(
      { method: 'post', path: '/posts/search', access: 'session', body: searchRequest },
      async ({ caller, body }) => new RawJson(await search.posts(caller, '', body)),
    ),
    route(
      { method: 'post', path: '/teams/:team_id/files/search', access: 'session', body: searchRequest },
      ({ caller, params, body }) => search.files(caller, params.team_id, body),
    ),
    route({ method: 'post', path: '/files/search', access: 'session', body: searchRequest }, ({ caller, body }) =>
      search.files(caller, '', body),
    ),
  ];
}
