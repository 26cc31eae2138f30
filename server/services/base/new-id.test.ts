import { expect, test } from 'vitest';
import { id } from '../../../contract/index.ts';
import { newId } from './new-id.ts';

test('ids have the form of the contract and never repeat, over many fillings of the pool', () => {
  const seen = new Set<string>();
  for (let i = 0; i < 5_000; i++) {
    const made = newId();
    expect(id.safeParse(made).success).toBe(true);
    seen.add(made);
  }
  expect(seen.size).toBe(5_000);
});

test('every letter of the alphabet is used at every place', () => {
  const perPlace = Array.from({ length: 26 }, () => new Set<string>());
  for (let i = 0; i < 5_000; i++) {
    for (const [place, letter] of [...newId()].entries()) perPlace[place]?.add(letter);
  }
  expect(perPlace.map((letters) => letters.size)).toEqual(Array(26).fill(32));
});
