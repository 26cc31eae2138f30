import { useMutation } from '@tanstack/react-query';
import type { SourceReport } from '../../../../contract/index.ts';
import { api } from '../../client/index.ts';

/** A test of the connections of the running configuration. */
export interface ConnectionTest {
  readonly reports: readonly SourceReport[] | undefined;
  readonly error: Error | null;
  readonly running: boolean;
  /** Tests all data sources, or only the one called `source`. */
  start(source?: string): void;
  dismiss(): void;
}

export function useTestConnections(): ConnectionTest {
  const test = useMutation({
    mutationFn: (source?: string) => api.operations.testConnections(source),
    networkMode: 'always',
  });
  return {
    reports: test.data?.reports,
    error: test.error,
    running: test.isPending,
    start: (source) => test.mutate(source),
    dismiss: () => test.reset(),
  };
}
