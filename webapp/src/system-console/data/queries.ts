import { useQuery } from '@tanstack/react-query';
import type { HistoryRange } from '../../../../contract/index.ts';
import { api, useLiveState } from '../../client/index.ts';

/** Where the console's answers live in the query cache. */
export const consoleKeys = {
  all: ['console'],
  databaseStatus: ['console', 'database-status'],
  databaseEvents: ['console', 'database-events'],
  operations: ['console', 'operations'],
  operation: (id: string) => ['console', 'operations', id],
  sourceErrors: (name: string) => ['console', 'source-errors', name],
  history: (range: string) => ['console', 'history', range],
  logs: ['console-logs'],
  configStatus: ['console', 'config-status'],
  config: ['console', 'config'],
  configComparison: (from: string, to: string) => ['console-config-comparison', from, to],
  recyclePlan: ['console-recycle-plan'],
} as const;

const pollWhileLost = 2_000;
/** With the socket up the values arrive by themselves; this only heals what a lost event would leave. */
const pollWhileLive = 10_000;

// Nothing is tried again behind the scenes: the next poll does it, and meanwhile the page says that values are old.
const always = { retry: false, networkMode: 'always', staleTime: 0 } as const;

function usePollInterval(): number {
  return useLiveState((state) => state.connected) ? pollWhileLive : pollWhileLost;
}

/** Topology, pools, gate and counters; pushed at most twice a second while the socket is up. */
export function useDatabaseStatus() {
  const refetchInterval = usePollInterval();
  return useQuery({
    ...always,
    queryKey: consoleKeys.databaseStatus,
    queryFn: () => api.operations.databaseStatus(),
    refetchInterval,
  });
}

/** Oldest first. */
export function useDatabaseEvents() {
  const refetchInterval = usePollInterval();
  return useQuery({
    ...always,
    queryKey: consoleKeys.databaseEvents,
    queryFn: () => api.operations.databaseEvents(),
    refetchInterval,
  });
}

/** Newest first. */
export function useOperations() {
  const refetchInterval = usePollInterval();
  return useQuery({
    ...always,
    queryKey: consoleKeys.operations,
    queryFn: () => api.operations.operations(),
    refetchInterval,
  });
}

export function useOperation(id: string) {
  const refetchInterval = usePollInterval();
  return useQuery({
    ...always,
    queryKey: consoleKeys.operation(id),
    queryFn: () => api.operations.operation(id),
    refetchInterval,
  });
}

/** Newest first; asked for again and again while somebody looks. */
export function useSourceErrors(name: string) {
  return useQuery({
    ...always,
    queryKey: consoleKeys.sourceErrors(name),
    queryFn: () => api.operations.sourceErrors(name),
    refetchInterval: pollWhileLost,
  });
}

/** Asked for as often as it has something new: no event carries it. */
export function useDatabaseHistory(range: HistoryRange) {
  return useQuery({
    ...always,
    queryKey: consoleKeys.history(range),
    queryFn: () => api.operations.history(range),
    refetchInterval: range === '24h' ? 60_000 : 5_000,
  });
}

/** No event tells of an edit of the file, so that it is asked for every two seconds while somebody looks. */
export function useConfigStatus() {
  return useQuery({
    ...always,
    queryKey: consoleKeys.configStatus,
    queryFn: () => api.operations.configStatus(),
    refetchInterval: pollWhileLost,
  });
}

/** The running configuration, secrets masked. */
export function useMaskedConfig() {
  return useQuery({ ...always, queryKey: consoleKeys.config, queryFn: () => api.operations.maskedConfig() });
}

/** What differs between two versions of the configuration; contents do not change, but what is running does. */
export function useConfigComparison(from: string, to: string) {
  return useQuery({
    ...always,
    queryKey: consoleKeys.configComparison(from, to),
    queryFn: () => api.operations.compareVersions(from, to),
    gcTime: 0,
  });
}
