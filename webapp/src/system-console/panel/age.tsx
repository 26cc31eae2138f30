import { formatAge, formatClockSeconds, formatDay, formatUtc, startOfDay, useClock } from '../../ui/index.ts';
import { useText } from '../texts.ts';
import classes from './age.module.css';

/** How long ago something was, kept up to date; the exact time as the title. */
export function Age({ at }: { at: number }) {
  const text = useText();
  const now = useClock(1_000);
  return (
    <time dateTime={formatUtc(at)} title={formatUtc(at)}>
      {text('console.ago', { age: formatAge(now - at) })}
    </time>
  );
}

/** A local time with seconds, and the day when it is not today; the exact time as the title. */
export function Moment({ at }: { at: number }) {
  const now = useClock();
  const day = at < startOfDay(now) ? `${formatDay(at, now)}, ` : '';
  return (
    <time className={classes.moment} dateTime={formatUtc(at)} title={formatUtc(at)}>
      {day}
      {formatClockSeconds(at)}
    </time>
  );
}
