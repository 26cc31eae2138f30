import { Paper, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './card-page.module.css';

/** The frame of the pages before the chat: the mark, a heading, and one card. */
export function CardPage({ title, intro, children }: { title: string; intro?: string; children: ReactNode }) {
  return (
    <div className={classes.page}>
      <main className={classes.column}>
        <img src="/favicon.svg" width={48} height={48} alt="" />
        <Title order={1} size="h2" mt="md">
          {title}
        </Title>
        {intro ? <p className={classes.intro}>{intro}</p> : null}
        <Paper withBorder shadow="sm" p="xl" radius="lg" mt="lg" className={classes.card}>
          {children}
        </Paper>
      </main>
    </div>
  );
}
