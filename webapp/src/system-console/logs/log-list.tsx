import { memo, useLayoutEffect, useRef } from 'react';
import type { LogLevel, LogLine } from '../../../../contract/index.ts';
import { formatClockSeconds, StatusBadge, type Tone } from '../../ui/index.ts';
import { useText } from '../texts.ts';
import { fieldText } from './log-filter.ts';
import classes from './logs.module.css';

const tones: Record<LogLevel, Tone> = { error: 'bad', warn: 'warning', info: 'info', debug: 'neutral' };
const atEndWithin = 40;

/** The lines, newest at the bottom. Who stands at the end follows it; who has scrolled up is left in peace. */
export function LogList({ lines }: { lines: readonly LogLine[] }) {
  const text = useText();
  const place = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useLayoutEffect(() => {
    if (follows.current && place.current !== null) place.current.scrollTop = place.current.scrollHeight;
  }, [lines]);
  return (
    <div
      className={classes.list}
      ref={place}
      tabIndex={0}
      role="group"
      aria-label={text('logs.list')}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        follows.current = scrollHeight - scrollTop - clientHeight < atEndWithin;
      }}
    >
      <ol aria-label={text('logs.list')}>
        {lines.map((line) => (
          <LogRow key={line.id} line={line} />
        ))}
      </ol>
    </div>
  );
}

const LogRow = memo(function LogRow({ line }: { line: LogLine }) {
  const text = useText();
  const words = fieldText(line);
  return (
    <li className={classes.row}>
      <time dateTime={line.time} title={line.time}>
        {formatClockSeconds(Date.parse(line.time))}
      </time>
      <StatusBadge tone={tones[line.level]}>{text(`logs.level.${line.level}`)}</StatusBadge>
      <details className={classes.line}>
        <summary title={text('logs.expand')}>
          <strong>{line.event}</strong> <span>{words}</span>
        </summary>
        <pre>{wholeLine(line)}</pre>
      </details>
    </li>
  );
});

/** All fields one below the other; a stack keeps its lines. */
function wholeLine({ time, event, fields }: LogLine): string {
  return JSON.stringify({ time, event, ...fields }, null, 2).replaceAll(String.raw`\n`, '\n');
}
