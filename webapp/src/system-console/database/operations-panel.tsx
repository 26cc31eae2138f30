import { Text } from '@mantine/core';
import type { Operation } from '../../../../contract/index.ts';
import { formatDuration, StatusBadge } from '../../ui/index.ts';
import { useOperations } from '../data/queries.ts';
import { ConsoleLink } from '../frame/console-link.tsx';
import { Moment } from '../panel/age.tsx';
import { DataTable } from '../panel/data-table.tsx';
import { Panel, QueryContent } from '../panel/panel.tsx';
import { useText } from '../texts.ts';
import { outcomeTone } from './recycle-panel.tsx';

/** The operations of the past, newest first, each with a page of its own. */
export function OperationsPanel() {
  const text = useText();
  const operations = useOperations();
  const title = text('database.operations');
  return (
    <Panel title={title}>
      <QueryContent title={title} query={operations}>
        {(all) =>
          all.length === 0 ? (
            <Text size="sm" c="dimmed">
              {text('database.operations.none')}
            </Text>
          ) : (
            <OperationsTable operations={all} />
          )
        }
      </QueryContent>
    </Panel>
  );
}

function OperationsTable({ operations }: { operations: readonly Operation[] }) {
  const text = useText();
  const none = text('console.none');
  return (
    <DataTable
      label={text('database.operations')}
      rows={operations}
      rowKey={({ id }) => id}
      columns={[
        {
          name: text('database.operation.time'),
          header: true,
          cell: ({ id, started_at: at }) => (
            <ConsoleLink to={`database/operations/${id}`}>
              <Moment at={at} />
            </ConsoleLink>
          ),
        },
        { name: text('database.operation.kind'), cell: ({ kind }) => text(`database.operation.kind.${kind}`) },
        { name: text('database.operation.actor'), cell: ({ actor }) => actor },
        { name: text('database.operation.outcome'), cell: (operation) => <OutcomeBadge operation={operation} /> },
        {
          name: text('database.operation.took'),
          numeric: true,
          cell: ({ started_at: start, ended_at: end }) => (end === null ? none : formatDuration(end - start)),
        },
        {
          name: text('database.operation.hold'),
          numeric: true,
          cell: ({ write_hold_ms: hold }) => (hold === null ? none : formatDuration(hold)),
        },
      ]}
    />
  );
}

/** How it ended, and whether somebody went on in spite of red checks. */
export function OutcomeBadge({ operation: { outcome, overridden } }: { operation: Operation }) {
  const text = useText();
  return (
    <>
      <StatusBadge tone={outcomeTone(outcome)}>{text(`database.outcome.${outcome}`)}</StatusBadge>
      {overridden === undefined ? null : (
        <>
          {' '}
          <StatusBadge tone="warning">{text('database.outcome.overridden')}</StatusBadge>
        </>
      )}
    </>
  );
}
