import type { DatabaseStatus } from '../../../../contract/index.ts';
import { formatAge, formatDuration, useClock } from '../../ui/index.ts';
import { useText } from '../texts.ts';
import { SourceName } from '../database/source-name.tsx';
import { FigureList } from './figure-list.tsx';

/** What an operator looks for first: the master and since when, whether people can write, how many writes wait. */
export function StateStrip({ status }: { status: DatabaseStatus }) {
  const text = useText();
  const now = useClock(1_000);
  const { mode, gate, generation } = status;
  const master = status.sources.find((source) => source.assigned_role === 'master');
  const since = formatDuration(now - status.master_since);
  return (
    <FigureList
      label={text('overview.state')}
      figures={[
        {
          name: text('overview.master'),
          value: master ? (
            <>
              <SourceName name={master.name} /> {text('overview.master.since', { duration: since })}
            </>
          ) : (
            text('overview.master.none')
          ),
        },
        {
          name: text('overview.writes'),
          value: text(`overview.writes.${mode.mode}`, { reason: mode.reason }),
          tone: mode.mode === 'normal' ? 'good' : mode.mode === 'read-only' ? 'bad' : 'info',
        },
        { name: text('overview.writes.waiting'), value: String(gate.waiting) },
        {
          name: text('overview.generation'),
          value: text('overview.generation.value', { generation, age: formatAge(now - status.generation_since) }),
        },
      ]}
    />
  );
}
