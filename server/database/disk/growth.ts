/** How much was used at one moment. */
export interface DiskSample {
  /** Milliseconds of the layer's clock. */
  readonly at: number;
  readonly usedBytes: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const keptMs = 24 * hourMs;
/** Over less time than this, what comes and goes (temporary files, recycled log) would be taken for growth. */
const leastSpanMs = 10 * minuteMs;

/** The samples with another one: at most one a minute, of the last 24 hours. */
export function withSample(samples: readonly DiskSample[], sample: DiskSample): readonly DiskSample[] {
  const last = samples.at(-1);
  if (last !== undefined && sample.at - last.at < minuteMs) return samples;
  const first = samples.findIndex(({ at }) => at > sample.at - keptMs);
  return [...(first < 0 ? [] : samples.slice(first)), sample];
}

/** Bytes per hour by the line that fits the samples best; null while they span less than ten minutes. */
export function growthPerHour(samples: readonly DiskSample[]): number | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.at - first.at < leastSpanMs) return null;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const hours = samples.map(({ at }) => (at - first.at) / hourMs);
  const used = samples.map(({ usedBytes }) => usedBytes - first.usedBytes);
  const [meanHours, meanUsed] = [mean(hours), mean(used)];
  const slope = hours.reduce((sum, hour, at) => sum + (hour - meanHours) * ((used[at] ?? 0) - meanUsed), 0);
  return slope / hours.reduce((sum, hour) => sum + (hour - meanHours) ** 2, 0);
}

/** Hours until nothing is free; null while the growth is unknown or there is none. */
export function hoursLeft(freeBytes: number, growth: number | null): number | null {
  return growth === null || growth <= 0 ? null : freeBytes / growth;
}
