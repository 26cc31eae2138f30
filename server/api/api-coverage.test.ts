import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createAllRoutes, type RouteDeps } from './index.ts';

const page = readFileSync(new URL('../../docs/guides/api-coverage.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| `([A-Z]+ \/\S+)` \| (yes|empty|501|no) \|/gm)].map(([, route, state]) => ({
  route: route as string,
  exists: state !== 'no',
}));

/** Routes are only declared here, never called, so nothing has to stand behind their services. */
const anything: unknown = new Proxy(() => anything, { get: () => anything });
const routes = createAllRoutes(anything as RouteDeps).map(({ definition: { method, path } }) => {
  return `${method.toUpperCase()} ${path.replace(/:(\w+)/g, '{$1}')}`;
});

test('the page of the API lists every route once, and calls no other one there', () => {
  const listed = rows.filter(({ exists }) => exists).map(({ route }) => route);
  expect(listed.toSorted()).toEqual(routes.toSorted());
  expect(routes.length).toBeGreaterThan(100);
});

test('what the page calls missing is missing', () => {
  const missing = rows.filter(({ exists }) => !exists).map(({ route }) => route);
  expect(missing.filter((route) => routes.includes(route))).toEqual([]);
});
