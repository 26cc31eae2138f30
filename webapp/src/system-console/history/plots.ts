import type { DatabaseHistory, SourceHistory } from '../../../../contract/index.ts';
import type { historyMessages } from '../messages/history.ts';

/** One line of a plot; its place in `lines` says nothing about its colour, `color` does: a source has one everywhere. */
export interface PlotLine {
  readonly label: string;
  readonly color: number;
  readonly dashed: boolean;
  readonly values: readonly (number | null)[];
}

export interface PlotData {
  readonly title: Extract<keyof typeof historyMessages, `history.plot.${string}`>;
  readonly unit: Extract<keyof typeof historyMessages, `history.unit.${string}`>;
  readonly lines: readonly PlotLine[];
}

/** What a line of a plot comes to: its last value, and its highest with its place. */
export interface LineSummary {
  readonly now: number | null;
  readonly max: number | null;
  readonly maxIndex: number;
}

type Column = Exclude<keyof SourceHistory, 'name' | 'role'>;

/** The plots of the History tab, in their order. */
export function plotsOf(history: DatabaseHistory, words: { reads: string; writes: string; gate: string }): PlotData[] {
  const { sources } = history;
  const linesOf = (column: Column, prefix = '', dashed = false): PlotLine[] =>
    sources.map((source, color) => ({ label: `${prefix}${source.name}`, color, dashed, values: source[column] }));
  const gate = { label: words.gate, color: sources.length, dashed: true, values: history.writes_waiting };
  return [
    { title: 'history.plot.in_use', unit: 'history.unit.count', lines: linesOf('in_use') },
    { title: 'history.plot.waiting', unit: 'history.unit.count', lines: [...linesOf('waiting'), gate] },
    {
      title: 'history.plot.queries',
      unit: 'history.unit.rate',
      // Writes have one place to go: lines that never leave zero would only hide the others.
      lines: [
        ...linesOf('reads_per_second', `${words.reads} `),
        ...linesOf('writes_per_second', `${words.writes} `, true).filter(({ values }) => values.some(Boolean)),
      ],
    },
    { title: 'history.plot.p95', unit: 'history.unit.ms', lines: linesOf('p95_ms') },
    {
      title: 'history.plot.lag',
      unit: 'history.unit.seconds',
      lines: linesOf('lag_seconds').filter(({ color }) => sources[color]?.role !== 'master'),
    },
  ];
}

export function summaryOf(values: readonly (number | null)[]): LineSummary {
  let maxIndex = -1;
  values.forEach((value, index) => {
    if (value !== null && value > (values[maxIndex] ?? Number.NEGATIVE_INFINITY)) maxIndex = index;
  });
  return { now: values.at(-1) ?? null, max: values[maxIndex] ?? null, maxIndex };
}

/** At most `limit` places of a list of `length`, evenly apart, newest first. */
export function thinned(length: number, limit: number): number[] {
  const step = Math.max(1, Math.ceil(length / limit));
  return Array.from({ length: Math.ceil(length / step) }, (_, i) => length - 1 - i * step);
}
