import { expect, test } from 'vitest';
import { openTestDatabase } from '../../database/testing/index.ts';
import { route } from '../http/index.ts';
import { startTestApi } from '../testing/index.ts';

const HOUR = 3_600_000;

test('a session that was seen stays good while no database answers, a new one is told to try again', async () => {
  const opened = await openTestDatabase();
  let passed = 0;
  const whoAmI = route({ method: 'get', path: '/testing/who', access: 'session' }, async ({ caller }) => caller.roles);
  const api = await startTestApi({ layer: opened, routes: () => [whoAmI], now: () => Date.now() + passed });
  try {
    const admin = await api.person('admin');
    const unseen = await api.login(admin.user.username);
    const roles = ['system_user', 'system_admin'];
    expect((await api.call(admin, 'GET', '/testing/who')).body).toEqual(roles);

    await opened.stop();
    for (passed of [0, HOUR / 2, 5 * HOUR]) expect((await api.call(admin, 'GET', '/testing/who')).body).toEqual(roles);
    const refused = await api.call(unseen, 'GET', '/testing/who');
    expect([refused.status, refused.error.id]).toEqual([503, 'api.database.unavailable.app_error']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    // A request that needs a database says so, and signs nobody out.
    expect((await api.call(admin, 'GET', '/users/me')).status).toBe(503);
    expect((await api.call(admin, 'POST', '/users/logout')).status).toBe(200);
    expect((await api.call(admin, 'GET', '/testing/who')).status).toBe(401);
  } finally {
    await api.stop();
  }
});
