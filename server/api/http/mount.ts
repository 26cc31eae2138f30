import express, { type RequestHandler, type Response, type Router } from 'express';
import type { ApiRequest } from './born-server.ts';
import type { Method, RouteSpec } from './route.ts';
import { createServe, type ServeDeps } from './serve.ts';

/** Express hands out its own request type; on our server every request is born as ours. */
function handlerOf(serve: (request: ApiRequest, response: Response) => Promise<void>): RequestHandler {
  return (request, response) => serve(request as ApiRequest, response);
}

const ROUTER_OPTIONS = { caseSensitive: true, mergeParams: false };

/**
 * Builds the handler of all routes. Express compares a request with the pattern of each route in turn, so the routes are
 * in small Routers, one per shape of their path, and a request is compared with the few that have its own shape. Inside,
 * fixed segments come before parameters: the order in which modules hand in their routes has no effect.
 *
 * @throws Error when two routes have the same method and path.
 */
export function mountRoutes(routes: readonly RouteSpec[], deps: ServeDeps): RequestHandler {
  const routers = new Map<string, Router>();
  for (const [shape, alike] of groupBy(routes, (spec) => shapeOf(spec.definition.path))) {
    routers.set(shape, routerOf(alike, deps));
  }
  return (request, response, next) => {
    // `GET ftp://host/api/v4` has no path once the prefix is gone; the types do not say so.
    const path: string | null = request.path;
    const router = path === null ? undefined : routers.get(shapeOf(path));
    if (router === undefined) next();
    else router(request, response, next);
  };
}

/**
 * The first segment of a path and how many it has: a route has no wildcard, so both are fixed. A slash at the end makes
 * no difference, as in Express's own patterns.
 */
function shapeOf(path: string): string {
  const segments = path.split('/');
  const count = segments.at(-1) === '' ? segments.length - 1 : segments.length;
  return `${segments[1]}/${count}`;
}

function routerOf(routes: readonly RouteSpec[], deps: ServeDeps): Router {
  const router = express.Router(ROUTER_OPTIONS);
  const paths = [...groupBy(routes, (spec) => spec.definition.path)];
  paths.sort(([a], [b]) => comparePaths(a, b));
  for (const [path, ofPath] of paths) mountPath(router, path, ofPath, deps);
  return router;
}

function mountPath(router: Router, path: string, specs: readonly RouteSpec[], deps: ServeDeps): void {
  const target = router.route(path);
  const methods = new Set<Method>();
  for (const spec of specs) {
    const { method } = spec.definition;
    if (methods.has(method)) throw new Error(`two routes for ${method} ${spec.definition.path}`);
    methods.add(method);
    target[method](handlerOf(createServe(deps, spec)));
  }
  const allowed = [...methods].map((method) => method.toUpperCase());
  target.all((request, _response, next) => {
    const ours = request as ApiRequest;
    ours.allowed = [...ours.allowed, ...allowed];
    next();
  });
}

/** Fixed segments before parameters, from left to right. */
function comparePaths(a: string, b: string): number {
  const ofA = a.split('/');
  const ofB = b.split('/');
  for (let i = 0; i < Math.max(ofA.length, ofB.length); i++) {
    const difference = rank(ofA[i]) - rank(ofB[i]);
    if (difference !== 0) return difference;
  }
  return a < b ? -1 : 1;
}

const rank = (segment: string | undefined): number => (segment === undefined ? 0 : segment.startsWith(':') ? 2 : 1);

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
