import { afterAll, beforeAll, expect, it } from 'vitest';
import { findBadAnswers } from '../testing/index.ts';
import { type FilesApi, startFilesApi } from './testing/files-api.ts';

let on: FilesApi;
beforeAll(async () => {
  on = await startFilesApi();
});
afterAll(() => on?.stop());

it.each(['admin', 'user'])(
  'nonsense from an %s is refused in the error shape by every route of files',
  async (name) => {
    const person = await on.api.person(name);
    const { bad, sent } = await findBadAnswers({
      base: on.api.base,
      routes: on.api.routes,
      headers: person.headers,
      // Those of accounts and of the chat are held to this where they are made.
      skip: ({ definition }) => !/^\/(?:files|uploads)|\/image/.test(definition.path),
    });
    expect(bad).toEqual([]);
    expect(sent).toBeGreaterThan(200);
    expect(await on.files.list()).toEqual([]);
  },
);
