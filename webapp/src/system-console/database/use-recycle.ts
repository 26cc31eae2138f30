import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { Operation, RecyclePlan } from '../../../../contract/index.ts';
import { AppError, api, noAnswer, timedOut } from '../../client/index.ts';
import { consoleKeys, useOperations } from '../data/queries.ts';
import { type DryRun, useDryRun } from '../data/use-dry-run.ts';
import { keepOperation } from '../data/use-live-console.ts';

export type PlanState = DryRun<RecyclePlan>;

/** The recycle as the Database page sees it, whoever started it. */
export interface RecycleState {
  readonly plan: PlanState;
  readonly dialogOpen: boolean;
  readonly openDialog: () => void;
  readonly closeDialog: () => void;
  /** The operation that runs, or that ended while this page was open. */
  readonly operation: Operation | undefined;
  readonly running: boolean;
  /** @param override the name of the master, to go on in spite of red checks. */
  readonly start: (override?: string) => void;
  dismiss(): void;
  /** A refusal that no operation tells of. */
  readonly refusal: Error | null;
  /** The request got no answer: whether the operation runs is what the list of operations says. */
  readonly answerLost: boolean;
}

/** Starts recycles and follows the one that runs, also when another admin has started it. */
export function useRecycle(): RecycleState {
  const [dialogOpen, setDialogOpen] = useState(false);
  const followed = useFollowedOperation();
  const client = useQueryClient();
  const plan = usePlan(dialogOpen);
  const start = useMutation({
    mutationFn: (override: string | undefined) =>
      api.operations.recycle({ dryRun: false }, override === undefined ? {} : { override }),
    networkMode: 'always',
    onSuccess: ({ operation }) => {
      if (operation === null) return;
      keepOperation(client, operation);
      followed.follow(operation.id);
    },
    onError: async (error) => {
      await client.invalidateQueries({ queryKey: consoleKeys.operations });
      // A failed recycle is answered by a refusal; the operation that tells of it is the newest one.
      const newest = client.getQueryData<Operation[]>(consoleKeys.operations)?.[0];
      if (isConflict(error) && newest) followed.follow(newest.id);
    },
  });

  const openDialog = useCallback(() => setDialogOpen(true), []);
  const closeDialog = useCallback(() => setDialogOpen(false), []);
  const { follow } = followed;
  const { mutate } = start;
  const begin = useCallback(
    (override?: string) => {
      setDialogOpen(false);
      follow(undefined);
      mutate(override);
    },
    [follow, mutate],
  );

  return {
    plan,
    dialogOpen,
    openDialog,
    closeDialog,
    operation: followed.operation,
    running: followed.operation?.outcome === 'running',
    start: begin,
    dismiss() {
      followed.follow(undefined);
      start.reset();
    },
    refusal: start.error && !isConflict(start.error) && !isLost(start.error) ? start.error : null,
    answerLost: isLost(start.error),
  };
}

const isConflict = (error: Error | null): boolean => error instanceof AppError && error.status === 409;
const isLost = (error: Error | null): boolean =>
  error instanceof AppError && (error.id === noAnswer || error.id === timedOut);

function usePlan(enabled: boolean): PlanState {
  const look = async () => (await api.operations.recycle({ dryRun: true })).plan;
  return useDryRun(consoleKeys.recyclePlan, look, enabled);
}

/**
 * The newest operation since the page was opened; what had ended before is history. A recycle can be over before its start is drawn, so
 * that it is the new one in the list that counts and not the running one.
 */
function useFollowedOperation() {
  const [id, follow] = useState<string>();
  /** Of the newest operation known; null: there is none; undefined: the list has not come yet. */
  const [newestId, setNewestId] = useState<string | null>();
  const operations = useOperations().data;
  const newest = operations?.[0];
  if (operations && (newest?.id ?? null) !== newestId) {
    setNewestId(newest?.id ?? null);
    if (newest && (newestId !== undefined || newest.outcome === 'running')) follow(newest.id);
  }
  return { operation: operations?.find((operation) => operation.id === id), follow };
}
