import { createAllRoutes, type RouteDeps } from '../index.ts';
import type { RouteSpec } from '../http/index.ts';
import { describeApi } from '../openapi/index.ts';

/** Every route of the server, to be looked at and never called: nothing stands behind its services. */
export function everyRoute(): readonly RouteSpec[] {
  const anything: unknown = new Proxy(() => anything, { get: () => anything });
  return describeApi(createAllRoutes(anything as RouteDeps)).routes;
}
