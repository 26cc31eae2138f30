import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Operation } from '../../../../contract/index.ts';
import { api, errorText } from '../../client/index.ts';
import { keepOperation } from '../data/use-live-console.ts';
import { useText } from '../texts.ts';

/** Ends an operation that has changed nothing yet; nothing to be seen where that is not possible (any more). */
export function CancelOperation({ operation }: { operation: Operation }) {
  const text = useText();
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => api.operations.cancelOperation(operation.id),
    networkMode: 'always',
    onSuccess: (operation) => keepOperation(client, operation),
    onError: (error) =>
      notifications.show({ color: 'red', message: text('recycle.not_cancelled', { reason: errorText(error) }) }),
  });
  if (operation.outcome !== 'running') return null;
  if (operation.cancelled_by !== null) return text('recycle.cancelling', { actor: operation.cancelled_by });
  if (!operation.cancellable) return null;
  return (
    <Button size="compact-sm" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
      {text('recycle.cancel_operation')}
    </Button>
  );
}
