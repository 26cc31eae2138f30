import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

// Those of accounts are held to this where they are made.
const isOfChat = (path: string) =>
  /teams|channels|threads|drafts|channel_members|categories|posts|reactions|typing/.test(path);

// By the first part of their paths: all at once are more than one test should take.
describe.each(['teams', 'channels', 'users', 'posts', 'reactions', 'drafts'])('/%s', (area) => {
  it.each(['admin', 'user'])(
    'refuses nonsense from an %s in the error shape on every route of the chat',
    async (name) => {
      const person = await api.person(name);
      const { bad, sent } = await findBadAnswers({
        base: api.base,
        routes: api.routes,
        headers: person.headers,
        skip: ({ definition: { path } }) => !isOfChat(path) || path.split('/')[1] !== area,
      });
      expect(bad).toEqual([]);
      expect(sent).toBeGreaterThan(100);
    },
  );
});
