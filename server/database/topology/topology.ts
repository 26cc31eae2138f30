import type { DataSource } from '../data-source/data-source.ts';
import type { Position, SynchronousMode } from '../dialect/dialect.ts';
import type { AssignedRole, ConfiguredSource } from '../settings/settings.ts';

/** Shown as Online, Lagging, Suspect, Unreachable, Draining. */
export type Health = 'online' | 'lagging' | 'suspect' | 'offline' | 'draining';
export type ObservedRole = 'master' | 'replica' | 'read-only' | 'unknown';

/** An operator keeps a replica out of the rotation: who, and since when. */
export interface TakenOut {
  readonly by: string;
  readonly at: number;
}

/** A data source in a topology: what it should be, what it is, and why we think so. Times by the layer's clock. */
export interface Member {
  readonly source: DataSource;
  readonly name: string;
  readonly role: AssignedRole;
  readonly index: number;
  readonly health: Health;
  /** Why the health is what it is. */
  readonly cause: string;
  readonly healthSince: number;
  readonly observed: ObservedRole;
  /** Flushed on the master, replayed on a replica; never moves backwards while the cluster is the same. */
  readonly position: Position | null;
  readonly timeline: number | null;
  readonly clusterId: string | null;
  /** Which run of which server it is; changes with each restart. */
  readonly instance: string | null;
  /**
   * Of a replica: it has the master's history at least up to here, and kept this when it was promoted. Null when it
   * follows another history or was never seen to follow.
   */
  readonly sharedUpTo: Position | null;
  readonly lagMs: number | null;
  readonly lagBytes: number | null;
  readonly version: string | null;
  readonly connectionsAllowed: number | null;
  readonly durability: 'asynchronous' | 'synchronous' | 'synchronous-visible' | 'unknown';
  /** The synchronous mode that is configured on it, if any. */
  readonly synchronous: SynchronousMode | null;
  readonly goodProbes: number;
  readonly badProbes: number;
  readonly checkedAt: number;
  /** Since when it serves again: right after a return it gets a smaller share. */
  readonly admittedAt: number;
  /** It does not serve before this, however good its checks are. */
  readonly outUntil: number;
  /** Of a replica: it serves nothing until an operator puts it back. */
  readonly takenOut: TakenOut | null;
}

/** All data sources of one generation. Immutable: every change makes a new one. */
export interface Topology {
  /** Rises by one with each recycle. */
  readonly generation: number;
  readonly since: number;
  readonly masterSince: number;
  readonly members: readonly Member[];
  readonly master: Member;
  /** Cluster and timeline of the master: positions can be compared only within one history. Null until it is known. */
  readonly history: string | null;
  /**
   * A history of this cluster was given up by an override. From then on a later timeline does not prove that a database comes
   * from the present one: only one that was seen to follow the master does.
   */
  readonly gaveUp: boolean;
  /** The replicas and search replicas that may serve reads now. */
  readonly fitReplicas: readonly Member[];
  readonly fitSearchReplicas: readonly Member[];
}

/** A member of which nothing is known yet. */
export function newMember(configured: ConfiguredSource, now: number): Member {
  return {
    source: configured.source,
    name: configured.source.name,
    role: configured.role,
    index: configured.index,
    health: 'offline',
    cause: 'Not checked yet.',
    healthSince: now,
    observed: 'unknown',
    position: null,
    timeline: null,
    clusterId: null,
    instance: null,
    sharedUpTo: null,
    lagMs: null,
    lagBytes: null,
    version: null,
    connectionsAllowed: null,
    durability: 'unknown',
    synchronous: null,
    goodProbes: 0,
    badProbes: 0,
    checkedAt: 0,
    admittedAt: 0,
    outUntil: 0,
    takenOut: null,
  };
}

function isFit(member: Member, role: AssignedRole): boolean {
  const serves = member.health === 'online' && member.observed === 'replica';
  return member.role === role && serves && member.takenOut === null;
}

/**
 * Builds a topology of members, of which exactly one is the master.
 *
 * @throws Error without a master; the settings guarantee one.
 */
export function buildTopology(
  members: readonly Member[],
  times: Pick<Topology, 'generation' | 'since' | 'masterSince'> & Partial<Pick<Topology, 'gaveUp'>>,
): Topology {
  const master = members.find((member) => member.role === 'master');
  if (master === undefined) throw new Error('A topology needs a master.');
  const { generation, since, masterSince, gaveUp = false } = times;
  return {
    generation,
    since,
    masterSince,
    members,
    master,
    history: master.clusterId === null ? null : `${master.clusterId}.${master.timeline ?? 0}`,
    gaveUp,
    fitReplicas: members.filter((member) => isFit(member, 'replica')),
    fitSearchReplicas: members.filter((member) => isFit(member, 'search-replica')),
  };
}

/** Whether a later timeline tells of a database that it comes from the present history; undefined: it is no member. */
export function timelineTells({ gaveUp }: Topology, member: Member | undefined): boolean {
  return !gaveUp || (member !== undefined && member.sharedUpTo !== null);
}

/** Whether the master is known to accept writes. While it is not, it is in doubt: writes wait. */
export function masterServes({ master }: Topology): boolean {
  return master.health === 'online' && master.observed === 'master';
}

/** The topology with one member changed; the same object when the member is not part of it. */
export function withMember(topology: Topology, changed: Member): Topology {
  const index = topology.members.findIndex((member) => member.name === changed.name);
  if (index < 0) return topology;
  return buildTopology(topology.members.with(index, changed), topology);
}
