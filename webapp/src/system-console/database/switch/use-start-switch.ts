import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { Operation, SwitchoverRequest } from '../../../../../contract/index.ts';
import { api, errorText } from '../../../client/index.ts';
import { consoleKeys, useOperations } from '../../data/queries.ts';
import { keepOperation } from '../../data/use-live-console.ts';
import { draft, useDraft } from './draft.ts';
import { switchoverSince } from './steps.ts';

const newestSwitchover = (operations: readonly Operation[] = []): string | undefined =>
  operations.find(({ kind }) => kind === 'switchover')?.id;

/** Sends the request. What becomes of it is told by the operation, and by the draft when there is none. */
export function useStartSwitch(): (request: SwitchoverRequest) => void {
  const client = useQueryClient();
  const operations = useOperations().data;
  const start = useMutation({
    mutationFn: (request: SwitchoverRequest) => api.operations.switchover(request, { dryRun: false }),
    networkMode: 'always',
    onSuccess: ({ operation }) => {
      if (operation !== null) keepOperation(client, operation);
    },
    onError: async (error) => {
      await client.invalidateQueries({ queryKey: consoleKeys.operations });
      const known = client.getQueryData<Operation[]>(consoleKeys.operations) ?? [];
      const { begun } = useDraft.getState();
      if (begun !== undefined && switchoverSince(known, begun.before) === undefined) draft.refuse(errorText(error));
    },
  });
  return (request) => {
    draft.begin(newestSwitchover(operations));
    start.mutate(request);
  };
}

/** Leads to the switch that runs, whoever started it, also when it was over before its start could be drawn. */
export function useFollowSwitch(): void {
  const navigate = useNavigate();
  const operations = useOperations().data;
  const begun = useDraft((state) => state.begun);
  const before = begun === undefined ? newestSwitchover(operations) : begun.before;
  const id = operations && switchoverSince(operations, before)?.id;
  useEffect(() => {
    if (id === undefined) return;
    draft.follow(id);
    void navigate({ to: '/admin_console/$', params: { _splat: `database/switch/${id}` }, replace: true });
  }, [id, navigate]);
}
