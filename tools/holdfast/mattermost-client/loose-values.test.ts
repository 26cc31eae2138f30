import { expect, it } from 'vitest';
import { looseValues } from './loose-values.ts';

it('finds what the drivers of databases make of numbers, flags and nothing', () => {
  const answer = {
    count: '7',
    sum: '1.5',
    is_bot: 1,
    scheme_admin: 'true',
    list: null,
    notify_props: { desktop: 'all', sound: true },
    deep: [{ id: 'a', create_at: '1700000000000' }],
  };
  expect(looseValues(answer, '/users')).toEqual([
    '/users.count is a text: "7"',
    '/users.sum is a text: "1.5"',
    '/users.is_bot is no flag: 1',
    '/users.scheme_admin is no flag: "true"',
    '/users.list is null',
    '/users.notify_props.sound is no text',
    '/users.deep[].create_at is a text: "1700000000000"',
  ]);
});

it('takes what Mattermost sends', () => {
  const answer = {
    id: 'a',
    scheme_id: null,
    notify_props: { first_name: 'false', delay: '5' },
    participants: null,
    n: 1.5,
  };
  expect(looseValues([answer, {}], '/channels')).toEqual([]);
  expect(looseValues({ MaxFileSize: '52428800' }, '/config/client')).toEqual([]);
});
