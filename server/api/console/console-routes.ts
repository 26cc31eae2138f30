import { type ConfigStatus, limits, switchoverRequest } from '../../../contract/index.ts';
import type { ConsoleService } from '../../console/index.ts';
import { flagOf, integerOf, route, type RouteSpec } from '../http/index.ts';

/** The routes of the System Console. They need no database: they must answer while every one is down. */
export function createConsoleRoutes(service: ConsoleService): RouteSpec[] {
  return [...configRoutes(service), ...databaseRoutes(service)];
}

function configRoutes(service: ConsoleService): RouteSpec[] {
  return [
    route({ method: 'get', path: '/config', access: 'admin' }, async () => service.maskedConfig()),
    route({ method: 'get', path: '/config/environment', access: 'admin' }, async () =>
      overrideMap(service.environment()),
    ),
    route({ method: 'get', path: '/config/status', access: 'admin' }, () => service.configStatus()),
    route({ method: 'post', path: '/config/reload', access: 'admin' }, ({ caller, query }) =>
      service.reload(caller, { dryRun: flagOf(query, 'dry_run') }),
    ),
  ];
}

function databaseRoutes(service: ConsoleService): RouteSpec[] {
  return [
    route({ method: 'get', path: '/database/status', access: 'admin' }, async () => service.databaseStatus()),
    route({ method: 'post', path: '/database/test', access: 'admin' }, ({ caller }) => service.test(caller)),
    route({ method: 'post', path: '/database/recycle', access: 'admin' }, ({ caller, query }) =>
      service.recycle(caller, { dryRun: flagOf(query, 'dry_run') }),
    ),
    route(
      { method: 'post', path: '/database/switchover', access: 'admin', body: switchoverRequest },
      ({ caller, query, body }) => service.switchover(caller, body, { dryRun: flagOf(query, 'dry_run') }),
    ),
    route(
      { method: 'post', path: '/database/operations/:operation_id/cancel', access: 'admin' },
      async ({ caller, params }) => {
        await service.cancel(caller, params.operation_id ?? '');
      },
    ),
    route({ method: 'get', path: '/database/operations', access: 'admin' }, async () => service.operations()),
    route({ method: 'get', path: '/database/operations/:operation_id', access: 'admin' }, async ({ params }) =>
      service.operation(params.operation_id ?? ''),
    ),
    route({ method: 'get', path: '/database/events', access: 'admin' }, async ({ query }) => {
      const after = integerOf(query, 'after');
      const limit = Math.min(integerOf(query, 'limit') ?? limits.perPageMax, limits.idsMax);
      return service.events(after === undefined ? { limit } : { after, limit });
    }),
  ];
}

/** As Mattermost answers: section -> setting -> true. */
function overrideMap(overrides: ConfigStatus['environment']): Record<string, Record<string, true>> {
  const sections: Record<string, Record<string, true>> = {};
  for (const { path } of overrides) {
    const [section = '', setting = ''] = path.split('.');
    sections[section] = { ...sections[section], [setting]: true };
  }
  return sections;
}
