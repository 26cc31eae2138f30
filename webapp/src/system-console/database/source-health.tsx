import type { DataSourceStatus } from '../../../../contract/index.ts';
import { formatAge, HealthBadge, healthWord, StatusBadge, useClock } from '../../ui/index.ts';
import { type Text, useText } from '../texts.ts';

type Healthy = Pick<DataSourceStatus, 'health' | 'health_since' | 'cause' | 'taken_out' | 'next_check_in_ms'>;

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
export function SourceCause({ source }: { source: Healthy }) {
  const { health, cause, taken_out: out } = source;
  const text = useText();
  const now = useClock(1_000);
  if (out === null && health === 'online') return cause;
  if (out === null) {
    return (
      <>
        {cause} {text('database.health.for', { age: formatAge(now - source.health_since) })}{' '}
        {nextCheck(source.next_check_in_ms, text)}
      </>
    );
  }
  return (
    <>
      {text('database.out.cause', { by: out.by, age: formatAge(now - out.at) })}{' '}
      {text('database.out.health', { health: healthWord(health), cause })}
    </>
  );
}

/** When it will be looked at again; it comes with the status, so that a wrong clock of this computer does not matter. */
function nextCheck(inMs: number | null, text: Text): string {
  if (inMs === null) return '';
  return inMs < 500
    ? text('database.health.checking')
    : text('database.health.next_check', { seconds: Math.round(inMs / 1_000) });
}
