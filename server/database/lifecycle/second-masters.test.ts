import { beforeEach, describe, expect, it } from 'vitest';
import { postgresDialect } from '../dialect/postgres.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { member, snapshotOf } from '../testing/members.ts';
import type { Member } from '../topology/index.ts';
import { Live } from './live.ts';
import { watchSecondMasters } from './second-masters.ts';

let live: Live;
let alarms: string[];
beforeEach(() => {
  live = new Live(
    snapshotOf([member('a', 'master'), member('b', 'replica', { observed: 'unknown', health: 'offline' })]),
    new ManualClock(),
    { reached: postgresDialect.reached },
  );
  alarms = [];
  live.events.subscribe(({ kind, severity }) => {
    if (kind.endsWith('master') || kind.endsWith('masters')) alarms.push(severity === 'error' ? kind : 'no alarm');
  });
  watchSecondMasters(live);
});

let time = 1;
const set = (host: string, changes: Partial<Member>): void =>
  live.update(`${host}:5432/chat`, (before) => ({ ...before, checkedAt: time++, badProbes: 0, ...changes }));
const writable: Partial<Member> = { health: 'suspect', observed: 'master', timeline: 2, instance: 'b1' };

describe('watchSecondMasters', () => {
  it('tells of one although it was never seen as anything else, once', () => {
    set('b', writable);
    set('b', writable);
    expect(alarms).toEqual(['two_masters']);
  });

  it('tells of one that was promoted while the master was silent for a moment', () => {
    set('a', { health: 'suspect', badProbes: 1 });
    set('b', writable);
    expect(alarms).toEqual([]);
    set('a', { health: 'online' });
    expect(alarms).toEqual(['two_masters']);
  });

  it('tells of a former master that comes back, whatever it was seen as before, and again after its restart', () => {
    live.publish(
      snapshotOf([
        member('b', 'master', { timeline: 2 }),
        member('a', 'replica', { observed: 'master', badProbes: 3 }),
      ]),
    );
    expect(alarms).toEqual([]);
    set('a', { instance: 'a2' });
    set('a', { badProbes: 1 });
    set('a', { instance: 'a2' });
    set('a', { instance: 'a3' });
    expect(alarms).toEqual(['former_master', 'former_master']);
  });

  it('tells again when it was a replica in between, and not when it merely was silent', () => {
    set('b', writable);
    set('b', { badProbes: 1 });
    set('b', writable);
    expect(alarms).toEqual(['two_masters']);
    set('b', { observed: 'replica' });
    set('b', writable);
    expect(alarms).toEqual(['two_masters', 'two_masters']);
  });

  it.each<[string, Partial<Member>]>([
    ['what was seen before the master was published', { checkedAt: 0 }],
    ['the very same server under another name', { instance: 'first' }],
    ['a fenced one', { observed: 'read-only' }],
    ['a foreign one', { observed: 'unknown' }],
  ])('says nothing of %s', (_, how) => {
    set('b', { ...writable, ...how });
    expect(alarms).toEqual([]);
  });
});
