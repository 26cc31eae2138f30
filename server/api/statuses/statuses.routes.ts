import { z } from 'zod';
import { id, limits, updateStatusRequest } from '../../../contract/index.ts';
import type { StatusService } from '../../services/index.ts';
import { invalidBodyParam, type RouteSpec, route } from '../http/index.ts';

const PATH = '/users/:user_id/status';
const idsRequest = z.array(id).min(1).max(limits.idsMax);

/** Who is online, away, busy or offline. */
export function createStatusesRoutes(statuses: StatusService): RouteSpec[] {
  return [
    route({ method: 'get', path: PATH, access: 'session', dispensable: true }, ({ caller, params }) =>
      statuses.get(caller, params.user_id),
    ),
    route({ method: 'put', path: PATH, access: 'session', body: updateStatusRequest }, ({ caller, params, body }) => {
      if (body.user_id !== params.user_id) throw invalidBodyParam('user_id');
      return statuses.choose(caller, params.user_id, { status: body.status, dndEndTime: body.dnd_end_time });
    }),
    route(
      { method: 'post', path: '/users/status/ids', access: 'session', body: idsRequest, dispensable: true },
      ({ caller, body }) => statuses.list(caller, body),
    ),
  ];
}
