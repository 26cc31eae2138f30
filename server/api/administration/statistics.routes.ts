import { analyticsName } from '../../../contract/index.ts';
import type { Administration } from '../../services/index.ts';
import { flagOf, idOf, integerOf, invalidUrlParam, route, type RouteSpec } from '../http/index.ts';

/** Figures about the server and its users. */
export function createStatisticsRoutes({ analytics, reports }: Administration): RouteSpec[] {
  return [
    route({ method: 'get', path: '/analytics/old', access: 'admin' }, ({ query }) => {
      const name = analyticsName.safeParse(query.get('name') || 'standard');
      if (!name.success) throw invalidUrlParam('name');
      return analytics.figures(name.data, idOf(query, 'team_id') ?? '');
    }),
    route(
      {
        method: 'get',
        path: '/users/stats/filtered',
        access: 'admin',
      },
      ({ query }) =>
        reports.stats({
          inTeam: idOf(query, 'in_team'),
          inChannel: idOf(query, 'in_channel'),
          includeDeleted: flagOf(query, 'include_deleted'),
          roles: wordsOf(query, 'roles'),
          teamPlaces: placesOf(query, 'team'),
          channelPlaces: placesOf(query, 'channel'),
        }),
    ),
    route({ method: 'get', path: '/reports/users', access: 'admin' }, ({ query }) =>
      reports.page(filterOf(query), reportPageOf(query)),
    ),
    route(
      {
        method: 'get',
        path: '/reports/users/count',
        access: 'admin',
      },
      ({ query }) => reports.count(filterOf(query)),
    ),
  ];
}

const ROLES_MAX = 5;
const TEXT_MAX = 128;

/** Words of a list, separated by commas; more or longer ones than there can be are refused. */
function wordsOf(query: URLSearchParams, name: string): string[] {
  const words = textOf(query, name, ROLES_MAX * TEXT_MAX)
    .split(',')
    .filter(Boolean);
  if (words.length > ROLES_MAX || words.some((word) => !/^[a-z_]{1,64}$/.test(word))) throw invalidUrlParam(name);
  return words;
}

function textOf(query: URLSearchParams, name: string, max = TEXT_MAX): string {
  const text = query.get(name) ?? '';
  if (text.length > max) throw invalidUrlParam(name);
  return text;
}

function placesOf(query: URLSearchParams, scope: 'team' | 'channel') {
  const roles = wordsOf(query, `${scope}_roles`);
  return { admins: roles.includes(`${scope}_admin`), others: roles.includes(`${scope}_user`) };
}

function filterOf(query: URLSearchParams) {
  return {
    role: textOf(query, 'role_filter'),
    withoutTeam: flagOf(query, 'has_no_team'),
    teamId: idOf(query, 'team_filter') ?? '',
    hideActive: flagOf(query, 'hide_active'),
    hideInactive: flagOf(query, 'hide_inactive'),
    term: textOf(query, 'search_term'),
  };
}

const COLUMNS = ['Username', 'Email', 'CreateAt', 'FirstName', 'LastName', 'Nickname'] as const;
const PAGE_DEFAULT = 50;
const PAGE_MAX = 100;

function reportPageOf(query: URLSearchParams) {
  const column = COLUMNS.find((each) => each === (query.get('sort_column') || 'Username'));
  if (column === undefined) throw invalidUrlParam('sort_column');
  const limit = integerOf(query, 'page_size') ?? PAGE_DEFAULT;
  if (limit < 1 || limit > PAGE_MAX) throw invalidUrlParam('page_size');
  return {
    column,
    descending: query.get('sort_direction') === 'desc',
    backwards: query.get('direction') === 'prev',
    limit,
    after: cursorOf(query, column === 'CreateAt'),
  };
}

function cursorOf(query: URLSearchParams, isTime: boolean) {
  const fromId = idOf(query, 'from_id');
  if (fromId === undefined) return undefined;
  const value = isTime ? (integerOf(query, 'from_column_value') ?? 0) : textOf(query, 'from_column_value');
  return { value, id: fromId };
}
