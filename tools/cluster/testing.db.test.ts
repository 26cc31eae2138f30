import { expect, inject, test } from 'vitest';

import { queryOnce } from './session.ts';
import { createDatabase } from './testing.ts';

test('each test database is new, belongs to the application and is gone after drop', async () => {
  const url = inject('postgresUrl');
  const [one, two] = await Promise.all([createDatabase(url), createDatabase(url)]);
  await queryOnce(one.url, 'CREATE TABLE mine (id int)');
  await expect(queryOnce(two.url, 'SELECT FROM mine')).rejects.toThrow('relation "mine" does not exist');
  await Promise.all([one.drop(), two.drop()]);
  await expect(queryOnce(one.url, 'SELECT 1')).rejects.toThrow('does not exist');
});

test('letters of all alphabets change case, on every system', async () => {
  const [row] = await queryOnce(inject('postgresUrl'), "SELECT lower('ÉÇЖ') AS lower");
  expect(row?.['lower']).toBe('éçж');
});
