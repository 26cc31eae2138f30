import { CircleAlert, CircleCheck, CircleDashed, CircleX, Info, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Health } from '../../../contract/index.ts';
import classes from './status-badge.module.css';

export type Tone = 'good' | 'warning' | 'bad' | 'info' | 'neutral';

const icons: Record<Tone, LucideIcon> = {
  good: CircleCheck,
  warning: TriangleAlert,
  bad: CircleX,
  info: Info,
  neutral: CircleDashed,
};

export interface StatusBadgeProps {
  readonly tone: Tone;
  readonly children: ReactNode;
  readonly icon?: LucideIcon;
  readonly title?: string;
}

/** A state as icon, word and colour, so that none of the three is needed alone. Contrast is AA in both themes. */
export function StatusBadge({ tone, children, icon, title }: StatusBadgeProps) {
  const Icon = icon ?? icons[tone];
  return (
    <span className={classes.badge} data-tone={tone} title={title}>
      <Icon size={14} aria-hidden="true" />
      <span>{children}</span>
    </span>
  );
}

const healthWords: Record<Health, { tone: Tone; word: string; icon?: LucideIcon }> = {
  online: { tone: 'good', word: 'Online' },
  lagging: { tone: 'warning', word: 'Lagging' },
  suspect: { tone: 'warning', word: 'Suspect', icon: CircleAlert },
  offline: { tone: 'bad', word: 'Unreachable' },
  draining: { tone: 'neutral', word: 'Draining' },
};

/** The word that the product shows for a health. */
export const healthWord = (health: Health): string => healthWords[health].word;

/** Health of a data source. */
export function HealthBadge({ health, title }: { health: Health; title?: string }) {
  const { tone, word, icon } = healthWords[health];
  return (
    <StatusBadge tone={tone} {...(icon ? { icon } : {})} {...(title ? { title } : {})}>
      {word}
    </StatusBadge>
  );
}
