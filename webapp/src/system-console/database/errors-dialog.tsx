import { Text } from '@mantine/core';
import { Dialog, EmptyState } from '../../ui/index.ts';
import { useSourceErrors } from '../data/queries.ts';
import { ConsoleLink } from '../frame/console-link.tsx';
import { Moment } from '../panel/age.tsx';
import { DataTable } from '../panel/data-table.tsx';
import { QueryContent } from '../panel/panel.tsx';
import { useText } from '../texts.ts';

/** The statements that failed on one data source of late. */
export function ErrorsDialog({ name, onClose }: { name: string | undefined; onClose: () => void }) {
  const text = useText();
  return (
    <Dialog
      opened={name !== undefined}
      onClose={onClose}
      title={text('database.errors.title', { name: name ?? '' })}
      size="lg"
    >
      {name === undefined ? null : <SourceErrors name={name} />}
    </Dialog>
  );
}

function SourceErrors({ name }: { name: string }) {
  const text = useText();
  const errors = useSourceErrors(name);
  const title = text('database.errors.title', { name });
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        {text('database.errors.intro')} <ConsoleLink to="database/events">{text('database.errors.events')}</ConsoleLink>
      </Text>
      <QueryContent title={title} query={errors}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState title={text('database.errors.none')} />
          ) : (
            <DataTable
              label={title}
              rows={list.map((error, index) => ({ ...error, index }))}
              rowKey={({ index }) => index}
              columns={[
                { name: text('database.errors.time'), header: true, cell: ({ at }) => <Moment at={at} /> },
                { name: text('database.errors.text'), cell: (error) => error.text },
              ]}
            />
          )
        }
      </QueryContent>
    </>
  );
}
