import { clientLogRequest } from '../../../contract/index.ts';
import { AppError, type SystemService } from '../../services/index.ts';
import { Answer, flagOf, type RouteSpec, route } from '../http/index.ts';

const notLicensed = { IsLicensed: 'false' };

/** What every client asks when it starts, and the server's own state. */
export function createSystemRoutes(system: SystemService): RouteSpec[] {
  return [
    ...statusRoutes(system),
    route({ method: 'get', path: '/config/client', access: 'optional' }, ({ caller }) => system.clientConfig(caller)),
    route({ method: 'get', path: '/license/client', access: 'public' }, async () => notLicensed),
    route({ method: 'get', path: '/system/timezones', access: 'session' }, async () => timezones()),
    route({ method: 'post', path: '/logs', access: 'optional', body: clientLogRequest }, async ({ caller, body }) =>
      system.logOfClient(caller, body),
    ),
    ...usageRoutes(system),
    ...absentFeatures(),
    ...refusedFeatures(),
  ];
}

function statusRoutes(system: SystemService): RouteSpec[] {
  return [
    route({ method: 'get', path: '/system/ping', access: 'public' }, async ({ query }) => {
      const ping = system.ping(flagOf(query, 'get_server_status'), query.get('device_id') ?? '');
      const isBad = ping.status !== 'OK' && !flagOf(query, 'use_rest_semantics');
      return new Answer(ping, { status: isBad ? 500 : 200 });
    }),
  ];
}

function usageRoutes(system: SystemService): RouteSpec[] {
  return [
    route({ method: 'get', path: '/usage/posts', access: 'session' }, () => system.postsUsage()),
    route({ method: 'get', path: '/usage/teams', access: 'session' }, () => system.teamsUsage()),
    route({ method: 'get', path: '/usage/storage', access: 'session' }, () => system.storageUsage()),
  ];
}

/** Features that clients ask about without knowing whether they are there: the empty answer keeps them going. */
function absentFeatures(): RouteSpec[] {
  const empty = (path: string, answer: unknown = []) =>
    route({ method: 'get', path, access: 'session' }, async () => answer);
  return [
    empty('/plugins/webapp'),
    empty('/groups'),
    empty('/custom_profile_attributes/fields'),
    empty('/system/notices/:team_id'),
    empty('/limits/server', { activeUserCount: 0, maxUsersLimit: 0 }),
    route({ method: 'post', path: '/client_perf', access: 'session' }, async () => undefined),
  ];
}

/** Features that a client may ask for, and that are refused in Mattermost's words. */
function refusedFeatures(): RouteSpec[] {
  return [
    // Without terms nobody has accepted them, which is what clients want to hear.
    route({ method: 'get', path: '/users/:user_id/terms_of_service', access: 'session' }, async () => {
      throw new AppError('app.user_terms_of_service.get_by_user.no_rows.app_error');
    }),
    // The pages that messages link to are not fetched, so nothing is known of them.
    route({ method: 'get', path: '/redirect_location', access: 'session' }, async () => ({ location: '' })),
    route({ method: 'post', path: '/opengraph', access: 'session' }, async () => {
      throw new AppError('api.post.link_preview_disabled.app_error');
    }),
  ];
}

let knownTimezones: readonly string[] | undefined;
function timezones(): readonly string[] {
  knownTimezones ??= Intl.supportedValuesOf('timeZone');
  return knownTimezones;
}
