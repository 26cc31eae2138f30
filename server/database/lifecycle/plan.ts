import type { AssignedRole, DatabaseSettings } from '../settings/settings.ts';
import type { Topology } from '../topology/index.ts';
import { historyRefusal } from './plan-carry-over.ts';
import { refusalOf, type SourceReport, type Verified } from './verify.ts';

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
  readonly effect: string;
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
  const reason = refusalOf(verified) || (moves ? refusalOfHistory(topology, verified) : '');
  const drain = `Old connections close after their requests end, at most ${Math.round(drainLimitMs / 1_000)} s.`;
  return {
    changes: planChanges(topology, settings),
    master_changes: moves,
    reports: verified.map((one) => one.report),
    possible: reason === '',
    reason,
    effect: moves
      ? `Writes wait about a second; nobody is signed out. ${drain}`
      : `Reading and writing go on without a pause; nobody is signed out. ${drain}`,
  };
}

/** Why the coming master's history keeps a recycle from moving there; empty when it does not. */
function refusalOfHistory({ master, members }: Topology, verified: readonly Verified[]): string {
  const [coming] = verified;
  if (coming?.reading === undefined) return '';
  const { name } = coming.report;
  const known = members.find((member) => member.name === name);
  const refusal = historyRefusal(master, coming.reading, known);
  return refusal === '' ? '' : `${name} (master): ${refusal}`;
}
