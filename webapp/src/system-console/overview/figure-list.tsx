import type { ReactNode } from 'react';
import type { Tone } from '../../ui/index.ts';
import classes from './overview.module.css';

export interface Figure {
  readonly name: string;
  readonly value: ReactNode;
  readonly tone?: Tone;
}

/** Figures in boxes side by side. */
export function FigureList({ label, figures }: { label: string; figures: readonly Figure[] }) {
  return (
    <dl className={classes.figures} aria-label={label}>
      {figures.map(({ name, value, tone }) => (
        <div key={name} data-tone={tone}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
