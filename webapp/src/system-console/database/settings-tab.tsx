import { Text } from '@mantine/core';
import { formatDuration } from '../../ui/index.ts';
import { useMaskedConfig } from '../data/queries.ts';
import { DataTable } from '../panel/data-table.tsx';
import { Panel, QueryContent } from '../panel/panel.tsx';
import { settingMessages } from '../messages/settings.ts';
import { type Text as Words, useText } from '../texts.ts';
import classes from './settings-tab.module.css';

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
              {
                name: text('database.settings.name'),
                header: true,
                cell: ([name]) => (
                  <>
                    <code>{name}</code>
                    <div className={classes.meaning}>{meaningOf(name, text)}</div>
                  </>
                ),
              },
              {
                name: text('database.settings.value'),
                cell: ([name, value]) => (
                  <code className={classes.value}>{withUnit(name, valueText(value), text)}</code>
                ),
              },
            ]}
          />
        )}
      </QueryContent>
    </Panel>
  );
}

const valueText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function meaningOf(name: string, text: Words): string {
  const id = `setting.${name}`;
  return id in settingMessages ? text(id as keyof typeof settingMessages) : '';
}

/** The name of a setting tells its unit; those of Mattermost that do not are in seconds. */
function withUnit(name: string, value: string, text: Words): string {
  if (name.endsWith('Milliseconds')) {
    const words = text('setting.unit.ms', { value });
    return Number(value) < 60_000 ? words : `${words} (${formatDuration(Number(value))})`;
  }
  if (name.endsWith('Seconds') || name.endsWith('QueryTimeout')) return text('setting.unit.s', { value });
  return name.endsWith('Bytes') ? text('setting.unit.bytes', { value }) : value;
}
