import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyOf, type RouteDefinition } from './http/index.ts';
import { findBadAnswers } from './testing/index.ts';
import { everyRoute } from './testing/every-route.ts';
import { type Asker, signUp } from './testing/foreign-world.ts';
import { startWholeServer, type WholeServer } from './testing/whole-server.ts';

/** What ends the test itself when an admin asks for it, and what is looked at elsewhere. */
const LEFT_OUT: readonly [pattern: RegExp, reason: string][] = [
  [/^POST \/users\/sessions\/revoke\/all$/, 'signs the sender out'],
  [/^(PUT \/config|PUT \/config\/patch|POST \/server_busy)$/, 'changes the server for the next request'],
  [/^POST \/(config|database)\//, 'moves databases: held to this in console-routes.test.ts'],
  [/^GET \/(logs\/download|system\/support_packet)$/, 'answers with bytes'],
];
const isLeftOut = (definition: RouteDefinition): boolean =>
  LEFT_OUT.some(([pattern]) => pattern.test(keyOf(definition)));

const routes = everyRoute();
const areaOf = ({ path }: RouteDefinition): string => path.split('/').slice(1, 2).join();
const areas = [...new Set(routes.map(({ definition }) => areaOf(definition)))];

let server: WholeServer;
let admin: Asker;
let user: Asker;
beforeAll(async () => {
  server = await startWholeServer();
  admin = await signUp(server.base, 'admin');
  user = await signUp(server.base, 'user');
});
afterAll(() => server?.stop());

// Made from the schemas that are the description of the API, so that a new route is tried by being one.
describe.each(areas)('nonsense at /%s is refused in the error shape', (area) => {
  it.each(['admin', 'user'] as const)('from an %s', { timeout: 300_000 }, async (name) => {
    const { headers } = name === 'admin' ? admin : user;
    const { bad, sent } = await findBadAnswers({
      base: server.base,
      routes,
      headers,
      skip: ({ definition }) => areaOf(definition) !== area || (name === 'admin' && isLeftOut(definition)),
    });
    expect(bad).toEqual([]);
    // An admin's part of an area may be left out as a whole.
    if (name === 'user') expect(sent).toBeGreaterThan(0);
    // Nothing of it has signed the sender out: the refusals were about the nonsense.
    const me = await fetch(`${server.base}/api/v4/users/me`, { headers });
    expect(me.status).toBe(200);
  });
});

it('leaves out no route that is not there any more', () => {
  const keys = routes.map(({ definition }) => keyOf(definition));
  for (const [pattern] of LEFT_OUT) expect(keys.filter((key) => pattern.test(key))).not.toEqual([]);
});
