import { useQuery } from '@tanstack/react-query';
import type { SwitchoverPlan } from '../../../../../contract/index.ts';
import { api } from '../../../client/index.ts';

/** The dry run, made anew each time it is looked at. Both null while it is made. */
export interface SwitchPlan {
  readonly data: SwitchoverPlan | null;
  readonly error: Error | null;
  readonly refetch: () => unknown;
}

export function useSwitchPlan(name: string, emergency: boolean): SwitchPlan {
  const plan = useQuery({
    queryKey: ['console-switch-plan', name, emergency],
    queryFn: async () => (await api.operations.switchover({ name, emergency }, { dryRun: true })).plan,
    gcTime: 0,
    staleTime: 0,
    retry: false,
    networkMode: 'always',
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const { refetch, isFetching } = plan;
  return { data: isFetching ? null : (plan.data ?? null), error: isFetching ? null : plan.error, refetch };
}
