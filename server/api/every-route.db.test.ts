import { afterAll, beforeAll, expect, it } from 'vitest';
import { endpoints, type Role } from '../../contract/index.ts';
import { defaultPermissions, type RoleName } from '../services/index.ts';
import { keyOf, permissionsAtDoor, type RouteDefinition } from './http/index.ts';
import { everyRoute } from './testing/every-route.ts';
import { type ForeignRequest, foreignRequest } from './testing/foreign-request.ts';
import { type Asker, type ForeignWorld, makeForeignWorld, send, signIn, signUp } from './testing/foreign-world.ts';
import { startWholeServer, type WholeServer } from './testing/whole-server.ts';

/** Answers of 200 that leave out whatever the caller may not see. */
const LEAVES_OUT = new Set(['POST /posts/ids', 'POST /posts/ids/reactions']);

/** What those who may do not get either, and why; their request is good as far as the permission goes. */
const NO_SUCCESS: Readonly<Record<string, string>> = {
  'POST /posts': 'its file belongs to another post already',
  'GET /files/{file_id}/thumbnail': 'a text has none',
  'GET /files/{file_id}/preview': 'a text has none',
  'GET /teams/{team_id}/image': 'the team has none',
  'PUT /users/{user_id}/teams/{team_id}/channels/categories/order': 'one of four categories is no order',
  'DELETE /users/{user_id}/status/custom/recent': 'it is none of the recent ones',
  'POST /users/{user_id}/status/custom/recent/delete': 'it is none of the recent ones',
};

/** They change the server for everybody, so they come last and find the world of the route before them. */
const CHANGES_SERVER = new Set(['PUT /config', 'PUT /config/patch', 'POST /server_busy']);

/** Done for one's own account although a permission is named: nobody does it for another. */
const FOR_ONESELF = new Set(['POST /reactions', 'POST /posts/{post_id}/restore/{version_id}', 'POST /emoji']);

const routes = everyRoute().map(({ definition }) => definition);
const asked = (definition: RouteDefinition) => endpoints[keyOf(definition)]?.permissions ?? [];
const atDoor = routes.filter(({ access }) => access === 'admin');
const atStake = routes.filter((definition) => !isForEverybody(definition));
/** There, and always refused: the feature is not. */
const isThere = (definition: RouteDefinition) => endpoints[keyOf(definition)]?.answer !== 'refused';

/** Nothing is asked, or only what everybody with an account has. */
function isForEverybody(definition: RouteDefinition): boolean {
  const everybodys: readonly string[] = defaultPermissions.system_user;
  return asked(definition).length === 0 || asked(definition).some((permission) => everybodys.includes(permission));
}

let server: WholeServer;
let admin: Asker;
let outsider: Asker;
let world: ForeignWorld;
beforeAll(async () => {
  server = await startWholeServer();
  admin = await signUp(server.base, 'admin');
  outsider = await signUp(server.base, 'outsider');
  world = await makeForeignWorld(server.base, admin);
});
afterAll(() => server?.stop());

async function call(headers: Asker['headers'], { method, path, body, type }: ForeignRequest) {
  const init = { method, headers: { ...(type === undefined ? {} : { 'content-type': type }), ...headers } };
  const response = await fetch(`${server.base}/api/v4${path}`, body === undefined ? init : { ...init, body });
  return { status: response.status, text: await response.text() };
}

/** The rows that name anything of the foreign world. */
async function theirRows(): Promise<readonly string[]> {
  const ids = Object.values(world.values).filter((value) => /^[a-z0-9]{26}$/.test(value));
  return (await server.rows()).filter((row) => ids.some((id) => row.includes(id)));
}

it('every route at the door names its permission, and something is at stake on most routes', () => {
  expect(atDoor.filter((definition) => asked(definition).length === 0)).toEqual([]);
  expect(atDoor.length).toBeGreaterThan(25);
  expect(atStake.length).toBeGreaterThan(120);
});

it('no route that wants a session does anything without one', async () => {
  const before = await theirRows();
  const bad: string[] = [];
  for (const definition of routes.filter(({ access }) => access === 'session' || access === 'admin')) {
    const { status } = await call({}, foreignRequest(definition, world));
    if (status !== 401) bad.push(`${keyOf(definition)} ${status}`);
  }
  expect(bad).toEqual([]);
  expect(await theirRows()).toEqual(before);
}, 300_000);

it('no route tells an outsider anything of others, or changes it', async () => {
  const bad: string[] = [];
  let before = await theirRows();
  for (const definition of routes) {
    const key = keyOf(definition);
    const { status, text } = await call(
      definition.access === 'public' ? {} : outsider.headers,
      foreignRequest(definition, world),
    );
    const told = world.secrets.filter((secret) => text.includes(secret));
    if (told.length > 0) bad.push(`${key} tells ${told}`);
    const mayAnswer = isForEverybody(definition) || LEAVES_OUT.has(key);
    const isRefused = status === 403 || status === 404 || (status === 501 && !isThere(definition));
    if (mayAnswer ? status >= 502 : !isRefused) bad.push(`${key} ${status}: ${text.slice(0, 120)}`);
    if (definition.method === 'get') continue;
    const after = await theirRows();
    if (after.join('\n') !== before.join('\n')) bad.push(`${key} changes what is not the caller's`);
    before = after;
  }
  expect(bad).toEqual([]);
}, 300_000);

