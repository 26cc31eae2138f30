import { describe, expect, it } from 'vitest';
import { formatAge, formatDay, formatDuration, startOfDay } from './time.ts';

describe('formatDay', () => {
  const now = new Date(2026, 4, 20, 9, 30).getTime();
  it('names today and yesterday by the calendar, not by 24 hours', () => {
    expect(formatDay(new Date(2026, 4, 20, 0, 1).getTime(), now)).toBe('Today');
    expect(formatDay(new Date(2026, 4, 19, 23, 59).getTime(), now)).toBe('Yesterday');
    expect(formatDay(new Date(2026, 4, 18, 23, 59).getTime(), now)).not.toBe('Yesterday');
  });
  it('shows the year only for other years', () => {
    expect(formatDay(new Date(2026, 0, 2).getTime(), now)).not.toContain('2026');
    expect(formatDay(new Date(2024, 0, 2).getTime(), now)).toContain('2024');
  });
  it('keeps midnight on the same day', () => {
    const midnight = new Date(2026, 4, 20).getTime();
    expect(startOfDay(midnight)).toBe(midnight);
  });
});

describe('formatAge and formatDuration', () => {
  it('keeps one decimal while it matters', () => {
    expect(formatAge(840)).toBe('0.8 s');
    expect(formatAge(12_900)).toBe('12 s');
    expect(formatAge(3 * 3_600_000)).toBe('3 h');
    expect(formatAge(-5)).toBe('0.0 s');
  });
  it('says two units where one is too coarse', () => {
    expect(formatDuration(340)).toBe('340 ms');
    expect(formatDuration(1_240)).toBe('1.2 s');
    expect(formatDuration(200_000)).toBe('3 min 20 s');
    expect(formatDuration(3 * 86_400_000 + 4 * 3_600_000)).toBe('3 d 4 h');
  });
});
