import type { DatabaseStatus } from '../../../../contract/index.ts';
import { formatDuration } from '../../ui/index.ts';
import type { Rates } from '../data/rates.ts';
import { lowestDisk } from '../disk/disk-words.ts';
import { formatNumber, formatShare } from '../format/numbers.ts';
import { useText } from '../texts.ts';
import { FigureList } from './figure-list.tsx';

/** The load on all data sources together. */
export function Figures({ status, rates }: { status: DatabaseStatus; rates: Rates }) {
  const text = useText();
  const { sources, gate } = status;
  const sum = (value: (source: (typeof sources)[number]) => number): number =>
    sources.reduce((total, source) => total + value(source), 0);
  const slowest = Math.max(...sources.map((source) => source.p95_ms ?? 0));
  const none = text('console.none');
  const lowest = lowestDisk(status);
  return (
    <FigureList
      label={text('overview.figures')}
      figures={[
        {
          name: text('overview.figure.connections'),
          value: text('overview.figure.connections.value', {
            used: sum((source) => source.in_use),
            max: sum((source) => source.max),
          }),
        },
        { name: text('overview.figure.reads'), value: formatNumber(rates.readsPerSecond) },
        { name: text('overview.figure.writes'), value: formatNumber(rates.writesPerSecond) },
        {
          name: text('overview.figure.p95'),
          value: slowest > 0 ? text('overview.figure.p95.value', { p95: formatNumber(slowest) }) : none,
        },
        { name: text('overview.figure.waiting'), value: String(sum((source) => source.waiting)) },
        {
          name: text('overview.figure.hold'),
          value: gate.last_hold_ms === null ? none : formatDuration(gate.last_hold_ms),
        },
        {
          name: text('overview.figure.disk'),
          value: lowest
            ? text('overview.figure.disk.value', { share: formatShare(lowest.freeShare), name: lowest.name })
            : text('overview.figure.disk.unknown'),
        },
      ]}
    />
  );
}
