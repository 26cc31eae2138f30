import { beforeEach, describe, expect, it } from 'vitest';
import { postgresDialect } from '../dialect/postgres.ts';
import type { LayerEvent } from '../events.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { member, snapshotOf } from '../testing/members.ts';
import { Live } from './live.ts';

let live: Live;
let events: LayerEvent[];
beforeEach(() => {
  live = new Live(
    snapshotOf([member('a', 'master'), member('b', 'replica', { observed: 'unknown', health: 'offline' })]),
    new ManualClock(),
    { reached: postgresDialect.reached },
  );
  events = [];
  live.events.subscribe((event) => events.push(event));
});

describe('Live', () => {
  it('tells of a second master although it was never seen as anything else', () => {
    live.update('b:5432/chat', (before) => ({ ...before, observed: 'master' }));
    expect(events).toMatchObject([{ kind: 'two_masters', severity: 'error', source: 'b:5432/chat' }]);
  });

  it('tells nothing of what a source proves to be at first sight', () => {
    live.update('b:5432/chat', (before) => ({ ...before, observed: 'replica' }));
    expect(events).toEqual([]);
  });

  it('begins a history with a floor for reads and with nothing that is known to be shared', () => {
    live.beginHistory('0000000000000900');
    expect(live.current).toMatchObject({ floor: '0000000000000900', topology: { generation: 1 } });
    expect(live.current.topology.members.map(({ sharedUpTo }) => sharedUpTo)).toEqual([null, null]);
    expect(events).toMatchObject([{ kind: 'history_changed', severity: 'warning' }]);
  });

  it('ignores changes that change nothing', () => {
    const before = live.current;
    live.update('b:5432/chat', (same) => same);
    live.update('nobody', (same) => ({ ...same, health: 'online' }));
    expect(live.current).toBe(before);
  });
});
