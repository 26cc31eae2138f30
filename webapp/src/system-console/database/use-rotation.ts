import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { DataSourceStatus, RotationRequest } from '../../../../contract/index.ts';
import { api, errorText } from '../../client/index.ts';
import { consoleKeys } from '../data/queries.ts';
import { useText } from '../texts.ts';

/** Taking replicas out of the rotation and putting them back. */
export interface RotationControl {
  /** The replica that the question is about; undefined while there is none. */
  readonly asked: string | undefined;
  /** Without it, no replica serves reads any more. */
  readonly isLast: boolean;
  readonly running: boolean;
  readonly error: Error | null;
  /** Asks whether the replica may be taken out. */
  ask(name: string): void;
  takeOut(): void;
  cancel(): void;
  putBack(name: string): void;
}

const serves = (source: DataSourceStatus): boolean =>
  source.assigned_role !== 'master' && source.health === 'online' && source.taken_out === null;

export function useRotation(sources: readonly DataSourceStatus[]): RotationControl {
  const text = useText();
  const client = useQueryClient();
  const [asked, setAsked] = useState<string>();
  const change = useMutation({
    mutationFn: (request: RotationRequest) => api.operations.changeRotation(request),
    networkMode: 'always',
    onSuccess: () => {
      setAsked(undefined);
      void client.invalidateQueries({ queryKey: consoleKeys.databaseStatus });
    },
    onError: (error, { in: back }) => {
      const message = text('rotation.failed', { reason: errorText(error) });
      if (back) notifications.show({ color: 'red', message });
    },
  });
  const serving = sources.filter(serves);
  const isLast = serving.length === 1 && serving[0]?.name === asked;
  return {
    asked,
    isLast,
    running: change.isPending,
    error: change.error,
    ask(name) {
      change.reset();
      setAsked(name);
    },
    takeOut() {
      if (asked !== undefined) change.mutate({ source: asked, in: false, accept_last: isLast });
    },
    cancel: () => setAsked(undefined),
    putBack: (name) => change.mutate({ source: name, in: true }),
  };
}
