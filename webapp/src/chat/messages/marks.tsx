import { Button, Loader } from '@mantine/core';
import { formatDay, useClock } from '../../ui/index.ts';
import { useText } from '../texts.ts';
import classes from './marks.module.css';

/** Between the messages of two days. */
export function DayDivider({ at }: { at: number }) {
  const now = useClock();
  return (
    <div className={classes.divider} role="presentation">
      <span>{formatDay(at, now)}</span>
    </div>
  );
}

/** Above the first message that the user has not read. */
export function NewLine() {
  const text = useText();
  return (
    <div className={classes.newLine} role="separator" aria-label={text('list.new')}>
      <span aria-hidden="true">{text('list.new')}</span>
    </div>
  );
}

/** Older or newer posts are on their way. */
export function LoadingMark() {
  return (
    <div className={classes.loading}>
      <Loader size="xs" aria-hidden="true" />
    </div>
  );
}

/** The start of a channel. */
export function Beginning({ title, direct }: { title: string; direct: boolean }) {
  const text = useText();
  const words = direct ? text('list.beginning_direct', { name: title }) : text('list.beginning', { channel: title });
  return <p className={classes.beginning}>{words}</p>;
}

/** Events were missed and could not be made up for yet. */
export function GapMark({ onLoad }: { onLoad: () => void }) {
  const text = useText();
  return (
    <div className={classes.loading}>
      <Button size="compact-sm" variant="default" onClick={onLoad}>
        {text('list.gap')}
      </Button>
    </div>
  );
}
