import { describe, expect, it } from 'vitest';
import { type DiskSample, growthPerHour, hoursLeft, withSample } from './growth.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

/** One sample every `stepMs`, of a use that `usedAt` tells. */
function samplesOver(ms: number, usedAt: (at: number) => number, stepMs = minute): readonly DiskSample[] {
  let samples: readonly DiskSample[] = [];
  for (let at = 0; at <= ms; at += stepMs) samples = withSample(samples, { at, usedBytes: usedAt(at) });
  return samples;
}

describe('growth', () => {
  it('is unknown until ten minutes have been seen', () => {
    expect(growthPerHour([])).toBeNull();
    expect(growthPerHour(samplesOver(9 * minute, (at) => at))).toBeNull();
    expect(growthPerHour(samplesOver(10 * minute, (at) => at))).toBeCloseTo(60 * minute);
  });

  it('is the trend, whatever comes and goes meanwhile', () => {
    const saw = samplesOver(day, (at) => at / minute + ((at / minute) % 7) * 100);
    expect(growthPerHour(saw)).toBeGreaterThan(59);
    expect(growthPerHour(saw)).toBeLessThan(61);
    expect(growthPerHour(samplesOver(day, () => 5))).toBe(0);
    expect(growthPerHour(samplesOver(day, (at) => -at / minute))).toBeCloseTo(-60);
  });

  it('is of the last day, by at most one sample a minute', () => {
    const samples = samplesOver(3 * day, (at) => (at < 2 * day ? 0 : (at - 2 * day) / minute), minute / 4);
    expect(samples).toHaveLength(24 * 60);
    expect(growthPerHour(samples)).toBeCloseTo(60);
  });

  it('tells the hours that are left, but not of a disk that does not fill', () => {
    expect(hoursLeft(120, 60)).toBe(2);
    expect(hoursLeft(120, null)).toBeNull();
    expect(hoursLeft(120, 0)).toBeNull();
    expect(hoursLeft(120, -3)).toBeNull();
  });
});
