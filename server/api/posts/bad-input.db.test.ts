import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { findBadAnswers, type TestApi } from '../testing/index.ts';
import { startChatApi } from './testing/chat-api.ts';

let opened: OpenTestDatabase;
let api: TestApi;
beforeAll(async () => {
  opened = await openTestDatabase();
  api = await startChatApi(opened);
});
afterAll(async () => {
  await api?.stop();
  await opened?.stop();
});

it.each(['admin', 'user'])(
  'nonsense from an %s is refused in the error shape by every route of the chat',
  async (name) => {
    const person = await api.person(name);
    const { bad, sent } = await findBadAnswers({
      base: api.base,
      routes: api.routes,
      headers: person.headers,
      // Those of accounts are held to this where they are made.
      skip: ({ definition }) => !/teams|channels|channel_members|posts|reactions/.test(definition.path),
    });
    expect(bad).toEqual([]);
    expect(sent).toBeGreaterThan(1_000);
  },
);
