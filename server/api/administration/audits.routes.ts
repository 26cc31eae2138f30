import type { Administration } from '../../services/index.ts';
import { type Page, pageOf, route, type RouteSpec } from '../http/index.ts';

/** Who did what. */
export function createAuditsRoutes({ audits }: Administration): RouteSpec[] {
  return [
    route({ method: 'get', path: '/audits', access: 'admin' }, ({ caller, query }) =>
      audits.list(caller, limitsOf(pageOf(query))),
    ),
    route({ method: 'get', path: '/users/:user_id/audits', access: 'session' }, ({ caller, params, query }) =>
      audits.ofUser(caller, params.user_id, limitsOf(pageOf(query))),
    ),
  ];
}

const limitsOf = ({ perPage, offset }: Page) => ({ limit: perPage, offset });
