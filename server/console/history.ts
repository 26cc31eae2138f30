import type { DatabaseHistory, HistoryRange, SourceHistory } from '../../contract/index.ts';
import type { LayerStatus } from '../database/index.ts';

export interface HistoryDeps {
  readonly status: () => LayerStatus;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What the databases did over time, in memory: it needs no database, and its size has a limit. */
export interface History {
  list(range: HistoryRange): DatabaseHistory;
  /** Takes one reading; called every `fineStepMs`. */
  sample(): void;
}

/** One reading: per data source, and of the gate. Null only while there is nothing to compare a counter with. */
interface Reading {
  readonly at: number;
  readonly writesWaiting: number;
  readonly sources: ReadonlyMap<string, SourceReading>;
}

interface SourceReading {
  readonly role: SourceHistory['role'];
  readonly values: Readonly<Record<Metric, number | null>>;
}

interface Totals {
  readonly at: number;
  readonly ofSources: ReadonlyMap<string, { readonly reads: number; readonly writes: number }>;
}

const metrics = ['in_use', 'waiting', 'reads_per_second', 'writes_per_second', 'p95_ms', 'lag_seconds'] as const;
type Metric = (typeof metrics)[number];
const rates: ReadonlySet<Metric> = new Set(['reads_per_second', 'writes_per_second']);

export const fineStepMs = 5_000;
const coarseFactor = 12;
const fineKept = 3_600_000 / fineStepMs;
const coarseKept = 24 * 60;

/** 5 s apart for an hour, a minute apart for a day. */
export function createHistory({ status, now }: HistoryDeps): History {
  const fine: Reading[] = [];
  const coarse: Reading[] = [];
  let before: Totals | undefined;
  let taken = 0;
  return {
    sample() {
      const at = Math.round(now());
      const current = status();
      const totals = totalsOf(current, at);
      keep(fine, readingOf(current, { before, totals }), fineKept);
      before = totals;
      taken += 1;
      if (taken % coarseFactor === 0) keep(coarse, merge(fine.slice(-coarseFactor)), coarseKept);
    },
    list(range) {
      if (range === '24h') return present(range, coarseFactor * fineStepMs, coarse);
      return present(range, fineStepMs, range === '1h' ? fine : fine.slice(-fineKept / 4));
    },
  };
}

function keep(ring: Reading[], reading: Reading, limit: number): void {
  ring.push(reading);
  if (ring.length > limit) ring.shift();
}

function totalsOf({ sources }: LayerStatus, at: number): Totals {
  const ofSources = sources.map(
    ({ name, reads_total: reads, writes_total: writes }) => [name, { reads, writes }] as const,
  );
  return { at, ofSources: new Map(ofSources) };
}

function readingOf(
  { sources, gate }: LayerStatus,
  { before, totals }: { readonly before: Totals | undefined; readonly totals: Totals },
): Reading {
  const seconds = before === undefined ? 0 : (totals.at - before.at) / 1_000;
  /** A counter that fell belongs to a new pool: it counts from zero. */
  const rate = (name: string, kind: 'reads' | 'writes'): number | null => {
    const now = totals.ofSources.get(name)?.[kind] ?? 0;
    const then = before?.ofSources.get(name)?.[kind] ?? 0;
    return seconds <= 0 ? null : round((now >= then ? now - then : now) / seconds);
  };
  const read = (source: LayerStatus['sources'][number]): SourceReading => ({
    role: source.assigned_role,
    values: {
      in_use: source.in_use,
      waiting: source.waiting,
      reads_per_second: rate(source.name, 'reads'),
      writes_per_second: rate(source.name, 'writes'),
      p95_ms: source.p95_ms,
      lag_seconds: source.assigned_role === 'master' ? null : source.lag_seconds,
    },
  });
  return {
    at: totals.at,
    writesWaiting: gate.waiting,
    sources: new Map(sources.map((source) => [source.name, read(source)])),
  };
}

/** Several readings as one: what was worst, and of the rates the mean. */
function merge(readings: readonly Reading[]): Reading {
  const names = new Set(readings.flatMap(({ sources }) => [...sources.keys()]));
  return {
    at: readings.at(-1)?.at ?? 0,
    writesWaiting: Math.max(...readings.map((reading) => reading.writesWaiting)),
    sources: new Map(
      [...names].map((name) => [name, mergeSource(readings.flatMap(({ sources }) => sources.get(name) ?? []))]),
    ),
  };
}

function mergeSource(readings: readonly SourceReading[]): SourceReading {
  const mergeMetric = (metric: Metric): number | null => {
    const known = readings.flatMap(({ values }) => values[metric] ?? []);
    if (known.length === 0) return null;
    return rates.has(metric) ? round(known.reduce((sum, value) => sum + value, 0) / known.length) : Math.max(...known);
  };
  const values = Object.fromEntries(metrics.map((metric) => [metric, mergeMetric(metric)])) as SourceReading['values'];
  return { role: readings.at(-1)?.role ?? 'replica', values };
}

function present(range: HistoryRange, stepMs: number, readings: readonly Reading[]): DatabaseHistory {
  const names = new Set(readings.flatMap(({ sources }) => [...sources.keys()]));
  return {
    range,
    step_ms: stepMs,
    at: readings.map(({ at }) => at),
    writes_waiting: readings.map(({ writesWaiting }) => writesWaiting),
    sources: [...names].map((name) => {
      const ofSource = readings.map(({ sources }) => sources.get(name));
      const columns = metrics.map((metric) => [metric, ofSource.map((reading) => reading?.values[metric] ?? null)]);
      const role = ofSource.findLast((reading) => reading !== undefined)?.role ?? 'replica';
      return { name, role, ...(Object.fromEntries(columns) as Record<Metric, (number | null)[]>) };
    }),
  };
}

const round = (value: number): number => Math.round(value * 10) / 10;
