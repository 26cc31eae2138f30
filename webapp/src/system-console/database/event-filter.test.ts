import { expect, test } from 'vitest';
import type { DatabaseEvent } from '../../../../contract/index.ts';
import { filterEvents, kindsOf, noFilter } from './event-filter.ts';

const events: DatabaseEvent[] = [
  event(1, 'left_rotation', 'warning', 'Replica pg-c left the rotation: lag 4.1 s'),
  event(2, 'reload', 'info', 'Configuration reloaded.', 'ann'),
  event(3, 'recycle', 'error', 'Recycling unsuccessful: pg-b refused the password.', 'bob'),
];

function event(
  id: number,
  kind: string,
  severity: DatabaseEvent['severity'],
  text: string,
  actor: string | null = null,
): DatabaseEvent {
  return { id, at: id, kind, severity, source: null, actor, text, detail: {} };
}

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
