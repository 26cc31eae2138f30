import { describe, expect, test } from 'vitest';
import type { DatabaseEvent, Operation } from '../../../../contract/index.ts';
import { withEvent, withOperation } from './merge.ts';
import { type RateSample, ratesOf, withSample } from './rates.ts';

const eventOf = (id: number, text = ''): DatabaseEvent => ({
  id,
  at: id,
  kind: 'reload',
  severity: 'info',
  source: null,
  actor: null,
  text,
  detail: {},
});

const operationOf = (id: string, outcome: Operation['outcome']): Operation => ({
  id,
  kind: 'recycle',
  actor: 'ann',
  started_at: 1,
  ended_at: null,
  steps: [],
  outcome,
  cancellable: false,
  cancelled_by: null,
  summary: '',
  write_hold_ms: null,
  writes_held: null,
  writes_failed: null,
});

describe('events and operations', () => {
  test('an event is shown once and in its place, whichever way it came', () => {
    const events = [eventOf(1), eventOf(3)];
    expect(withEvent(events, eventOf(2)).map((event) => event.id)).toEqual([1, 2, 3]);
    expect(withEvent(events, eventOf(3, 'again')).map((event) => event.text)).toEqual(['', 'again']);
  });

  test('a new operation comes first; a late "running" does not undo the end', () => {
    const ended = [operationOf('a', 'succeeded')];
    expect(withOperation(ended, operationOf('b', 'running')).map((each) => each.id)).toEqual(['b', 'a']);
    expect(withOperation(ended, operationOf('a', 'running'))[0]?.outcome).toBe('succeeded');
  });
});

describe('rates', () => {
  const sample = (at: number, a: number, b: number, writes = 0): RateSample => ({
    at,
    reads: new Map([
      ['a', a],
      ['b', b],
    ]),
    writes,
  });

  test('are what grew between the first and the last sample', () => {
    const rates = ratesOf([sample(0, 100, 0, 7), sample(5_000, 130, 10, 17)]);
    expect(rates.readsPerSecond).toBe(8);
    expect(rates.writesPerSecond).toBe(2);
    expect(Object.fromEntries(rates.readShares)).toEqual({ a: 0.75, b: 0.25 });
  });

  test('a counter that starts anew counts from zero, and without reads there are no shares', () => {
    expect(ratesOf([sample(0, 100, 0), sample(1_000, 5, 0)]).readsPerSecond).toBe(5);
    expect(ratesOf([sample(0, 1, 1), sample(1_000, 1, 1)]).readShares.size).toBe(0);
    expect(ratesOf([sample(0, 1, 1)]).readsPerSecond).toBe(0);
  });

  test('the window keeps the last sample from before it', () => {
    const samples = [0, 4_000, 9_000].map((at) => sample(at, 0, 0));
    expect(withSample(samples, sample(14_500, 0, 0)).map(({ at }) => at)).toEqual([4_000, 9_000, 14_500]);
  });
});
