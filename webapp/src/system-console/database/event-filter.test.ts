import { expect, test } from 'vitest';
import type { DatabaseEvent } from '../../../../contract/index.ts';
import { filterEvents, kindsOf, noFilter } from './event-filter.ts';

const blank = { at: 0, source: null, actor: null, detail: {} };
const events: DatabaseEvent[] = [
  { ...blank, id: 1, kind: 'left_rotation', severity: 'warning', text: 'Replica pg-c left the rotation: lag 4.1 s' },
  { ...blank, id: 2, kind: 'reload', severity: 'info', text: 'Configuration reloaded.', actor: 'ann' },
  { ...blank, id: 3, kind: 'recycle', severity: 'error', text: 'Recycling unsuccessful: pg-b refused the password.' },
];

const idsOf = (filter: Partial<typeof noFilter>): number[] =>
  filterEvents(events, { ...noFilter, ...filter }).map(({ id }) => id);

test('without a filter all events are shown, newest first', () => expect(idsOf({})).toEqual([3, 2, 1]));

test.each([
  [{ words: 'PG-' }, [3, 1]],
  [{ words: ' ann ' }, [2]],
  [{ kind: 'recycle' }, [3]],
  [{ severity: 'warning' }, [1]],
  [{ severity: 'warning', words: 'password' }, []],
])('%j lets %j pass', (filter, ids) => expect(idsOf(filter)).toEqual(ids));

test('the kinds on offer are those that occur', () =>
  expect(kindsOf(events)).toEqual(['left_rotation', 'recycle', 'reload']));
