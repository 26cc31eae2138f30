import { expect, it } from 'vitest';
import { settle } from '../testing/manual-clock.ts';
import { Turns } from './turns.ts';

it('gives one turn at a time, in order, and nobody comes in between', async () => {
  const turns = new Turns();
  const order: string[] = [];
  const first = turns.tryTake();
  expect(turns.tryTake()).toBeUndefined();
  const second = turns.take().then((end) => {
    order.push('second');
    return end;
  });
  const third = turns.take().then((end) => {
    order.push('third');
    return end;
  });
  first?.();
  first?.();
  expect(turns.tryTake()).toBeUndefined();
  (await second)();
  (await third)();
  await settle();
  expect(order).toEqual(['second', 'third']);
  expect(turns.tryTake()).toBeDefined();
});
