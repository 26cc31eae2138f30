import { limits } from '../../../contract/index.ts';
import type { Caller, Chat, UserService } from '../../services/index.ts';
import { flagOf, idOf, integerOf, invalidUrlParam, pageOf, RawJson, type RouteSpec, route } from '../http/index.ts';

const PATH = '/users/:user_id/teams/:team_id/threads';

interface Params {
  readonly user_id: string;
  readonly team_id: string;
}
const placeOf = ({ user_id: userId, team_id: teamId }: Params) => ({ userId, teamId });
const text = async (json: Promise<string>): Promise<RawJson> => new RawJson(await json);

interface Services {
  readonly chat: Pick<Chat, 'threads'>;
  readonly users: Pick<UserService, 'byIds'>;
}

/** The threads that a user follows. */
export function createThreadsRoutes({ chat: { threads }, users }: Services): RouteSpec[] {
  const showing = (caller: Caller, query: URLSearchParams) =>
    flagOf(query, 'extended') ? (ids: readonly string[]) => users.byIds(caller, ids, undefined) : undefined;
  return [
    route({ method: 'get', path: PATH, access: 'session' }, ({ caller, params, query }) =>
      text(threads.list(caller, placeOf(params), queryOf(query), showing(caller, query))),
    ),
    route({ method: 'put', path: `${PATH}/read`, access: 'session' }, ({ caller, params }) =>
      threads.markAllRead(caller, placeOf(params)),
    ),
    route({ method: 'get', path: `${PATH}/:thread_id`, access: 'session' }, ({ caller, params, query }) =>
      text(threads.one(caller, placeOf(params), params.thread_id, showing(caller, query))),
    ),
    ...markRoutes(threads),
  ];
}

function markRoutes(threads: Chat['threads']): RouteSpec[] {
  return [
    route({ method: 'put', path: `${PATH}/:thread_id/following`, access: 'session' }, ({ caller, params }) =>
      threads.follow(caller, placeOf(params), params.thread_id, true),
    ),
    route({ method: 'delete', path: `${PATH}/:thread_id/following`, access: 'session' }, ({ caller, params }) =>
      threads.follow(caller, placeOf(params), params.thread_id, false),
    ),
    route({ method: 'put', path: `${PATH}/:thread_id/read/:timestamp`, access: 'session' }, ({ caller, params }) =>
      text(threads.markRead(caller, placeOf(params), params.thread_id, timeOf(params.timestamp))),
    ),
    route({ method: 'post', path: `${PATH}/:thread_id/set_unread/:post_id`, access: 'session' }, ({ caller, params }) =>
      text(threads.setUnread(caller, placeOf(params), params.thread_id, params.post_id)),
    ),
  ];
}

function timeOf(value: string): number {
  const time = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(time)) throw invalidUrlParam('timestamp');
  return time;
}

/** `pageSize` is what `per_page` was called before. */
function queryOf(query: URLSearchParams) {
  const asked = query.get('per_page') ? 'per_page' : 'pageSize';
  return {
    perPage: query.get(asked) ? pageOf(query, asked).perPage : limits.threadsPerPageDefault,
    since: integerOf(query, 'since') ?? 0,
    before: idOf(query, 'before'),
    after: idOf(query, 'after'),
    deleted: flagOf(query, 'deleted'),
    unread: flagOf(query, 'unread'),
    totalsOnly: flagOf(query, 'totalsOnly'),
    threadsOnly: flagOf(query, 'threadsOnly'),
  };
}
