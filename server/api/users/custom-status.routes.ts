import { customStatus, setCustomStatusRequest } from '../../../contract/index.ts';
import type { CustomStatusService } from '../../services/index.ts';
import { type RouteSpec, route } from '../http/index.ts';

const PATH = '/users/:user_id/status/custom';

/** What users say of themselves. */
export function createCustomStatusRoutes(statuses: CustomStatusService): RouteSpec[] {
  const forget = (method: 'post' | 'delete', path: `${typeof PATH}/recent` | `${typeof PATH}/recent/delete`) =>
    route({ method, path, access: 'session', body: customStatus }, ({ caller, params, body }) =>
      statuses.forget(caller, params.user_id, body),
    );
  return [
    route({ method: 'put', path: PATH, access: 'session', body: setCustomStatusRequest }, ({ caller, params, body }) =>
      statuses.set(caller, params.user_id, body),
    ),
    route({ method: 'delete', path: PATH, access: 'session' }, ({ caller, params }) =>
      statuses.clear(caller, params.user_id),
    ),
    // Some proxies drop the body of a DELETE, so clients of Mattermost have both ways.
    forget('delete', `${PATH}/recent`),
    forget('post', `${PATH}/recent/delete`),
  ];
}
