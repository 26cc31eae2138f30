import { Text } from '@mantine/core';
import type { ConfigStatus } from '../../../../contract/index.ts';
import { DataTable } from '../panel/data-table.tsx';
import { useText } from '../texts.ts';

/** Settings whose value the environment decides, whatever the file says. */
export function EnvironmentTable({ environment }: { environment: ConfigStatus['environment'] }) {
  const text = useText();
  if (environment.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {text('configuration.environment.none')}
      </Text>
    );
  }
  return (
    <DataTable
      label={text('configuration.environment')}
      rows={environment}
      rowKey={({ path }) => path}
      columns={[
        { name: text('configuration.environment.setting'), header: true, cell: ({ path }) => <code>{path}</code> },
        { name: text('configuration.environment.variable'), cell: ({ variable }) => <code>{variable}</code> },
      ]}
    />
  );
}
