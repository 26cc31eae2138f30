import type { Administration } from '../../services/index.ts';
import { limitsOf, route, type RouteSpec } from '../http/index.ts';

/** Who did what. */
export function createAuditsRoutes({ audits }: Administration): RouteSpec[] {
  return [
    route({ method: 'get', path: '/audits', access: 'admin' }, ({ caller, query }) =>
      audits.list(caller, limitsOf(query)),
    ),
    route({ method: 'get', path: '/users/:user_id/audits', access: 'session' }, ({ caller, params, query }) =>
      audits.ofUser(caller, params.user_id, limitsOf(query)),
    ),
  ];
}
