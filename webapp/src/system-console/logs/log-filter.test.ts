import { expect, test } from 'vitest';
import type { LogLine, LogPage } from '../../../../contract/index.ts';
import { countLevels, filterLines, withPage } from './log-filter.ts';

const line = (id: number, changes: Partial<LogLine> = {}): LogLine => ({
  id,
  time: '2026-01-01T00:00:00.000Z',
  level: 'info',
  event: 'server.listening',
  fields: {},
  ...changes,
});
const page = (run: string, ...ids: number[]): LogPage => ({ run, lines: ids.map((id) => line(id)) });

test('each line is kept once, whichever answers overlap', () => {
  expect(withPage(page('a', 1, 2), page('a', 2, 3)).lines.map(({ id }) => id)).toEqual([1, 2, 3]);
});

test('nothing new is the same page, so that nothing is drawn', () => {
  const known = page('a', 1, 2);
  expect(withPage(known, page('a'))).toBe(known);
});

test('after a restart of the server its lines begin anew', () => {
  expect(withPage(page('a', 1, 2, 900), page('b', 0, 1)).lines.map(({ id }) => id)).toEqual([0, 1]);
});

test('the newest 2,000 lines are kept', () => {
  const many = page('a', ...Array.from({ length: 2_000 }, (_, id) => id));
  const { lines } = withPage(many, page('a', 2_000));
  expect([lines.length, lines[0]?.id]).toEqual([2_000, 1]);
});

test('all words must be there, in the event or the fields, and the level shown', () => {
  const lines = [
    line(1, { event: 'database.left_rotation', level: 'warn', fields: { source: 'pg-b:5432', lag: { ms: 7 } } }),
    line(2, { event: 'audit', fields: { action: 'database.recycle' } }),
  ];
  const ids = (words: string, ...hidden: LogLine['level'][]) =>
    filterLines(lines, { words, hidden: new Set(hidden) }).map(({ id }) => id);
  expect([ids(''), ids('DATABASE'), ids('database pg-b'), ids('"ms":7'), ids('', 'warn'), ids('nothing')]).toEqual([
    [1, 2],
    [1, 2],
    [1],
    [1],
    [2],
    [],
  ]);
  expect(countLevels(lines)).toEqual({ error: 0, warn: 1, info: 1, debug: 0 });
});
