import type { DatabaseStatus } from '../../../../contract/index.ts';
import { Banner, formatDuration, useClock } from '../../ui/index.ts';
import { useText } from '../texts.ts';
import classes from './draining-pools.module.css';

/** Pools of earlier generations that finish their work; nothing while there are none. */
export function DrainingPools({ pools }: { pools: DatabaseStatus['draining'] }) {
  const text = useText();
  const now = useClock(1_000);
  if (pools.length === 0) return null;
  return (
    <ul className={classes.pools} aria-label={text('database.draining')}>
      {pools.map(({ name, generation, in_flight: count, deadline_at: deadline }) => (
        <li key={`${name} ${generation}`}>
          <Banner tone="neutral">
            {text('database.draining.pool', { name, generation, count, left: formatDuration(deadline - now) })}
          </Banner>
        </li>
      ))}
    </ul>
  );
}
