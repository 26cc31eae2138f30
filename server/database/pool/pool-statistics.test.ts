import { describe, expect, it } from 'vitest';
import { PoolStatistics } from './pool-statistics.ts';

describe('the latency estimate', () => {
  it('rises at once, and decays with the answers', () => {
    const statistics = new PoolStatistics();
    statistics.succeeded(0, 2, false);
    statistics.succeeded(10, 500, false);
    expect(statistics.latencyMs(10)).toBe(500);
    statistics.succeeded(10_010, 2, false);
    expect(statistics.latencyMs(10_010)).toBeCloseTo(500 / Math.E + 2 * (1 - 1 / Math.E), 5);
  });

  it('decays while nobody asks, so that one slow answer does not keep a source from being asked', () => {
    const statistics = new PoolStatistics();
    statistics.succeeded(0, 500, false);
    expect(statistics.latencyMs(10_000)).toBeCloseTo(500 / Math.E, 5);
    expect(statistics.latencyMs(100_000)).toBeLessThan(1);
  });
});
