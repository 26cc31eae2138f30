import { createBotRequest, patchBotRequest } from '../../../contract/index.ts';
import type { Extensions } from '../../services/index.ts';
import { flagOf, limitsOf, type RouteSpec, route } from '../http/index.ts';

/** Bots. */
export function createBotsRoutes({ bots }: Pick<Extensions, 'bots'>): RouteSpec[] {
  return [
    route({ method: 'post', path: '/bots', access: 'session', body: createBotRequest, status: 201 }, (input) =>
      bots.create(input.caller, input.body),
    ),
    route({ method: 'get', path: '/bots', access: 'session' }, ({ caller, query }) => {
      const onlyOrphaned = flagOf(query, 'only_orphaned');
      return bots.list(caller, { includeDeleted: flagOf(query, 'include_deleted'), onlyOrphaned }, limitsOf(query));
    }),
    route({ method: 'get', path: '/bots/:bot_user_id', access: 'session' }, ({ caller, params, query }) =>
      bots.get(caller, params.bot_user_id, flagOf(query, 'include_deleted')),
    ),
    route(
      { method: 'put', path: '/bots/:bot_user_id', access: 'session', body: patchBotRequest },
      ({ caller, params, body }) => bots.patch(caller, params.bot_user_id, body),
    ),
    route({ method: 'post', path: '/bots/:bot_user_id/enable', access: 'session' }, ({ caller, params }) =>
      bots.setActive(caller, params.bot_user_id, true),
    ),
    route({ method: 'post', path: '/bots/:bot_user_id/disable', access: 'session' }, ({ caller, params }) =>
      bots.setActive(caller, params.bot_user_id, false),
    ),
    route({ method: 'post', path: '/bots/:bot_user_id/assign/:user_id', access: 'session' }, ({ caller, params }) =>
      bots.assign(caller, params.bot_user_id, params.user_id),
    ),
    route({ method: 'post', path: '/users/:user_id/convert_to_bot', access: 'session' }, ({ caller, params }) =>
      bots.convert(caller, params.user_id),
    ),
  ];
}
