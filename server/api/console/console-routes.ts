import {
  configRequest,
  configRestoreRequest,
  type ConfigStatus,
  historyRange,
  limits,
  masterWriteRequest,
  recycleRequest,
  rotationRequest,
  switchoverRequest,
} from '../../../contract/index.ts';
import type { ConsoleService } from '../../console/index.ts';
import { AppError, visibleSettings } from '../../services/index.ts';
import { flagOf, integerOf, invalidUrlParam, route, type RouteSpec } from '../http/index.ts';

/** The routes of the System Console. They need no database: they must answer while every one is down. */
export function createConsoleRoutes(service: ConsoleService): RouteSpec[] {
  return [...configRoutes(service), ...databaseRoutes(service), ...lookingRoutes(service)];
}

function configRoutes(service: ConsoleService): RouteSpec[] {
  return [
    route({ method: 'get', path: '/config', access: 'admin' }, async ({ caller, query }) => {
      const removed = {
        removeMasked: flagOf(query, 'remove_masked'),
        removeDefaults: flagOf(query, 'remove_defaults'),
      };
      return visibleSettings(caller, service.maskedConfig(removed));
    }),
    ...writingRoutes(service),
    route({ method: 'get', path: '/config/environment', access: 'admin' }, async ({ caller }) =>
      visibleSettings(caller, overrideMap(service.environment())),
    ),
    route({ method: 'get', path: '/config/status', access: 'admin' }, () => service.configStatus()),
    route({ method: 'post', path: '/config/reload', access: 'admin', audited: true }, ({ caller, query }) =>
      service.reload(caller, { dryRun: flagOf(query, 'dry_run') }),
    ),
    route(
      { method: 'post', path: '/config/master', access: 'admin', body: masterWriteRequest, audited: true },
      ({ caller, query, body }) => service.writeMaster(caller, body, { dryRun: flagOf(query, 'dry_run') }),
    ),
    route({ method: 'get', path: '/config/versions/:sha/changes', access: 'admin' }, ({ params, query }) =>
      service.compareVersions(params.sha, query.get('to') ?? 'running'),
    ),
    route(
      {
        method: 'post',
        path: '/config/versions/:sha/restore',
        access: 'admin',
        body: configRestoreRequest,
        audited: true,
      },
      ({ caller, params, body }) => service.restoreVersion(caller, params.sha, body),
    ),
  ];
}

/** Mattermost's ways to change settings. Both write the file and touch no pool. */
function writingRoutes(service: ConsoleService): RouteSpec[] {
  return [
    route(
      {
        method: 'put',
        path: '/config',
        access: 'admin',
        body: configRequest,
        audited: true,
      },
      async ({ caller, body }) =>
        visibleSettings(caller, await service.editConfig(caller, { given: body, whole: true })),
    ),
    route(
      {
        method: 'put',
        path: '/config/patch',
        access: 'admin',
        body: configRequest,
        audited: true,
      },
      async ({ caller, body }) =>
        visibleSettings(caller, await service.editConfig(caller, { given: body, whole: false })),
    ),
    // There is one place for the configuration: the file.
    route({ method: 'post', path: '/config/migrate', access: 'admin' }, async () => {
      throw new AppError('api.config.migrate.app_error');
    }),
  ];
}

function databaseRoutes(service: ConsoleService): RouteSpec[] {
  return [
    route({ method: 'get', path: '/database/status', access: 'admin' }, async () => service.databaseStatus()),
    route({ method: 'post', path: '/database/test', access: 'admin' }, ({ caller, query }) =>
      service.test(caller, query.get('source') ?? undefined),
    ),
    route(
      { method: 'post', path: '/database/rotation', access: 'admin', body: rotationRequest, audited: true },
      ({ caller, body }) => service.changeRotation(caller, body),
    ),
    route(
      {
        method: 'post',
        path: '/database/recycle',
        access: 'admin',
        body: recycleRequest,
        audited: true,
      },
      ({ caller, query, body }) => service.recycle(caller, body, { dryRun: flagOf(query, 'dry_run') }),
    ),
    route(
      { method: 'post', path: '/database/switchover', access: 'admin', body: switchoverRequest, audited: true },
      ({ caller, query, body }) => service.switchover(caller, body, { dryRun: flagOf(query, 'dry_run') }),
    ),
    route({ method: 'get', path: '/database/operations', access: 'admin' }, async () => service.operations()),
    route({ method: 'get', path: '/database/operations/:operation_id', access: 'admin' }, async ({ params }) =>
      service.operation(params.operation_id ?? ''),
    ),
    route(
      { method: 'post', path: '/database/operations/:operation_id/cancel', access: 'admin', audited: true },
      ({ caller, params }) => service.cancel(caller, params.operation_id ?? ''),
    ),
    route({ method: 'get', path: '/database/events', access: 'admin' }, async ({ query }) => {
      const after = integerOf(query, 'after');
      const limit = Math.min(integerOf(query, 'limit') ?? limits.perPageMax, limits.idsMax);
      return service.events(after === undefined ? { limit } : { after, limit });
    }),
  ];
}

/** What is only looked at: how it was, and what went wrong. */
function lookingRoutes(service: ConsoleService): RouteSpec[] {
  return [
    route({ method: 'get', path: '/database/history', access: 'admin' }, async ({ query }) => {
      const range = historyRange.safeParse(query.get('range') ?? '15m');
      if (!range.success) throw invalidUrlParam('range');
      return service.history(range.data);
    }),
    route({ method: 'get', path: '/database/errors', access: 'admin' }, async ({ query }) =>
      service.errorsOf(query.get('source') ?? ''),
    ),
    route({ method: 'get', path: '/logs/lines', access: 'admin' }, async ({ query }) =>
      service.logs(integerOf(query, 'after')),
    ),
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
