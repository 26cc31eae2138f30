import { Text } from '@mantine/core';
import type { ConfigStatus } from '../../../../contract/index.ts';
import { StatusBadge } from '../../ui/index.ts';
import { Moment } from '../panel/age.tsx';
import { DataTable } from '../panel/data-table.tsx';
import { useText } from '../texts.ts';
import { ChangeRows } from './changes-table.tsx';

type Reload = ConfigStatus['history'][number];

/** Who reloaded when, how it came out and what it changed; newest first. */
export function ReloadHistory({ history }: { history: readonly Reload[] }) {
  const text = useText();
  if (history.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {text('configuration.history.none')}
      </Text>
    );
  }
  return (
    <DataTable
      label={text('configuration.history')}
      rows={history}
      rowKey={(reload) => `${reload.at} ${history.indexOf(reload)}`}
      columns={[
        { name: text('configuration.history.time'), header: true, cell: ({ at }) => <Moment at={at} /> },
        { name: text('configuration.history.actor'), cell: ({ actor }) => actor },
        { name: text('configuration.history.outcome'), cell: ({ succeeded }) => <Outcome succeeded={succeeded} /> },
        { name: text('configuration.history.text'), cell: (reload) => <Result reload={reload} /> },
      ]}
    />
  );
}

function Outcome({ succeeded }: { succeeded: boolean }) {
  const text = useText();
  return (
    <StatusBadge tone={succeeded ? 'good' : 'bad'}>
      {text(succeeded ? 'configuration.history.succeeded' : 'configuration.history.failed')}
    </StatusBadge>
  );
}

function Result({ reload }: { reload: Reload }) {
  const text = useText();
  if (reload.changes.length === 0) return reload.text;
  const summary = text('configuration.history.changes', { count: reload.changes.length });
  return (
    <>
      {reload.text}
      <details>
        <summary>{summary}</summary>
        <ChangeRows label={summary} changes={reload.changes} />
      </details>
    </>
  );
}
