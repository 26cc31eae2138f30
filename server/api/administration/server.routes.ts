import { configRequest, siteUrlTestRequest } from '../../../contract/index.ts';
import { type Administration, AppError, testSiteUrl } from '../../services/index.ts';
import { integerOf, invalidUrlParam, route, type RouteSpec } from '../http/index.ts';
import { fileOf } from './logs.routes.ts';

/** The server as a whole: its load, its caches, whether its parts work. */
export function createServerRoutes(administration: Administration): RouteSpec[] {
  return [...loadRoutes(administration), ...testRoutes(administration), ...schemaRoutes(administration)];
}

const BUSY_DEFAULT = 3_600;
const BUSY_MAX = 86_400;

function loadRoutes({ load, invalidateCaches }: Administration): RouteSpec[] {
  return [
    route({ method: 'post', path: '/server_busy', access: 'admin', audited: true }, async ({ query }) => {
      const seconds = integerOf(query, 'seconds') ?? BUSY_DEFAULT;
      if (seconds < 1 || seconds > BUSY_MAX) throw invalidUrlParam('seconds');
      load.begin(seconds);
    }),
    route({ method: 'get', path: '/server_busy', access: 'admin' }, async () => load.state()),
    route({ method: 'delete', path: '/server_busy', access: 'admin', audited: true }, async () => load.end()),
    route({ method: 'post', path: '/caches/invalidate', access: 'admin', audited: true }, async () =>
      invalidateCaches(),
    ),
  ];
}

/** The body of a test is the configuration that an administrator has not saved yet; only what runs is tested. */
function testRoutes({ integrity, testFiles }: Administration): RouteSpec[] {
  return [
    route({ method: 'post', path: '/integrity', access: 'admin', audited: true }, () => integrity.relations()),
    route(
      {
        method: 'post',
        path: '/site_url/test',
        access: 'admin',
        body: siteUrlTestRequest,
      },
      ({ body }) => testSiteUrl(body.site_url),
    ),
    ...['/file/test', '/file/s3_test'].map((path) =>
      route({ method: 'post', path, access: 'admin', body: configRequest }, ({ body }) => {
        const { DriverName } = (body['FileSettings'] ?? {}) as { DriverName?: unknown };
        const driver = DriverName ?? 'local';
        if (driver !== 'local') throw new AppError('api.file.no_driver.app_error');
        return testFiles();
      }),
    ),
    route({ method: 'post', path: '/email/test', access: 'admin' }, async () => {
      throw new AppError('api.email.not_available.app_error');
    }),
  ];
}

function schemaRoutes({ schema, supportPacket }: Administration): RouteSpec[] {
  return [
    route({ method: 'get', path: '/system/schema/version', access: 'admin' }, async () =>
      schema.map(({ version, name }) => ({ version, name })),
    ),
    route(
      {
        method: 'get',
        path: '/system/support_packet',
        access: 'admin',
        audited: true,
      },
      async () => fileOf('holdfast_support_packet.zip', 'application/zip', supportPacket()),
    ),
    // One server: those of a cluster do not know of each other.
    route(
      {
        method: 'get',
        path: '/cluster/status',
        access: 'admin',
      },
      async () => [],
    ),
  ];
}
