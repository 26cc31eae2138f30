import { beforeEach, describe, expect, it } from 'vitest';
import { postgresDialect } from '../dialect/postgres.ts';
import type { LayerEvent } from '../events.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { member, snapshotOf } from '../testing/members.ts';
import { Live, type MasterChange } from './live.ts';

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
  it('tells nothing of what a source proves to be at first sight', () => {
    live.update('b:5432/chat', (before) => ({ ...before, observed: 'replica' }));
    expect(events).toEqual([]);
  });

  it('begins a history with a floor for reads and with nothing that is known to be shared', () => {
    live.beginHistory('0000000000000900');
    expect(live.current).toMatchObject({ floor: '0000000000000900', topology: { generation: 1 } });
    expect(live.current.topology.members.map(({ sharedUpTo }) => sharedUpTo)).toEqual([null, null]);
    expect(events).toMatchObject([
      { kind: 'history_changed', severity: 'warning' },
      { kind: 'master_changed', detail: { forced: true } },
    ]);
  });

  it('tells of a new master, and whether writes may be missing there', () => {
    const changes: MasterChange[] = [];
    live.masters.subscribe((change) => changes.push(change));
    const second = snapshotOf([member('b', 'master'), member('a', 'replica')]);
    live.publish(second);
    live.publish(second);
    live.publish(snapshotOf([member('a', 'master')]), { forced: true });
    live.beginHistory('0000000000000900');
    expect(changes).toEqual([
      { name: 'b:5432/chat', forced: false },
      { name: 'a:5432/chat', forced: true },
      { name: 'a:5432/chat', forced: true },
    ]);
  });

  it('ignores changes that change nothing', () => {
    const before = live.current;
    live.update('b:5432/chat', (same) => same);
    live.update('nobody', (same) => ({ ...same, health: 'online' }));
    expect(live.current).toBe(before);
  });
});
