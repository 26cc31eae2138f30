import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { LogLine, LogPage } from '../../../../contract/index.ts';
import { api } from '../../client/index.ts';
import { consoleKeys } from '../data/queries.ts';
import type { PanelQuery } from '../panel/panel.tsx';
import { withPage } from './log-filter.ts';

const pollInterval = 1_000;

/** The server's log, which goes on by itself until it is paused. */
export interface Logs {
  readonly query: PanelQuery<LogPage>;
  /** The lines to be shown: while paused, those from before. */
  readonly lines: readonly LogLine[];
  readonly paused: boolean;
  /** Lines that came while it is paused. */
  readonly newLines: number;
  pause(): void;
  resume(): void;
}

export function useLogs(): Logs {
  const client = useQueryClient();
  const [pausedAt, setPausedAt] = useState<number>();
  const query = useQuery({
    queryKey: consoleKeys.logs,
    queryFn: async () => {
      const known = client.getQueryData<LogPage>(consoleKeys.logs);
      const page = await api.operations.logs(known?.lines.at(-1)?.id);
      // Another run: what it has said before the last id of the old one was not in this answer.
      if (known !== undefined && known.run !== page.run) return api.operations.logs(undefined);
      return withPage(known, page);
    },
    retry: false,
    networkMode: 'always',
    staleTime: 0,
    structuralSharing: false,
    refetchInterval: pollInterval,
  });
  const all = query.data?.lines ?? [];
  const lines = pausedAt === undefined ? all : all.filter(({ id }) => id <= pausedAt);
  return {
    query,
    lines,
    paused: pausedAt !== undefined,
    newLines: all.length - lines.length,
    pause: () => setPausedAt(all.at(-1)?.id ?? -1),
    resume: () => setPausedAt(undefined),
  };
}
