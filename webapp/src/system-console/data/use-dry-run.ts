import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

/** The answer of a dry run, made anew each time it is looked at. Data and error are null while it is made. */
export interface DryRun<T> {
  readonly data: T | null;
  readonly error: Error | null;
  readonly refetch: () => unknown;
}

/** @param enabled whether anybody looks at it; default true. */
export function useDryRun<T>(
  queryKey: readonly unknown[],
  queryFn: () => Promise<T | null>,
  enabled = true,
): DryRun<T> {
  const plan = useQuery({
    queryKey,
    queryFn,
    enabled,
    gcTime: 0,
    staleTime: 0,
    retry: false,
    networkMode: 'always',
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const { refetch, isFetching } = plan;
  const data = isFetching ? null : (plan.data ?? null);
  const error = isFetching ? null : plan.error;
  return useMemo(() => ({ data, error, refetch }), [data, error, refetch]);
}
