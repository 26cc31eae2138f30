import { expect, test } from 'vitest';
import { TokenBuckets } from './token-buckets.ts';

function buckets() {
  let now = 1_000;
  const made = new TokenBuckets(
    () => ({ capacity: 2, refillMs: 100 }),
    () => now,
  );
  return { made, pass: (ms: number) => (now += ms) };
}

test('as many as the capacity at once, then one per refill, with the wait told', () => {
  const { made, pass } = buckets();
  expect([made.take('a'), made.take('a'), made.take('a')]).toEqual([0, 0, 100]);
  pass(60);
  expect(made.take('a')).toBe(40);
  pass(40);
  expect([made.take('a'), made.take('a')]).toEqual([0, 100]);
});

test('keys do not touch each other, and a reset forgets', () => {
  const { made } = buckets();
  made.take('a');
  made.take('a');
  expect([made.left('a'), made.take('b')]).toEqual([0, 0]);
  made.reset('a');
  expect(made.left('a')).toBe(2);
});

test('waiting long does not fill it above its capacity', () => {
  const { made, pass } = buckets();
  made.take('a');
  pass(1e9);
  expect(made.left('a')).toBe(2);
});
