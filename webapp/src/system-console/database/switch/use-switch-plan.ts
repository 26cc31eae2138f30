import type { SwitchoverPlan } from '../../../../../contract/index.ts';
import { api } from '../../../client/index.ts';
import { type DryRun, useDryRun } from '../../data/use-dry-run.ts';

export type SwitchPlan = DryRun<SwitchoverPlan>;

export function useSwitchPlan(name: string, emergency: boolean): SwitchPlan {
  return useDryRun(
    ['console-switch-plan', name, emergency],
    async () => (await api.operations.switchover({ name, emergency }, { dryRun: true })).plan,
  );
}
