import { z } from 'zod';
import { clientLogRequest } from '../../../contract/index.ts';
import { AppError, builtInRoles, type SystemService } from '../../services/index.ts';
import { Answer, flagOf, type RouteSpec, route } from '../http/index.ts';

const namesRequest = z.array(z.string().max(64)).max(100);
const notLicensed = { IsLicensed: 'false' };

/** What every client asks when it starts, and the server's own state. */
export function createSystemRoutes(system: SystemService): RouteSpec[] {
  return [
    ...statusRoutes(system),
    route({ method: 'get', path: '/config/client', access: 'optional' }, ({ caller }) => system.clientConfig(caller)),
    route({ method: 'get', path: '/license/client', access: 'public' }, async () => notLicensed),
    route({ method: 'get', path: '/system/timezones', access: 'session' }, async () => timezones()),
    route({ method: 'post', path: '/roles/names', access: 'session', body: namesRequest }, async ({ body }) =>
      builtInRoles(body),
    ),
    route({ method: 'get', path: '/roles/name/:role_name', access: 'session' }, async ({ params }) => {
      const [role] = builtInRoles([params.role_name]);
      if (!role) throw new AppError('app.role.get_by_name.app_error');
      return role;
    }),
    route({ method: 'post', path: '/logs', access: 'session', body: clientLogRequest }, async ({ caller, body }) => {
      system.logOfClient(caller, body);
      return body;
    }),
    ...absentFeatures(),
  ];
}

function statusRoutes(system: SystemService): RouteSpec[] {
  return [
    route({ method: 'get', path: '/system/ping', access: 'public' }, async ({ query }) => {
      const ping = system.ping(flagOf(query, 'get_server_status'));
      const isBad = ping.status !== 'OK' && !flagOf(query, 'use_rest_semantics');
      return new Answer(ping, { status: isBad ? 500 : 200 });
    }),
  ];
}

/** Features that clients ask about without knowing whether they are there: the empty answer keeps them going. */
function absentFeatures(): RouteSpec[] {
  const empty = (path: string, answer: unknown = []) =>
    route({ method: 'get', path, access: 'session' }, async () => answer);
  return [
    empty('/plugins/webapp'),
    empty('/emoji'),
    empty('/groups'),
    empty('/custom_profile_attributes/fields'),
    empty('/system/notices/:team_id'),
    empty('/limits/server', { activeUserCount: 0, maxUsersLimit: 0 }),
    route({ method: 'post', path: '/client_perf', access: 'session' }, async () => undefined),
  ];
}

let knownTimezones: readonly string[] | undefined;
function timezones(): readonly string[] {
  knownTimezones ??= Intl.supportedValuesOf('timeZone');
  return knownTimezones;
}
