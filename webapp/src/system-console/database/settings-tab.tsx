import { Text } from '@mantine/core';
import { useMaskedConfig } from '../data/queries.ts';
import { DataTable } from '../panel/data-table.tsx';
import { Panel, QueryContent } from '../panel/panel.tsx';
import { useText } from '../texts.ts';

/** The running database settings, as the file writes them. */
export function SettingsTab() {
  const text = useText();
  const config = useMaskedConfig();
  const title = text('database.settings');
  return (
    <Panel title={title}>
      <Text size="sm" c="dimmed" mb="sm">
        {text('database.settings.intro')}
      </Text>
      <QueryContent title={title} query={config}>
        {(data) => (
          <DataTable
            label={title}
            rows={Object.entries(data.SqlSettings ?? {})}
            rowKey={([name]) => name}
            columns={[
              { name: text('database.settings.name'), header: true, cell: ([name]) => <code>{name}</code> },
              { name: text('database.settings.value'), cell: ([, value]) => <code>{valueText(value)}</code> },
            ]}
          />
        )}
      </QueryContent>
    </Panel>
  );
}

const valueText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
