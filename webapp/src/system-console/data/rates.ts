import type { DatabaseStatus } from '../../../../contract/index.ts';

/** Counters of one moment, `at` in ms. */
export interface RateSample {
  readonly at: number;
  readonly reads: ReadonlyMap<string, number>;
  readonly writes: number;
}

export interface Rates {
  readonly readsPerSecond: number;
  readonly writesPerSecond: number;
  /** Share of the reads per data source name, 0 to 1; empty while nobody reads. */
  readonly readShares: ReadonlyMap<string, number>;
}

const windowMs = 10_000;

export function sampleOf(status: DatabaseStatus, at: number): RateSample {
  return {
    at,
    reads: new Map(status.sources.map((source) => [source.name, source.reads_total])),
    writes: status.sources.reduce((sum, source) => sum + source.writes_total, 0),
  };
}

/** The samples of the last ten seconds, and the one before them so that the window is always full. */
export function withSample(samples: readonly RateSample[], added: RateSample): RateSample[] {
  const start = samples.findLastIndex((sample) => sample.at <= added.at - windowMs);
  return [...samples.slice(Math.max(0, start)), added];
}

/** What happened between the first and the last sample. A counter that fell (a new pool) counts from zero. */
export function ratesOf(samples: readonly RateSample[]): Rates {
  const [first] = samples;
  const last = samples.at(-1);
  const seconds = first && last ? (last.at - first.at) / 1_000 : 0;
  if (!first || !last || seconds <= 0) return { readsPerSecond: 0, writesPerSecond: 0, readShares: new Map() };

  const reads = [...last.reads].map(([name, total]) => [name, growth(first.reads.get(name) ?? 0, total)] as const);
  const sum = reads.reduce((total, [, count]) => total + count, 0);
  return {
    readsPerSecond: sum / seconds,
    writesPerSecond: growth(first.writes, last.writes) / seconds,
    readShares: new Map(sum === 0 ? [] : reads.map(([name, count]) => [name, count / sum])),
  };
}

const growth = (before: number, after: number): number => (after >= before ? after - before : after);
