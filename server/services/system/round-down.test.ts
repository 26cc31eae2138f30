import { expect, test } from 'vitest';
import { roundDown } from './round-down.ts';

test.each([
  [0, 0],
  [9, 0],
  [10, 10],
  [99, 90],
  [1_000, 1_000],
  [4_711, 4_000],
])('%i is shown as %i', (count, shown) => expect(roundDown(count)).toBe(shown));
