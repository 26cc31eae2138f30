import { AppError, type UserFilter } from '../../services/index.ts';
import { flagOf, idOf, integerOf, invalidUrlParam } from '../http/index.ts';

/** Orders that Mattermost's clients ask for; those by activity or role are answered by name. */
const SORTS = ['', 'create_at', 'last_activity_at', 'status', 'admin', 'display_name'];

/** The filters in the query of `GET /users`. */
export function filterOf(query: URLSearchParams): UserFilter {
  // There are no groups; without this everybody would be told to be in each of them.
  if (query.get('in_group') || query.get('not_in_group')) {
    throw new AppError('api.not_available.app_error', { params: { feature: 'Groups' } });
  }
  const active = flagOf(query, 'active');
  const inactive = flagOf(query, 'inactive');
  if (active && inactive) throw invalidUrlParam('inactive');
  return {
    inTeam: idOf(query, 'in_team'),
    notInTeam: idOf(query, 'not_in_team'),
    inChannel: idOf(query, 'in_channel'),
    notInChannel: idOf(query, 'not_in_channel'),
    withoutTeam: flagOf(query, 'without_team'),
    activity: active ? 'active' : inactive ? 'inactive' : undefined,
    role: query.get('role')?.slice(0, 64) || undefined,
  };
}

/** Whether the newest accounts come first. */
export function newestFirst(query: URLSearchParams): boolean {
  const sort = query.get('sort') ?? '';
  if (!SORTS.includes(sort)) throw invalidUrlParam('sort');
  return sort === 'create_at';
}

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 1_000;

export function limitOf(query: URLSearchParams): number {
  return Math.min(integerOf(query, 'limit') || LIMIT_DEFAULT, LIMIT_MAX);
}
