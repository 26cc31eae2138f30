import type { ReactNode } from 'react';
import type { Tone } from './status-badge.tsx';
import classes from './banner.module.css';

export interface BannerProps {
  readonly tone: Tone;
  readonly children: ReactNode;
  /** Buttons at the end of the line. */
  readonly actions?: ReactNode;
}

/** One line across a page or panel. It has no role: the caller decides whether and how it is announced. */
export function Banner({ tone, children, actions }: BannerProps) {
  return (
    <div className={classes.banner} data-tone={tone}>
      <div className={classes.text}>{children}</div>
      {actions ? <div className={classes.actions}>{actions}</div> : null}
    </div>
  );
}
