import { beforeEach, describe, expect, it } from 'vitest';
import { postgresDialect } from '../dialect/postgres.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { member, snapshotOf } from '../testing/members.ts';
import { Live } from './live.ts';
import { changeRotation, type RotationChange } from './rotation.ts';

const clock = new ManualClock();
let live: Live;
beforeEach(() => {
  live = new Live(snapshotOf([member('a', 'master'), member('b', 'replica'), member('c', 'replica')]), clock, {
    reached: postgresDialect.reached,
  });
});

const fit = (): string[] => live.current.topology.fitReplicas.map(({ name }) => name);
const change = (host: string, changes: Partial<RotationChange> = {}) =>
  changeRotation(live, clock, { name: `${host}:5432/chat`, by: 'ann', acceptLast: false, ...changes });

describe('changeRotation', () => {
  it('takes a healthy replica out, and puts it back to warm up', () => {
    expect(change('b')).toBe('changed');
    expect(fit()).toEqual(['c:5432/chat']);
    expect(change('b')).toBe('unchanged');
    expect(change('b', { by: null })).toBe('changed');
    expect(fit()).toEqual(['b:5432/chat', 'c:5432/chat']);
    expect(live.current.topology.members[1]).toMatchObject({ takenOut: null, admittedAt: clock.now() });
  });

  it('never takes the master, and nobody that it does not know', () => {
    expect([change('a'), change('z')]).toEqual(['master', 'unknown']);
  });

  it('takes the last one that serves only when that is accepted', () => {
    change('b');
    expect(change('c')).toBe('last');
    expect(fit()).toEqual(['c:5432/chat']);
    expect(change('c', { acceptLast: true })).toBe('changed');
    expect(fit()).toEqual([]);
  });

  it('takes one that serves nothing anyway without a question', () => {
    live.update('b:5432/chat', (before) => ({ ...before, health: 'offline' }));
    expect(change('b')).toBe('changed');
    live.update('b:5432/chat', (before) => ({ ...before, health: 'online' }));
    expect(fit()).toEqual(['c:5432/chat']);
  });
});
