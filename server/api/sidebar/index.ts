import {
  createSidebarCategoryRequest,
  type SidebarCategory,
  sidebarOrderRequest,
  updateSidebarCategoriesRequest,
  updateSidebarCategoryRequest,
} from '../../../contract/index.ts';
import type { Chat } from '../../services/index.ts';
import { type RouteSpec, route } from '../http/index.ts';

const PATH = '/users/:user_id/teams/:team_id/channels/categories';

interface Params {
  readonly user_id: string;
  readonly team_id: string;
}
const placeOf = ({ user_id: userId, team_id: teamId }: Params) => ({ userId, teamId });

/** The categories of a user's sidebar. Their ids may be longer than others, so `:category` is no `_id`. */
export function createSidebarRoutes({ sidebar }: Pick<Chat, 'sidebar'>): RouteSpec[] {
  return [
    route({ method: 'get', path: PATH, access: 'session' }, ({ caller, params }) =>
      sidebar.all(caller, placeOf(params)),
    ),
    route(
      { method: 'post', path: PATH, access: 'session', body: createSidebarCategoryRequest },
      ({ caller, params, body }) => sidebar.create(caller, placeOf(params), body),
    ),
    route(
      { method: 'put', path: PATH, access: 'session', body: updateSidebarCategoriesRequest },
      ({ caller, params, body }) => sidebar.update(caller, placeOf(params), body),
    ),
    route({ method: 'get', path: `${PATH}/order`, access: 'session' }, async ({ caller, params }) => {
      const { order } = await sidebar.all(caller, placeOf(params));
      return order;
    }),
    route(
      { method: 'put', path: `${PATH}/order`, access: 'session', body: sidebarOrderRequest },
      ({ caller, params, body }) => sidebar.reorder(caller, placeOf(params), body),
    ),
    ...categoryRoutes(sidebar),
  ];
}

function categoryRoutes(sidebar: Chat['sidebar']): RouteSpec[] {
  const path = `${PATH}/:category` as const;
  return [
    route({ method: 'get', path, access: 'session' }, ({ caller, params }) =>
      sidebar.one(caller, placeOf(params), params.category),
    ),
    route(
      { method: 'put', path, access: 'session', body: updateSidebarCategoryRequest },
      async ({ caller, params, body }): Promise<SidebarCategory | undefined> => {
        const [updated] = await sidebar.update(caller, placeOf(params), [{ ...body, id: params.category }]);
        return updated;
      },
    ),
    route({ method: 'delete', path, access: 'session' }, ({ caller, params }) =>
      sidebar.remove(caller, placeOf(params), params.category),
    ),
  ];
}
