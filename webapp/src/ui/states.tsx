import { Button, Skeleton, Stack, Text, Title } from '@mantine/core';
import { Hourglass, Inbox, type LucideIcon, RefreshCw, Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import classes from './states.module.css';

interface Words {
  readonly title: string;
  /** 1 when it is all there is on the page; default 2. */
  readonly level?: 1 | 2;
  readonly children?: ReactNode;
}

/** Nothing there, and what to do about it. */
export function EmptyState({ title, level = 2, children, icon: Icon = Inbox }: Words & { readonly icon?: LucideIcon }) {
  return (
    <div className={classes.state}>
      <Icon size={36} strokeWidth={1.4} aria-hidden="true" />
      <Title order={level} size="h4">
        {title}
      </Title>
      {children ? (
        <Text component="div" c="dimmed" size="sm" maw={420}>
          {children}
        </Text>
      ) : null}
    </div>
  );
}

/** Something could not be shown, why, and the way to try again. */
export function ErrorState({ title, level = 2, children, onRetry }: Words & { readonly onRetry?: () => void }) {
  return (
    <div className={classes.state} role="alert">
      <Unplug size={36} strokeWidth={1.4} aria-hidden="true" />
      <Title order={level} size="h4">
        {title}
      </Title>
      <Text component="div" c="dimmed" size="sm" maw={420}>
        {children}
      </Text>
      {onRetry ? (
        <Button variant="default" leftSection={<RefreshCw size={16} aria-hidden="true" />} onClick={onRetry}>
          Try again
        </Button>
      ) : null}
    </div>
  );
}

/** Something cannot be had at the moment and comes by itself, without anybody doing anything. */
export function WaitingState({ title, level = 2, children }: Words) {
  return (
    <div className={classes.state} data-waiting role="status">
      <Hourglass size={36} strokeWidth={1.4} aria-hidden="true" />
      <Title order={level} size="h4">
        {title}
      </Title>
      <Text component="div" c="dimmed" size="sm" maw={420}>
        {children}
      </Text>
    </div>
  );
}

/** Grey lines while something loads; read out as one word. */
export function LoadingLines({ lines = 4, label = 'Loading' }: { lines?: number; label?: string }) {
  return (
    <Stack gap="sm" p="md" role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={14} width={`${92 - ((line * 17) % 40)}%`} radius="sm" />
      ))}
    </Stack>
  );
}
