import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { startTestApi, type TestApi, type TestPerson } from '../testing/index.ts';

let opened: OpenTestDatabase;
let api: TestApi;
let admin: TestPerson;
let ann: TestPerson;
let bob: TestPerson;
beforeAll(async () => {
  opened = await openTestDatabase();
  api = await startTestApi({ layer: opened });
  [admin, ann, bob] = [await api.person('admin'), await api.person('ann'), await api.person('bob')];
});
afterAll(async () => {
  await api?.stop();
  await opened?.stop();
});

const of = (who: TestPerson, category: string, name: string, value: string) => ({
  user_id: who.user.id,
  category,
  name,
  value,
});

test('are saved, replaced, read in three ways and removed, and their user is told', async () => {
  const [theme, tips] = [of(ann, 'theme', '', '{}'), of(ann, 'tips', 'a', '1')];
  expect((await api.call(ann, 'PUT', '/users/me/preferences', [theme])).status).toBe(200);
  expect((await api.call(ann, 'POST', '/users/me/preferences/delete', [theme])).status).toBe(200);
  const show = of(ann, 'show', 'b', '"ü"');
  expect((await api.call(ann, 'PUT', '/users/me/preferences', [tips, show])).body).toEqual({ status: 'OK' });
  expect(api.events.at(-1)).toMatchObject({
    event: 'preferences_changed',
    data: { preferences: JSON.stringify([tips, show]) },
    to: { user_id: ann.user.id },
    token: expect.any(String),
  });
  expect((await api.call(ann, 'GET', '/users/me/preferences')).body).toEqual([show, tips]);
  expect((await api.call(ann, 'GET', '/users/me/preferences/show')).body).toEqual([show]);
  expect((await api.call(ann, 'GET', '/users/me/preferences/show/name/b')).body).toEqual(show);
  await api.call(ann, 'PUT', `/users/${ann.user.id}/preferences`, [{ ...tips, value: '2' }]);
  const { value: _value, ...key } = tips;
  expect((await api.call(ann, 'GET', '/users/me/preferences/tips/name/a')).body).toEqual({ ...key, value: '2' });
  expect((await api.call(ann, 'POST', '/users/me/preferences/delete', [key])).status).toBe(200);
  expect(api.events.at(-1)).toMatchObject({
    event: 'preferences_deleted',
    data: { preferences: JSON.stringify([key]) },
  });
  expect((await api.call(ann, 'GET', '/users/me/preferences')).body).toEqual([show]);
});

test('an empty category and an unknown name are not found; nobody has none', async () => {
  expect((await api.call(bob, 'GET', '/users/me/preferences')).body).toEqual([]);
  for (const path of ['/users/me/preferences/nothing', '/users/me/preferences/show/name/nothing']) {
    expect((await api.call(ann, 'GET', path)).error.id).toBe('api.preference.not_found.app_error');
  }
});

test('belong to their user: others are refused, admins are not, foreign rows never get in', async () => {
  const mine = of(ann, 'show', 'x', '1');
  expect((await api.call(bob, 'GET', `/users/${ann.user.id}/preferences`)).status).toBe(403);
  expect((await api.call(bob, 'PUT', `/users/${ann.user.id}/preferences`, [mine])).status).toBe(403);
  expect((await api.call(bob, 'PUT', '/users/me/preferences', [mine])).status).toBe(403);
  expect((await api.call(bob, 'POST', '/users/me/preferences/delete', [mine])).status).toBe(403);
  expect((await api.call(admin, 'PUT', `/users/${ann.user.id}/preferences`, [mine])).status).toBe(200);
  expect((await api.call(ann, 'GET', '/users/me/preferences/show/name/x')).body).toEqual(mine);
});
