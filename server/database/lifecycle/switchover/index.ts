export { type SwitchoverNote, type SwitchoverNotes, noNotes } from './note.ts';
export { planSwitchover, type SwitchoverPlan } from './plan-switchover.ts';
export {
  type FollowUp,
  type SwitchoverRequest,
  type SwitchoverResult,
  switchoverSteps,
  type SwitchoverUpdate,
} from './result.ts';
export { type Settled, settleSwitchover } from './settle.ts';
export { Switchover, type SwitchoverDeps } from './switchover.ts';
