import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { keyOf } from './http/index.ts';
import { describeRoutes } from './openapi/index.ts';
import { everyRoute } from './testing/every-route.ts';

const page = readFileSync(new URL('../../docs/guides/api-coverage.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| `([A-Z]+ \/\S+)` \| (yes|empty|501|no) \|/gm)].map(([, route, state]) => ({
  route: route as string,
  exists: state !== 'no',
}));

const specs = everyRoute();
const routes = specs.map(({ definition }) => keyOf(definition));

test('the page of the API lists every route once, and calls no other one there', () => {
  const listed = rows.filter(({ exists }) => exists).map(({ route }) => route);
  expect(listed.toSorted()).toEqual(routes.toSorted());
  expect(routes.length).toBeGreaterThan(100);
});

test('what the page calls missing is missing', () => {
  const missing = rows.filter(({ exists }) => !exists).map(({ route }) => route);
  expect(missing.filter((route) => routes.includes(route))).toEqual([]);
});

test('the description in the repository is the one that the server makes', () => {
  const kept = readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8');
  const made = JSON.parse(JSON.stringify(describeRoutes(specs)));
  expect(JSON.parse(kept), '`npm run openapi` writes it anew').toEqual(made);
});
