export {
  applyPosition,
  applyProbe,
  applyTrafficFailure,
  type ProbeContext,
  type ProbeOutcome,
} from './apply-probe.ts';
export { MasterTrail } from './master-trail.ts';
export {
  buildTopology,
  type Health,
  masterServes,
  type Member,
  newMember,
  type ObservedRole,
  type TakenOut,
  timelineTells,
  type Topology,
  withMember,
} from './topology.ts';
