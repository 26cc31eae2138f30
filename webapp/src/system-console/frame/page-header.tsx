import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './page-header.module.css';

interface PageHeaderProps {
  readonly title: string;
  /** Next to the title, e.g. the mode. */
  readonly badge?: ReactNode;
  /** Buttons at the end of the line. */
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

/** The one h1 of a page, its state and its actions; below it a sentence about the page. */
export function PageHeader({ title, badge, actions, children }: PageHeaderProps) {
  return (
    <div className={classes.header}>
      <div className={classes.line}>
        <Title order={1} size="h2">
          {title}
        </Title>
        {badge}
        <div className={classes.actions}>{actions}</div>
      </div>
      {children}
    </div>
  );
}
