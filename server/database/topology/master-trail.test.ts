import { describe, expect, it } from 'vitest';
import { MasterTrail } from './master-trail.ts';

const reached = (position: string, atLeast: string): boolean => position >= atLeast;

const at = (n: number): string => n.toString(16).padStart(16, '0');

describe('MasterTrail', () => {
  it('tells how long ago the master passed the position of a replica', () => {
    const trail = new MasterTrail(reached);
    trail.add(at(10), 1_000);
    trail.add(at(20), 2_000);
    trail.add(at(30), 3_000);
    expect(trail.lagMs(at(10), 5_000)).toBe(3_000);
    expect(trail.lagMs(at(25), 5_000)).toBe(2_000);
    expect(trail.lagMs(at(30), 5_000)).toBe(0);
  });

  it('calls a replica of an idle master up to date however long nothing happened', () => {
    const trail = new MasterTrail(reached);
    trail.add(at(10), 1_000);
    trail.add(at(10), 90_000);
    expect(trail.lagMs(at(10), 100_000)).toBe(0);
  });

  it('does not hold against a replica what the master did after the replica was read', () => {
    const trail = new MasterTrail(reached);
    trail.add(at(10), 1_000);
    trail.add(at(20), 2_000);
    expect(trail.lagMs(at(10), 1_500)).toBe(0);
  });

  it('knows nothing without a mark, and nothing after the master has moved', () => {
    const trail = new MasterTrail(reached);
    expect(trail.lagMs(at(1), 1_000)).toBeNull();
    trail.add(at(10), 1_000);
    trail.clear();
    expect(trail.lagMs(at(1), 2_000)).toBeNull();
  });

  it('keeps marks apart and forgets those of two minutes ago', () => {
    const trail = new MasterTrail(reached);
    for (let i = 1; i <= 10_000; i++) trail.add(at(i), i * 50);
    // The oldest kept mark is two minutes old: a replica at 0 lags at least that much.
    expect(trail.lagMs(at(0), 500_000)).toBe(120_000);
  });
});
