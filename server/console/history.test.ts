import { describe, expect, test } from 'vitest';
import { createHistory, type History } from './history.ts';
import { createScriptedControl, sourceOf } from './testing/scripted-control.ts';

let at = 0;

/** A history of one replica whose counters the readings move. */
function start(): { history: History; read: (changes?: Parameters<typeof sourceOf>[0]) => void } {
  at = 0;
  const control = createScriptedControl();
  const history = createHistory({ status: control.status, now: () => at });
  return {
    history,
    read(changes = {}) {
      at += 5_000;
      control.sources = [sourceOf(changes)];
      history.sample();
    },
  };
}

describe('history', () => {
  test('turns counters into rates; the first has none, and a new pool counts from zero', () => {
    const { history, read } = start();
    read({ reads_total: 100 });
    read({ reads_total: 150, in_use: 3 });
    read({ reads_total: 20, lag_seconds: 4.5 });
    const { at: times, sources } = history.list('15m');
    expect(times).toEqual([5_000, 10_000, 15_000]);
    expect(sources).toMatchObject([
      { name: 'pg-b:5432/holdfast', reads_per_second: [null, 10, 4], in_use: [0, 3, 0], lag_seconds: [0, 0, 4.5] },
    ]);
  });

  test('a minute of the day has the peak of its readings and the mean of its rates', () => {
    const { history, read } = start();
    for (let i = 1; i <= 24; i++) read({ in_use: i, reads_total: i * 10 });
    expect(history.list('24h')).toMatchObject({
      step_ms: 60_000,
      at: [60_000, 120_000],
      sources: [{ in_use: [12, 24], reads_per_second: [2, 2] }],
    });
  });

  test('a source that came later or has left is null in between, and a master has no lag', () => {
    const { history, read } = start();
    read();
    read({ name: 'pg-c:5432/holdfast', assigned_role: 'master', lag_seconds: 0 });
    const [first, second] = history.list('15m').sources;
    expect(first?.in_use).toEqual([0, null]);
    expect(second).toMatchObject({ role: 'master', in_use: [null, 0], lag_seconds: [null, null] });
  });

  test('keeps an hour of fine and a day of coarse steps, and no more', () => {
    const { history, read } = start();
    for (let i = 0; i < 12 * 1_450; i++) read();
    expect(history.list('15m').at).toHaveLength(180);
    expect(history.list('1h').at).toHaveLength(720);
    expect(history.list('24h').at).toHaveLength(1_440);
    expect(history.list('24h').at.at(-1)).toBe(at);
  });
});
