import { Button, NativeSelect, Text, TextInput } from '@mantine/core';
import { Download } from 'lucide-react';
import { useState } from 'react';
import type { DatabaseEvent } from '../../../../contract/index.ts';
import { EmptyState, StatusBadge, type Tone } from '../../ui/index.ts';
import { useDatabaseEvents } from '../data/queries.ts';
import { Moment } from '../panel/age.tsx';
import { DataTable } from '../panel/data-table.tsx';
import { Panel, QueryContent } from '../panel/panel.tsx';
import { useText } from '../texts.ts';
import { downloadJson } from '../panel/download.ts';
import { type EventFilter, filterEvents, kindsOf, noFilter } from './event-filter.ts';
import classes from './events-tab.module.css';

/** What happened to the databases and who did what, newest first. */
export function EventsTab() {
  const text = useText();
  const events = useDatabaseEvents();
  const title = text('events.title');
  return (
    <Panel title={title}>
      <QueryContent title={title} query={events}>
        {(all) => (all.length === 0 ? <EmptyState title={text('events.none')} /> : <EventLog events={all} />)}
      </QueryContent>
    </Panel>
  );
}

function EventLog({ events }: { events: readonly DatabaseEvent[] }) {
  const text = useText();
  const [filter, setFilter] = useState(noFilter);
  const shown = filterEvents(events, filter);
  return (
    <>
      <div className={classes.filter}>
        <FilterFields filter={filter} onChange={setFilter} kinds={kindsOf(events)} />
        <Button
          variant="default"
          leftSection={<Download size={16} aria-hidden="true" />}
          onClick={() => downloadJson('holdfast-events.json', shown)}
        >
          {text('events.export')}
        </Button>
      </div>
      <Text size="sm" c="dimmed" role="status" mb="xs">
        {text('events.count', { count: shown.length })}
      </Text>
      {shown.length === 0 ? <Text size="sm">{text('events.no_match')}</Text> : <EventTable events={shown} />}
    </>
  );
}

interface FilterFieldsProps {
  readonly filter: EventFilter;
  readonly onChange: (filter: EventFilter) => void;
  readonly kinds: readonly string[];
}

function FilterFields({ filter, onChange, kinds }: FilterFieldsProps) {
  const text = useText();
  return (
    <>
      <TextInput
        label={text('events.filter.text')}
        value={filter.words}
        onChange={(event) => onChange({ ...filter, words: event.currentTarget.value })}
      />
      <NativeSelect
        label={text('events.filter.kind')}
        value={filter.kind}
        data={[
          { value: '', label: text('events.filter.kind.all') },
          ...kinds.map((kind) => ({ value: kind, label: kind })),
        ]}
        onChange={(event) => onChange({ ...filter, kind: event.currentTarget.value })}
      />
      <NativeSelect
        label={text('events.filter.severity')}
        value={filter.severity}
        data={[
          { value: '', label: text('events.filter.severity.all') },
          ...severities.map((severity) => ({ value: severity, label: text(`events.severity.${severity}`) })),
        ]}
        onChange={(event) => onChange({ ...filter, severity: event.currentTarget.value })}
      />
    </>
  );
}

const severities = ['info', 'warning', 'error'] as const;
const severityTones: Record<DatabaseEvent['severity'], Tone> = { info: 'info', warning: 'warning', error: 'bad' };

function EventTable({ events }: { events: readonly DatabaseEvent[] }) {
  const text = useText();
  return (
    <DataTable
      label={text('events.title')}
      rows={events}
      rowKey={({ id }) => id}
      columns={[
        { name: text('events.column.time'), header: true, cell: ({ at }) => <Moment at={at} /> },
        {
          name: text('events.column.severity'),
          cell: ({ severity }) => (
            <StatusBadge tone={severityTones[severity]}>{text(`events.severity.${severity}`)}</StatusBadge>
          ),
        },
        { name: text('events.column.text'), cell: (event) => event.text },
        { name: text('events.column.source'), cell: ({ source }) => source ?? '' },
        { name: text('events.column.actor'), cell: ({ actor }) => actor ?? '' },
        { name: text('events.column.kind'), cell: ({ kind }) => <code>{kind}</code> },
      ]}
    />
  );
}
