import type { Clock } from '../clock.ts';
import type { Position, Reached } from '../dialect/dialect.ts';
import { Emitter, type LayerEvent } from '../events.ts';
import type { ConnectionPool } from '../pool/index.ts';
import type { DatabaseSettings } from '../settings/settings.ts';
import { buildTopology, MasterTrail, type Member, type Topology, withMember } from '../topology/index.ts';

/** One generation: a topology and the pool of each of its members. Taken once per statement. */
export interface Snapshot {
  readonly topology: Topology;
  readonly settings: DatabaseSettings;
  readonly pools: ReadonlyMap<string, ConnectionPool>;
  /**
   * Where the master stood when its history became the current one, else null. Tokens of the time before say nothing
   * about it: a replica must have reached this position whatever they ask for.
   */
  readonly floor: Position | null;
}

export interface SnapshotChange {
  readonly previous: Snapshot | undefined;
  readonly current: Snapshot;
}

/** Another database is the published master, or another history stands behind its name. */
export interface MasterChange {
  readonly name: string;
  /** True when acknowledged writes of the last moments may be missing: nobody could bring all of them over. */
  readonly forced: boolean;
}

/** The pool of a member of this snapshot. */
export function poolOf(snapshot: Snapshot, member: Member): ConnectionPool {
  const pool = snapshot.pools.get(member.name);
  if (pool === undefined) throw new Error(`The topology names ${member.name}, which has no pool.`);
  return pool;
}

/**
 * The one mutable place of the layer: which snapshot is current. Everything else reads it and gets a value that does
 * not change under its hands.
 */
export class Live {
  readonly trail: MasterTrail;
  readonly changes: Emitter<SnapshotChange>;
  readonly events: Emitter<LayerEvent>;
  readonly masters: Emitter<MasterChange>;
  readonly #clock: Clock;
  #current: Snapshot;

  constructor(
    first: Snapshot,
    clock: Clock,
    deps: { readonly reached: Reached; readonly onListenerError?: (error: unknown) => void },
  ) {
    const { onListenerError } = deps;
    this.trail = new MasterTrail(deps.reached);
    this.#current = first;
    this.#clock = clock;
    this.changes = new Emitter(onListenerError);
    this.events = new Emitter(onListenerError);
    this.masters = new Emitter(onListenerError);
  }

  get current(): Snapshot {
    return this.#current;
  }

  /**
   * Makes another generation current: from the next statement on, it is the only one that is used. The one place in
   * which the master becomes another one, and where that is told.
   *
   * @param forced its master may lack acknowledged writes (see `MasterChange`); default false: it has them all.
   */
  publish(next: Snapshot, { forced = false }: { readonly forced?: boolean } = {}): void {
    const previous = this.#current;
    const [before, after] = [previous.topology.master, next.topology.master];
    const moved = before.name !== after.name;
    if (moved) this.trail.clear();
    this.#current = next;
    if (moved) this.report(masterEvent(before, after, forced));
    this.changes.emit({ previous, current: next });
    if (moved) this.masters.emit({ name: after.name, forced });
  }

  /** Changes one member; nothing happens when it is not part of the current topology or stays the same. */
  update(name: string, change: (member: Member) => Member): void {
    const { topology } = this.#current;
    const member = topology.members.find((candidate) => candidate.name === name);
    if (member === undefined) return;
    const changed = change(member);
    if (changed === member) return;
    const previous = this.#current;
    this.#current = { ...previous, topology: withMember(topology, changed) };
    this.#tell(member, changed);
    this.changes.emit({ previous, current: this.#current });
  }

  /**
   * The master has another history than before, behind the same address: it was promoted, or another one stands there.
   * Positions of the old one mean nothing any more; reads must have reached `position` of the new one.
   */
  beginHistory(position: Position): void {
    const previous = this.#current;
    this.trail.clear();
    const members = previous.topology.members.map((member) => ({ ...member, sharedUpTo: null }));
    this.#current = { ...previous, floor: position, topology: buildTopology(members, previous.topology) };
    const { master } = previous.topology;
    const { name, timeline } = master;
    this.report({
      kind: 'history_changed',
      severity: 'warning',
      source: name,
      text:
        `Behind ${name} stands a database on timeline ${timeline}, promoted elsewhere. ` +
        'Messages of the last moments before that may be missing.',
      detail: { timeline },
    });
    this.report(masterEvent(master, master, true));
    this.changes.emit({ previous, current: this.#current });
    this.masters.emit({ name, forced: true });
  }

  /** At the start of the server another database was the master than the configured one. */
  reportFollowed(configured: string): void {
    const { name, timeline } = this.#current.topology.master;
    this.report({
      kind: 'failed_over',
      severity: 'warning',
      source: name,
      text:
        `${name} has taken over from ${configured} while the server did not run, and is the master now. ` +
        `Put ${name} first in DataSource, so that the file says what is so.`,
      detail: { from: configured, to: name, timeline },
    });
  }

  report(event: Omit<LayerEvent, 'at'>): void {
    this.events.emit({ at: Math.round(this.#clock.now()), ...event });
  }

  #tell(before: Member, after: Member): void {
    if (before.health !== after.health) this.report(healthEvent(before, after));
    // What a source is at first sight is no change.
    if (before.observed !== after.observed && before.observed !== 'unknown') this.report(roleEvent(before, after));
  }
}

/** Told for every change of the master: by recycle, switchover, failover, or behind the same address. */
function masterEvent(before: Member, after: Member, forced: boolean): Omit<LayerEvent, 'at'> {
  return {
    kind: 'master_changed',
    severity: forced ? 'warning' : 'info',
    source: after.name,
    text: `The master is ${after.name} now${before.name === after.name ? '' : `, before it was ${before.name}`}.`,
    detail: { from: before.name, to: after.name, timeline: after.timeline, forced },
  };
}

function healthEvent(before: Member, after: Member): Omit<LayerEvent, 'at'> {
  const detail = { from: before.health, to: after.health, role: after.role, cause: after.cause };
  const who = after.role === 'master' ? 'Master' : 'Replica';
  if (after.health === 'online') {
    const text =
      after.role === 'master'
        ? `Master ${after.name} accepts writes again.`
        : `Replica ${after.name} ${after.takenOut ? 'is healthy, and stays out of the rotation' : 'returned to the rotation'}.`;
    return { kind: 'returned', severity: 'info', source: after.name, text, detail };
  }
  const left = before.health === 'online';
  return {
    kind: left ? 'left_rotation' : 'health_changed',
    severity: after.role === 'master' ? 'error' : 'warning',
    source: after.name,
    text: `${who} ${after.name} ${left ? 'left the rotation' : `is ${after.health} now`}: ${after.cause}`,
    detail,
  };
}

function roleEvent(before: Member, after: Member): Omit<LayerEvent, 'at'> {
  return {
    kind: 'role_changed',
    severity: 'warning',
    source: after.name,
    text: `${after.name} was ${before.observed} and is ${after.observed} now.`,
    detail: { from: before.observed, to: after.observed, role: after.role },
  };
}
