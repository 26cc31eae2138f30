import type { AssignedRole, DatabaseSettings } from '../settings/settings.ts';
import type { Topology } from '../topology/index.ts';
import { redChecks, refusalOf, type SourceReport, type Verified } from './verify.ts';

export interface PlannedChange {
  readonly name: string;
  readonly change: 'keep' | 'add' | 'remove' | 'role';
  readonly assigned_role: AssignedRole;
  readonly text: string;
}

/** What a recycle to these settings would do, before it does anything. */
export interface RecyclePlan {
  readonly changes: PlannedChange[];
  readonly master_changes: boolean;
  readonly reports: SourceReport[];
  readonly possible: boolean;
  readonly reason: string;
  /** Set when it would be possible with an override. */
  readonly overridable: Overridable | null;
  readonly effect: string;
}

/** Every check that keeps a recycle from going on is one that a person may know better. */
export interface Overridable {
  /** The name of the coming master: who overrides must give it. */
  readonly name: string;
  /** What is accepted with it, a sentence or two for each check. */
  readonly accepts: string[];
}

/** The difference between the live topology and the settings, source by source. Pure. */
export function planChanges(topology: Topology, settings: DatabaseSettings): PlannedChange[] {
  const wanted = settings.sources.map(({ source, role }): PlannedChange => {
    const member = topology.members.find((candidate) => candidate.name === source.name);
    if (member === undefined) return { name: source.name, change: 'add', assigned_role: role, text: `new ${role}` };
    if (member.role !== role) {
      const text = role === 'master' ? 'becomes the master' : `becomes a ${role}`;
      return { name: source.name, change: 'role', assigned_role: role, text };
    }
    return { name: source.name, change: 'keep', assigned_role: role, text: `stays ${role}` };
  });
  const removed = topology.members
    .filter((member) => !settings.sources.some(({ source }) => source.name === member.name))
    .map((member): PlannedChange => {
      return { name: member.name, change: 'remove', assigned_role: member.role, text: 'is not listed any more' };
    });
  return [...wanted, ...removed];
}

/** Whether the master would be another database. */
export function masterChanges(topology: Topology, settings: DatabaseSettings): boolean {
  return settings.sources[0].source.name !== topology.master.name;
}

/** The plan with the outcome of its checks. */
export function makePlan(
  topology: Topology,
  settings: DatabaseSettings,
  verified: readonly Verified[],
  drainLimitMs: number,
): RecyclePlan {
  const moves = masterChanges(topology, settings);
  const reason = refusalOf(verified);
  const drain = `Old connections close after their requests end, at most ${Math.round(drainLimitMs / 1_000)} s.`;
  return {
    changes: planChanges(topology, settings),
    master_changes: moves,
    reports: verified.map((one) => one.report),
    possible: reason === '',
    reason,
    overridable: overridableOf(settings, verified),
    effect: moves
      ? `Writes wait about a second; nobody is signed out. ${drain}`
      : `Reading and writing go on without a pause; nobody is signed out. ${drain}`,
  };
}

function overridableOf(settings: DatabaseSettings, verified: readonly Verified[]): Overridable | null {
  const red = redChecks(verified);
  if (red.length === 0 || red.some(({ accepting }) => accepting === undefined)) return null;
  const accepts = red.map(({ source, name, accepting }) => `${name} of ${source}: ${accepting}`);
  return { name: settings.sources[0].source.name, accepts };
}
