import { Text } from '@mantine/core';
import type { DatabaseStatus } from '../../../../contract/index.ts';
import { Banner } from '../../ui/index.ts';
import { useText } from '../texts.ts';

/** How many connections the pools may open, against what the databases allow. */
export function ConnectionBudget({ budget }: { budget: DatabaseStatus['connection_budget'] }) {
  const text = useText();
  const { planned, allowed, source } = budget;
  const words =
    allowed === null
      ? text('database.budget.unknown', { planned })
      : text('database.budget', { planned, allowed, source: source ?? '' });
  if (allowed !== null && planned > allowed) return <Banner tone="bad">{words}</Banner>;
  return (
    <Text size="sm" c="dimmed" mt="sm">
      {words}
    </Text>
  );
}
