import { afterAll, beforeAll, expect, test } from 'vitest';
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

test.each(['admin', 'user'])(
  'nonsense from an %s is refused in the error shape by every route of accounts',
  async (name) => {
    const person = await api.person(name);
    const { sent, bad } = await findBadAnswers({ base: api.base, routes: api.routes, headers: person.headers });
    expect(bad).toEqual([]);
    expect(sent).toBeGreaterThan(1_000);
    // Nothing of it has signed the sender out: the refusals were about the nonsense.
    expect((await api.call(person, 'GET', '/users/me')).status).toBe(200);
  },
);
