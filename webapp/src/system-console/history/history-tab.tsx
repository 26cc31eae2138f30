import { SegmentedControl } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { HistoryRange } from '../../../../contract/index.ts';
import { EmptyState, LoadingLines } from '../../ui/index.ts';
import { useDatabaseEvents, useDatabaseHistory } from '../data/queries.ts';
import { Panel, QueryContent } from '../panel/panel.tsx';
import { useText } from '../texts.ts';

// The library for plots is needed nowhere else.
const HistoryContent = lazy(async () => ({ default: (await import('./history-content.tsx')).HistoryContent }));

const ranges = ['15m', '1h', '24h'] as const satisfies readonly HistoryRange[];

/** How the databases did: 15 minutes, an hour, a day. */
export function HistoryTab() {
  const text = useText();
  const [range, setRange] = useState<HistoryRange>('15m');
  const history = useDatabaseHistory(range);
  const events = useDatabaseEvents();
  const title = text('history.title');
  return (
    <Panel
      title={title}
      actions={
        <SegmentedControl
          aria-label={text('history.range')}
          size="xs"
          value={range}
          data={ranges.map((value) => ({ value, label: text(`history.range.${value}`) }))}
          onChange={(value) => setRange(value)}
        />
      }
    >
      <QueryContent title={title} query={history}>
        {(data) =>
          data.at.length < 2 ? (
            <EmptyState title={text(range === '24h' ? 'history.soon.day' : 'history.soon')} />
          ) : (
            <Suspense fallback={<LoadingLines label={text('console.loading', { title })} />}>
              <HistoryContent history={data} events={events.data ?? []} />
            </Suspense>
          )
        }
      </QueryContent>
    </Panel>
  );
}
