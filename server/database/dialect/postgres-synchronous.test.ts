import { describe, expect, it } from 'vitest';
import { confirmersOf } from './postgres-synchronous.ts';

describe('confirmersOf', () => {
  it.each<[string, number, string[]]>([
    ['pg-b', 1, ['pg-b']],
    ['"pg-b", "pg-c"', 1, ['pg-b', 'pg-c']],
    ['2 (a, B)', 2, ['a', 'b']],
    ['FIRST 2 (a, b, c)', 2, ['a', 'b', 'c']],
    ['any 3 ("a b", "say ""x""", "c,d" , c)', 3, ['a b', 'say "x"', 'c,d', 'c']],
    ['ANY 1 (a, "A")', 1, ['a']],
  ])('%s', (names, required, confirmers) => {
    expect(confirmersOf(names)).toEqual({ required, confirmers, gap: '' });
  });

  it.each(['*', 'FIRST 1 (*)', 'ANY 2 (a, "*")'])('%s could be anybody', (names) => {
    expect(confirmersOf(names).gap).toMatch(/Write the names of the replicas there\.$/);
  });
});
