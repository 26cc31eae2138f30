import type { DataSourceStatus } from '../../../../contract/index.ts';
import { formatAge, HealthBadge, healthWord, StatusBadge, useClock } from '../../ui/index.ts';
import { useText } from '../texts.ts';

type Healthy = Pick<DataSourceStatus, 'health' | 'cause' | 'taken_out'>;

/** How a data source is; one that an admin has taken out is that first, however healthy. */
export function SourceBadge({ source: { health, taken_out: out } }: { source: Healthy }) {
  const text = useText();
  return out === null ? (
    <HealthBadge health={health} />
  ) : (
    <StatusBadge tone="neutral">{text('database.out')}</StatusBadge>
  );
}

/** Why it is as it is. */
export function SourceCause({ source: { health, cause, taken_out: out } }: { source: Healthy }) {
  const text = useText();
  const now = useClock(1_000);
  if (out === null) return cause;
  return (
    <>
      {text('database.out.cause', { by: out.by, age: formatAge(now - out.at) })}{' '}
      {text('database.out.health', { health: healthWord(health), cause })}
    </>
  );
}
