import { Text } from '@mantine/core';
import { useConfigComparison } from '../data/queries.ts';
import { QueryContent } from '../panel/panel.tsx';
import { useText } from '../texts.ts';
import { ChangeRows } from './changes-table.tsx';
import { shortSha } from './short-sha.ts';

/** What differs between two versions; connection strings by their parts. `running` is the running configuration. */
export function VersionChanges({ label, from, to }: { label: string; from: string; to: string }) {
  const text = useText();
  const comparison = useConfigComparison(from, to);
  return (
    <QueryContent title={label} query={comparison}>
      {({ from: before, to: after, changes }) =>
        changes.length === 0 ? (
          <Text size="sm" c="dimmed">
            {text('configuration.compare.same')}
          </Text>
        ) : (
          <ChangeRows label={label} changes={changes} sides={[shortSha(before), shortSha(after)]} />
        )
      }
    </QueryContent>
  );
}
