import { describe, expect, it } from 'vitest';
import type { Channel, User } from '../../../../contract/index.ts';
import { complete, queryAt, suggest } from './completion.ts';

const user = (username: string) => ({ id: username, username, first_name: '', last_name: '' }) as User;
const sources = {
  users: { a: user('ann'), b: user('joanna'), c: user('bob') },
  channels: { t: { id: 't', type: 'O', name: 'town-square', display_name: 'Town Square' } as Channel },
  emoji: new Map([
    ['smile', '😄'],
    ['sweat_smile', '😅'],
  ]),
};

describe('queryAt', () => {
  it('finds the word that ends at the caret', () => {
    expect(queryAt('hi @An', 6)).toEqual({ mark: '@', term: 'an', start: 3 });
    expect(queryAt('@', 1)).toEqual({ mark: '@', term: '', start: 0 });
    expect(queryAt('(~to', 4)).toEqual({ mark: '~', term: 'to', start: 1 });
  });
  it('leaves addresses, times and colons alone', () => {
    expect(queryAt('ann@ex', 6)).toBeUndefined();
    expect(queryAt('at 10:30', 8)).toBeUndefined();
    expect(queryAt('so: ', 4)).toBeUndefined();
    expect(queryAt('so :s', 5)).toBeUndefined();
  });
});

describe('suggest and complete', () => {
  it('puts names that start with the term first', () => {
    const query = queryAt('@an', 3);
    expect(query && suggest(query, sources).map((each) => each.insert)).toEqual(['@ann', '@joanna']);
  });
  it('puts the emoji itself into the text', () => {
    const text = 'well :smi, yes';
    const query = queryAt(text, 9);
    if (!query) throw new Error('no query');
    const [first] = suggest(query, sources);
    expect(first?.insert).toBe('😄');
    expect(first && complete(text, 9, query, first)).toEqual({ text: 'well 😄 , yes', caret: 8 });
  });
});
