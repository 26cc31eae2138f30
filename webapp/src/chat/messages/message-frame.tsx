import { type FocusEvent, type KeyboardEvent, type ReactNode, useState } from 'react';
import { formatClock, formatClockBare, formatFull } from '../../ui/index.ts';
import { useChat, userName } from '../state/index.ts';
import { Avatar } from './avatar.tsx';
import classes from './message.module.css';

export interface MessageFrameProps {
  readonly userId: string;
  readonly at: number;
  readonly grouped: boolean;
  /** For the article's name: what was said. */
  readonly words: string;
  readonly children: ReactNode;
  /** Beside the time. */
  readonly marks?: ReactNode;
  /** Above the message: what it answers. */
  readonly context?: ReactNode;
  /** The toolbar; made only while the message is pointed at or has focus. `hold` keeps it while a menu is open. */
  readonly actions?: (hold: (held: boolean) => void) => ReactNode;
  readonly dataState?: string;
  readonly tabbable?: boolean;
  readonly onKeyDown?: (event: KeyboardEvent<HTMLElement>) => void;
}

function useActive() {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const [held, setHeld] = useState(false);
  const handlers = {
    // Not "enter": that is lost when the row appears under a pointer that rests.
    onMouseOver: () => setPointed(true),
    onMouseLeave: () => setPointed(false),
    onFocus: () => setFocused(true),
    onBlur: (event: FocusEvent<HTMLElement>) => {
      if (!event.currentTarget.contains(event.relatedTarget)) setFocused(false);
    },
  };
  return { active: pointed || focused || held, hold: setHeld, handlers };
}

/** One message as an article: who, when, what, and the toolbar. Sent and waiting messages look and measure the same. */
export function MessageFrame(props: MessageFrameProps) {
  const { userId, at, grouped, words, tabbable = false } = props;
  const name = useChat((state) => userName(state.users[userId]));
  const { active, hold, handlers } = useActive();
  return (
    // The article takes focus so that its keys (r, e, +) are reachable.
    <article
      className={classes.message}
      aria-label={`${name}, ${formatClock(at)}, ${words}`}
      data-grouped={grouped || undefined}
      data-active={active || undefined}
      data-state={props.dataState}
      tabIndex={tabbable ? 0 : -1}
      onKeyDown={props.onKeyDown}
      {...handlers}
    >
      <div className={classes.side}>
        {grouped ? <Time at={at} className={classes.sideTime} bare /> : <Avatar userId={userId} />}
      </div>
      <div className={classes.content}>
        {props.context}
        {grouped ? null : (
          <div className={classes.heading}>
            <span className={classes.author}>{name}</span>
            <Time at={at} className={classes.time} />
            {props.marks}
          </div>
        )}
        {props.children}
        {grouped ? props.marks : null}
      </div>
      {active ? props.actions?.(hold) : null}
    </article>
  );
}

interface TimeProps {
  readonly at: number;
  readonly className: string | undefined;
  readonly bare?: boolean;
}

function Time({ at, className, bare = false }: TimeProps) {
  return (
    <time className={className} dateTime={new Date(at).toISOString()} title={formatFull(at)}>
      {bare ? formatClockBare(at) : formatClock(at)}
    </time>
  );
}
