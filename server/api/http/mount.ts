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
 * Builds the Router of all routes: one nested Router per first segment of the path, so that a request is compared with
 * the few routes of its own resource. Inside, fixed segments come before parameters: the order in which modules hand in
 * their routes has no effect.
 *
 * @throws Error when two routes have the same method and path.
 */
export function mountRoutes(routes: readonly RouteSpec[], deps: ServeDeps): Router {
  const whole = express.Router(ROUTER_OPTIONS);
  for (const [resource, ofResource] of groupBy(routes, (spec) => firstSegment(spec.definition.path))) {
    const nested = express.Router(ROUTER_OPTIONS);
    const paths = [...groupBy(ofResource, (spec) => restOf(spec.definition.path))];
    paths.sort(([a], [b]) => comparePaths(a, b));
    for (const [path, ofPath] of paths) mountPath(nested, path, ofPath, deps);
    whole.use(`/${resource}`, nested);
  }
  return whole;
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

const firstSegment = (path: string): string => path.split('/', 2)[1] ?? '';
const restOf = (path: string): string => path.slice(firstSegment(path).length + 1) || '/';

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
