import type { UseQueryResult } from '@tanstack/react-query';
import { isTransient } from '../../client/index.ts';

const longestPause = 3_000;

/** For what a page cannot do without: asked for until it comes. A refusal stays a refusal. */
export const untilItComes = {
  retry: (_failures: number, error: Error): boolean => isTransient(error),
  retryDelay: (failures: number): number => Math.min(longestPause, 500 * 2 ** failures),
};

/** It did not come at the first two attempts and is still asked for. */
export const isKeptWaiting = (query: Pick<UseQueryResult, 'isPending' | 'failureCount'>): boolean =>
  query.isPending && query.failureCount > 1;
