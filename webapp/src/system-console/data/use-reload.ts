import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../client/index.ts';
import { consoleKeys } from './queries.ts';

/** Reload Configuration from Disk. Whatever comes of it, everything on the page is looked up again. */
export function useReload() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.operations.reload({ dryRun: false }),
    networkMode: 'always',
    onSettled: () => client.invalidateQueries({ queryKey: consoleKeys.all }),
  });
}
