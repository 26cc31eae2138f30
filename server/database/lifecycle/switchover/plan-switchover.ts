import type { Snapshot } from '../live.ts';
import { Refused } from '../refused.ts';
import { closeContacts, inspect, type InspectDeps } from './inspect.ts';
import type { SwitchoverPlan } from './plan.ts';
import type { SwitchoverRequest } from './result.ts';

export type { SwitchoverPlan } from './plan.ts';

/** The dry run: asks every database and changes nothing. Never throws for a database's sake. */
export async function planSwitchover(
  deps: InspectDeps,
  before: Snapshot,
  request: SwitchoverRequest,
): Promise<SwitchoverPlan> {
  try {
    const { plan, contacts } = await inspect(deps, before, request);
    await closeContacts(contacts);
    return plan;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return {
      from: before.topology.master.name,
      to: request.name,
      emergency: request.emergency === true,
      checks: [{ name: 'Candidate', outcome: 'failed', text: error.message, took_ms: null }],
      possible: false,
      reason: error.message,
      commands: [],
      loss: '',
      effect: '',
    };
  }
}
