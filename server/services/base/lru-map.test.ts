import { expect, test } from 'vitest';
import { LruMap } from './lru-map.ts';

test('the entry that was not used the longest is forgotten', () => {
  const map = new LruMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  expect(map.get('a')).toBe(1);
  map.set('c', 3);
  expect([map.get('a'), map.get('b'), map.get('c'), map.size]).toEqual([1, undefined, 3, 2]);
});

test('setting again replaces, deleting removes', () => {
  const map = new LruMap<string, number>(2);
  map.set('a', 1);
  map.set('a', 2);
  expect([...map.entries()]).toEqual([['a', 2]]);
  map.delete('a');
  expect(map.size).toBe(0);
});
