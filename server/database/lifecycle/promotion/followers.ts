import { masterServes, type Member } from '../../topology/index.ts';
import type { Live, SnapshotChange } from '../live.ts';
import type { Follower } from './choose.ts';

/**
 * Remembers which run of which replica follows the master, while there is one to follow: when it is lost, a replica that
 * restarts meanwhile, or a copy that is put in its place, cannot vouch for anything any more.
 */
export class Followers {
  #all = new Map<string, Follower>();
  #of = '';

  constructor(live: Live) {
    live.changes.subscribe((change) => this.#note(change));
  }

  get all(): ReadonlyMap<string, Follower> {
    return this.#all;
  }

  #note({ current: { topology } }: SnapshotChange): void {
    const { master, members, history } = topology;
    if (!masterServes(topology)) return;
    const of = `${master.name} ${history}`;
    if (of !== this.#of) this.#all = new Map();
    this.#of = of;
    for (const member of members) {
      if (member !== master && follows(member, master)) {
        this.#all.set(member.name, { instance: member.instance, position: member.position });
      }
    }
  }
}

function follows({ observed, badProbes, clusterId, timeline, health }: Member, master: Member): boolean {
  const serves = health === 'online' || health === 'lagging';
  return (
    serves &&
    observed === 'replica' &&
    badProbes === 0 &&
    clusterId === master.clusterId &&
    timeline === master.timeline
  );
}
