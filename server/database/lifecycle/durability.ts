import type { Position } from '../dialect/dialect.ts';
import type { Member, Topology } from '../topology/index.ts';
import type { Live } from './live.ts';

/** What a commit waits for, whether it can, and what the loss of the master without warning would cost. */
export interface Durability {
  mode: Member['durability'];
  text: string;
  /** Whether the configured synchronous mode is kept; null without one, and when it cannot be told. */
  met: boolean | null;
  /** Acknowledged writes of this server that no replica has at the moment. */
  at_risk_writes: number;
}

/** Whether the synchronous mode that is configured on the master is kept. */
export function isMet({ synchronous }: Member): boolean | null {
  if (synchronous === null) return null;
  if (synchronous.weakened) return false;
  return synchronous.connected === null ? null : synchronous.connected >= synchronous.required;
}

const writes = (count: number): string => (count === 1 ? '1 acknowledged write' : `${count} acknowledged writes`);

const weakenedText =
  'A synchronous mode is configured, but commits do not wait for it: it is off for this user, or no replica confirmed in time.';

function asynchronousText(atRisk: number): string {
  const now =
    atRisk === 0
      ? 'a replica has every acknowledged write of this server; when one is missing, it brings it over from its '
      : `no replica has ${writes(atRisk)} of this server; it brings them over from its `;
  return (
    'Asynchronous: when the master is lost without warning, the newest acknowledged writes are missing on the replica ' +
    `that takes over. At the moment ${now}` +
    'memory if it lives on. What other servers wrote is lost, and what this one wrote if it is lost together with the master.'
  );
}

function synchronousText({ durability, synchronous }: Member): string {
  const what =
    durability === 'synchronous-visible'
      ? 'Synchronous and visible: an acknowledged write can be read on a synchronous replica at once.'
      : 'Synchronous: an acknowledged write is on a synchronous replica, too.';
  const keeps = 'Losing the master costs nothing when such a replica takes over.';
  if (synchronous === null) return `${what} ${keeps}`;
  const { required, connected } = synchronous;
  if (connected === null) {
    return `${what} Whether ${required} of them are connected cannot be seen: grant pg_monitor to the user.`;
  }
  if (connected >= required) return `${what} ${connected} of ${required} are connected. ${keeps}`;
  return (
    `${what} Only ${connected} of ${required} are connected: writes wait until more are. ` +
    'Bring the replica back, or take it out of the configured mode.'
  );
}

function textOf(master: Member, atRisk: number): string {
  if (master.durability === 'unknown') return 'Not known yet.';
  if (master.synchronous?.weakened === true) {
    return `${weakenedText} ${asynchronousText(atRisk)}`;
  }
  return master.durability === 'asynchronous' ? asynchronousText(atRisk) : synchronousText(master);
}

/** The durability as the status tells it. */
export function durabilityOf(
  topology: Topology,
  journal: { countBeyond(positions: readonly Position[]): number },
): Durability {
  const { master } = topology;
  const atRisk = journal.countBeyond(topology.members.flatMap(({ sharedUpTo }) => sharedUpTo ?? []));
  return { mode: master.durability, text: textOf(master, atRisk), met: isMet(master), at_risk_writes: atRisk };
}

interface Told {
  readonly name: string;
  readonly met: boolean | null;
  readonly mode: Member['durability'];
}

type News = { readonly kind: string; readonly severity: 'info' | 'warning'; readonly text: string } | undefined;

function newsOf(before: Told | undefined, after: Told, master: Member): News {
  if (after.met === false && before?.met !== false) {
    const text = master.synchronous?.weakened === true ? weakenedText : synchronousText(master);
    return { kind: 'durability_unmet', severity: 'warning', text };
  }
  if (after.met === true && before?.met === false) {
    return { kind: 'durability_met', severity: 'info', text: synchronousText(master) };
  }
  if (before === undefined || before.mode === after.mode || before.name !== after.name) return undefined;
  const severity = after.mode === 'asynchronous' ? 'warning' : 'info';
  const text = `The durability of ${after.name} was ${before.mode} and is ${after.mode} now.`;
  return { kind: 'durability_changed', severity, text };
}

/** Reports when the configured synchronous mode is not kept, is kept again, or is another one. */
export function watchDurability(live: Live): void {
  let told: Told | undefined;
  live.changes.subscribe(({ current }) => {
    const { master } = current.topology;
    if (master.badProbes > 0 || master.durability === 'unknown') return;
    const now = { name: master.name, met: isMet(master), mode: master.durability };
    const news = newsOf(told, now, master);
    told = now;
    if (news === undefined) return;
    const { required = 0, connected = null } = master.synchronous ?? {};
    live.report({ ...news, source: master.name, detail: { mode: master.durability, required, connected } });
  });
}
