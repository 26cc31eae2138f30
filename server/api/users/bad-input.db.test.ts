import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { findBadAnswers, startTestApi, type TestApi } from '../testing/index.ts';

let opened: OpenTestDatabase;
let api: TestApi;
beforeAll(async () => {
  opened = await openTestDatabase();
  api = await startTestApi({ layer: opened });
});
afterAll(async () => {
  await api?.stop();
  await opened?.stop();
});

// All routes at once are more than one test should take.
const PARTS = 3;
describe.each(Array.from({ length: PARTS }, (_, part) => part))('part %i of the routes of accounts', (part) => {
  test.each(['admin', 'user'])('refuses nonsense from an %s in the error shape', async (name) => {
    const person = await api.person(name);
    const { sent, bad } = await findBadAnswers({
      base: api.base,
      routes: api.routes.filter((_, index) => index % PARTS === part),
      headers: person.headers,
      // Pictures are held to this with the files; who signs everybody out is signed out as well.
      skip: ({ definition: { path } }) => path.includes('/image') || path === '/users/sessions/revoke/all',
    });
    expect(bad).toEqual([]);
    expect(sent).toBeGreaterThan(500);
    // Nothing of it has signed the sender out: the refusals were about the nonsense.
    expect((await api.call(person, 'GET', '/users/me')).status).toBe(200);
  });
});
