import { Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { errorText } from '../../client/index.ts';
import { Banner, ErrorState, formatAge, LoadingLines, useClock } from '../../ui/index.ts';
import { useText } from '../texts.ts';
import classes from './panel.module.css';

interface PanelProps {
  readonly title: string;
  /** At the end of the title's line. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A titled box of a page: a region named by its title. */
export function Panel({ title, actions, children }: PanelProps) {
  const titleId = useId();
  return (
    <section className={classes.panel} aria-labelledby={titleId}>
      <div className={classes.head}>
        <Title order={2} size="h4" id={titleId}>
          {title}
        </Title>
        {actions}
      </div>
      {children}
    </section>
  );
}

/** What a panel needs of a query. */
export interface PanelQuery<T> {
  readonly data: T | undefined;
  readonly error: Error | null;
  readonly dataUpdatedAt: number;
  readonly refetch: () => unknown;
}

interface QueryContentProps<T> {
  /** Names the content while it cannot be shown. */
  readonly title: string;
  readonly query: PanelQuery<T>;
  readonly children: (data: T) => ReactNode;
}

/** The content that a query brings, or why it is not there. After a failure the last values stay, greyed, with their age. */
export function QueryContent<T>({ title, query, children }: QueryContentProps<T>) {
  const text = useText();
  if (query.data === undefined) {
    if (query.error === null) return <LoadingLines label={text('console.loading', { title })} />;
    return (
      <ErrorState title={text('console.failed', { title })} onRetry={() => void query.refetch()}>
        {errorText(query.error)}
      </ErrorState>
    );
  }
  if (query.error === null) return children(query.data);
  return (
    <>
      <StaleNote reason={errorText(query.error)} since={query.dataUpdatedAt} />
      <div className={classes.stale} data-state="stale">
        {children(query.data)}
      </div>
    </>
  );
}

function StaleNote({ reason, since }: { reason: string; since: number }) {
  const text = useText();
  const now = useClock(1_000);
  return <Banner tone="warning">{text('console.stale', { reason, age: formatAge(now - since) })}</Banner>;
}
