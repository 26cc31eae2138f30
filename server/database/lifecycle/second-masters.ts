import type { LayerEvent } from '../events.ts';
import { masterServes, type Member, type Topology } from '../topology/index.ts';
import type { Live } from './live.ts';

/** A database beside the master that accepts writes: `former` was the master before, `promoted` came from its history. */
export type SecondMaster = 'former' | 'promoted';

/**
 * What a member is that accepts writes although another one is the master; undefined when it does not, and while there is
 * no master: then a promotion is what everybody waits for, and two of them are told by `Failover`.
 */
export function secondMaster(member: Member, topology: Topology): SecondMaster | undefined {
  const { master, masterSince } = topology;
  if (member === master || !masterServes(topology) || member.observed !== 'master') return undefined;
  // What it was before the master was published says nothing about what it is beside it.
  if (member.badProbes > 0 || member.checkedAt <= masterSince) return undefined;
  // The very same server under another name is no second one.
  if (member.instance !== null && member.instance === master.instance) return undefined;
  const isOlder = member.timeline !== null && master.timeline !== null && member.timeline < master.timeline;
  return isOlder ? 'former' : 'promoted';
}

/**
 * Raises the alarm for every second database of the cluster that accepts writes, however it came to be: it looks at what is
 * the case and not at what has changed, so that nothing slips through while the master is silent for a moment. Once for each
 * run of it.
 */
export function watchSecondMasters(live: Live): void {
  const told = new Map<string, string>();
  live.changes.subscribe(({ current: { topology } }) => {
    for (const member of topology.members) {
      const kind = secondMaster(member, topology);
      // One that answers and is something else may become one again.
      const isOver = member.badProbes === 0 && member.observed !== 'master' && member.observed !== 'unknown';
      if (kind === undefined && isOver) told.delete(member.name);
      if (kind === undefined) continue;
      const subject = `${kind} ${member.instance} ${topology.master.name}`;
      if (told.get(member.name) === subject) continue;
      told.set(member.name, subject);
      live.report(alarm(kind, member, topology.master));
    }
  });
}

function alarm(kind: SecondMaster, { name, role, timeline }: Member, master: Member): Omit<LayerEvent, 'at'> {
  const base = { severity: 'error' as const, source: name, detail: { role, timeline, master: master.name } };
  if (kind === 'former') {
    return {
      ...base,
      kind: 'former_master',
      text:
        `${name} is a former master that came back and accepts writes. It is kept out: nothing is read from it or written to ` +
        `it here. What other programs write to it is lost: stop or fence it, and rebuild it as a replica of ${master.name}.`,
    };
  }
  return {
    ...base,
    kind: 'two_masters',
    text:
      `${name} accepts writes although ${master.name} is the master here: put it first in DataSource, reload and recycle to ` +
      'move to it, or rebuild it as a replica.',
  };
}
