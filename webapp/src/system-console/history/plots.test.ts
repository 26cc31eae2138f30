import { describe, expect, test } from 'vitest';
import type { DatabaseHistory, SourceHistory } from '../../../../contract/index.ts';
import { plotsOf, summaryOf, thinned } from './plots.ts';

const source = (name: string, changes: Partial<SourceHistory> = {}): SourceHistory => ({
  name,
  role: 'replica',
  in_use: [0, 1],
  waiting: [0, 0],
  reads_per_second: [null, 4],
  writes_per_second: [null, 0],
  p95_ms: [null, 3],
  lag_seconds: [0, 0.2],
  ...changes,
});
const history: DatabaseHistory = {
  range: '15m',
  step_ms: 5_000,
  at: [5_000, 10_000],
  writes_waiting: [0, 2],
  sources: [source('pg-a', { role: 'master', writes_per_second: [null, 7] }), source('pg-b')],
};
const words = { reads: 'reads', writes: 'writes', gate: 'writes at the gate' };

describe('plots', () => {
  const labels = plotsOf(history, words).map(({ lines }) => lines.map(({ label }) => label));

  test('have a line for whatever can be there, and no more', () => {
    expect(labels).toEqual([
      ['pg-a', 'pg-b'],
      ['pg-a', 'pg-b', 'writes at the gate'],
      ['reads pg-a', 'reads pg-b', 'writes pg-a'],
      ['pg-a', 'pg-b'],
      ['pg-b'],
    ]);
  });

  test('give a source the same colour everywhere', () => {
    const colors = plotsOf(history, words).flatMap(({ lines }) => lines.filter(({ label }) => label.endsWith('pg-b')));
    expect(new Set(colors.map(({ color }) => color))).toEqual(new Set([1]));
  });
});

test('a summary has the last value and where the highest was', () => {
  expect(summaryOf([1, 9, null, 9, 2])).toEqual({ now: 2, max: 9, maxIndex: 1 });
  expect(summaryOf([null, null])).toEqual({ now: null, max: null, maxIndex: -1 });
  expect(summaryOf([0, null])).toEqual({ now: null, max: 0, maxIndex: 0 });
});

test('a long list is thinned out evenly, the newest always there', () => {
  expect(thinned(3, 60)).toEqual([2, 1, 0]);
  expect(thinned(6, 3)).toEqual([5, 3, 1]);
  expect(thinned(720, 60)).toHaveLength(60);
  expect(thinned(0, 60)).toEqual([]);
});