/** Done for a member whose roles do not bring it, and why. */
const NOT_ASKED: Readonly<Record<string, string>> = {
  'GET /files/{file_id}': 'it is their own upload',
  'GET /files/{file_id}/thumbnail': 'it is their own upload',
  'GET /files/{file_id}/preview': 'it is their own upload',
  'GET /files/{file_id}/info': 'it is their own upload',
  'GET /files/{file_id}/link': 'it is their own upload',
  'POST /channels/stats/member_count': 'the statement looks for their places by itself',
};

it('what a route says that it asks for, it asks for: taken out of all roles, it stops those who may otherwise', async () => {
  const byPermissions = new Map<string, RouteDefinition[]>();
  for (const definition of routes.filter((one) => one.access === 'session' && isThere(one))) {
    const key = asked(definition).join();
    if (key === '' || key.includes('self') || keyOf(definition) in NOT_ASKED) continue;
    byPermissions.set(key, [...(byPermissions.get(key) ?? []), definition]);
  }
  expect(byPermissions.size).toBeGreaterThan(15);
  const bad: string[] = [];
  for (const [permissions, definitions] of byPermissions) {
    world = await makeForeignWorld(server.base, await signedInAdmin(), world.owner);
    const restore = await takeOutOfRoles(permissions.split(','));
    for (const definition of definitions) {
      const { status } = await call(world.owner.headers, foreignRequest(definition, world));
      const isEmpty = LEAVES_OUT.has(keyOf(definition)) && status === 200;
      // A channel by its name, the place of a post and a bot are not there for those who may not see them.
      const isHidden = /\/name\/|\/info$|^\/bots\//.test(definition.path) && status === 404;
      if (status !== 403 && !isHidden && !isEmpty) bad.push(`${keyOf(definition)} ${status} without ${permissions}`);
    }
    await restore();
  }
  expect(bad).toEqual([]);
}, 300_000);

/** Gives back what puts it in again. */
async function takeOutOfRoles(permissions: readonly string[]): Promise<() => Promise<void>> {
  const { headers } = await signedInAdmin();
  const set = (id: string, to: readonly string[]) =>
    send(server.base, headers, 'PUT', `/roles/${id}/patch`, { permissions: to });
  const roles = ((await send(server.base, headers, 'GET', '/roles')) as Role[]).filter(
    (role) => role.name !== 'system_admin' && role.permissions.some((permission) => permissions.includes(permission)),
  );
  for (const role of roles)
    await set(
      role.id,
      role.permissions.filter((one) => !permissions.includes(one)),
    );
  return async () => {
    for (const role of roles) await set(role.id, role.permissions);
  };
}

// Late, as some of the routes change the whole server.
it('every route lets those through who may', async () => {
  const bad: string[] = [];
  const changesServer = (definition: RouteDefinition) => Number(CHANGES_SERVER.has(keyOf(definition)));
  const closed = routes.filter(({ access }) => access === 'session' || access === 'admin');
  for (const definition of closed.toSorted((a, b) => changesServer(a) - changesServer(b))) {
    const key = keyOf(definition);
    // A write may take away what the next request needs.
    if (definition.method !== 'get' && !CHANGES_SERVER.has(key))
      world = await makeForeignWorld(server.base, await signedInAdmin(), world.owner);
    const who = asked(definition).join() === 'self' || FOR_ONESELF.has(key) ? world.owner : await signedInAdmin();
    const { status, text } = await call(who.headers, foreignRequest(definition, world));
    const isStrict = definition.access === 'session' && !isForEverybody(definition) && isThere(definition);
    const isBad = isStrict && !(key in NO_SUCCESS) ? status >= 300 : status === 401 || status === 403;
    if (isBad) bad.push(`${key} ${status}: ${text.slice(0, 120)}`);
  }
  expect(bad).toEqual([]);
}, 300_000);

it.each<RoleName>(['system_manager', 'system_user_manager', 'system_read_only_admin'])(
  '%s comes through the doors of its role, and through no other',
  async (role) => {
    const person = await signUp(server.base, role.replaceAll('_', '-'));
    const roles = { roles: `system_user ${role}` };
    await send(server.base, (await signedInAdmin()).headers, 'PUT', `/users/${person.user.id}/roles`, roles);
    const has: readonly string[] = defaultPermissions[role];
    const wrong: string[] = [];
    for (const definition of atDoor) {
      const { method, path, type } = foreignRequest(definition, world);
      const empty = method === 'GET' || type === undefined ? {} : { body: '{}', type };
      const { status } = await call(person.headers, { method, path, ...empty });
      const may = permissionsAtDoor(definition).some((permission) => has.includes(permission));
      if ((status === 403) === may) wrong.push(`${keyOf(definition)} ${status}`);
    }
    expect(wrong).toEqual([]);
  },
);

/** Some routes end the session that they are called with. */
async function signedInAdmin(): Promise<Asker> {
  const { status } = await call(admin.headers, { method: 'GET', path: '/users/me' });
  if (status !== 200) admin = { ...admin, headers: await signIn(server.base, admin.user.username) };
  return admin;
}
