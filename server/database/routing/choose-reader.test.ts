import { describe, expect, it } from 'vitest';
import { member } from '../testing/members.ts';
import { caughtUp, chooseByLoad, cost, probablyCaughtUp } from './choose-reader.ts';

const now = 100_000;
const reached = (position: string, atLeast: string): boolean => position >= atLeast;
const sequence = (...values: number[]) => {
  let next = 0;
  return () => values[next++ % values.length] ?? 0;
};

describe('chooseByLoad', () => {
  const a = member('a', 'replica');
  const b = member('b', 'replica');
  const c = member('c', 'replica');

  it('takes the cheaper of the two that it drew', () => {
    const loads = { 'a:5432/chat': 5, 'b:5432/chat': 1, 'c:5432/chat': 0 } as Record<string, number>;
    const loadOf = (one: typeof a) => ({ inFlight: loads[one.name] ?? 0, latencyMs: 1 });
    // Draws a and b: c would be cheaper still, but was not drawn.
    expect(chooseByLoad([a, b, c], loadOf, { now, random: sequence(0, 0) })).toBe(b);
    // Draws c and a.
    expect(chooseByLoad([a, b, c], loadOf, { now, random: sequence(0.99, 0) })).toBe(c);
  });

  it('never draws the same one twice, whatever the random numbers are', () => {
    const drawn = new Set<string>();
    for (const first of [0, 0.4, 0.999]) {
      for (const second of [0, 0.5, 0.999]) {
        const seen: string[] = [];
        const loadOf = (one: typeof a) => {
          seen.push(one.name);
          return { inFlight: 0, latencyMs: 1 };
        };
        drawn.add(chooseByLoad([a, b, c], loadOf, { now, random: sequence(first, second) })?.name ?? '');
        expect(new Set(seen).size).toBe(2);
      }
    }
    expect(drawn.size).toBe(3);
  });

  it('answers undefined without candidates and the only one without asking for its load', () => {
    const unasked = () => {
      throw new Error('asked');
    };
    expect(chooseByLoad([], unasked, { now, random: Math.random })).toBeUndefined();
    expect(chooseByLoad([a], unasked, { now, random: Math.random })).toBe(a);
  });
});

describe('cost', () => {
  it('is ten times as high for a replica that has just returned, and normal after ten seconds', () => {
    const load = { inFlight: 0, latencyMs: 2 };
    const old = cost(member('a', 'replica', { admittedAt: now - 10_000 }), load, now);
    const fresh = cost(member('a', 'replica', { admittedAt: now }), load, now);
    const half = cost(member('a', 'replica', { admittedAt: now - 5_000 }), load, now);
    expect(fresh / old).toBeCloseTo(10);
    expect(half / old).toBeCloseTo(2);
  });
});

describe('caughtUp', () => {
  const behind = member('a', 'replica', { position: '0000000000000001' });
  const there = member('b', 'replica', { position: '0000000000000005' });
  const unknown = member('c', 'replica', { position: null });

  it('keeps all without a token', () => {
    expect(caughtUp([behind, there, unknown], undefined, reached)).toEqual([behind, there, unknown]);
  });

  it('keeps those at or past the position and never one of unknown position', () => {
    expect(caughtUp([behind, there, unknown], '0000000000000005', reached)).toEqual([there]);
    expect(caughtUp([behind, there], '0000000000000001', reached)).toEqual([behind, there]);
  });
});

describe('probablyCaughtUp', () => {
  it('keeps those whose lag was small when last measured', () => {
    const close = member('a', 'replica', { lagMs: 20 });
    const far = member('b', 'replica', { lagMs: 2_000 });
    const unknown = member('c', 'replica', { lagMs: null });
    expect(probablyCaughtUp([close, far, unknown], 100)).toEqual([close]);
  });
});
