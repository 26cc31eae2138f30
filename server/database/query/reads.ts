import { type Clock, pause } from '../clock.ts';
import type { Dialect, DriverStatement, Failure, Position } from '../dialect/dialect.ts';
import type { HealthMonitor } from '../health/index.ts';
import { type Live, poolOf, type Snapshot } from '../lifecycle/live.ts';
import type { Lease } from '../pool/index.ts';
import { caughtUp, chooseByLoad, probablyCaughtUp } from '../routing/index.ts';
import { applyPosition, type Member } from '../topology/index.ts';
import type { Token } from './causality.ts';
import { compile, failureOf, toDatabaseError } from './compile.ts';
import type { Row } from '../row.ts';
import type { Statement } from './statement.ts';
import { positionIn } from './token.ts';

/** Why a read went to the master. */
export type MasterReason = 'no_replica' | 'not_caught_up' | 'latest' | 'read_from_master' | 'retry';

export type ReadIntent = 'causal' | 'latest' | 'stale';

interface Target {
  readonly member: Member;
  /** The position that must be checked along with the read; undefined when it is known to be reached. */
  readonly check: Position | undefined;
  readonly reason: MasterReason | 'replica';
}

export interface ReadCounters {
  replicaTotal: number;
  masterTotal: number;
  retriedTotal: number;
  readonly masterByReason: Record<string, number>;
}

export interface ReadRequest {
  readonly intent: ReadIntent;
  readonly token: Token | undefined;
  readonly statement: Statement;
  readonly values: readonly unknown[];
}

/** A replica that was last seen this close behind is asked, with a check, rather than the master. */
const closeMs = 100;
const attemptsAllowed = 6;
/** How often a read waits a millisecond or two for a replica that is all but there, before it turns to the master. */
const patience = 2;
/** On top of the server's own limit, for the way there and back. */
const timeoutMarginMs = 2_000;

const behind = Symbol('behind');

/** Reads: chooses a source, checks the position where that is needed, and goes elsewhere when a source fails. */
export class Reads {
  readonly counters: ReadCounters = { replicaTotal: 0, masterTotal: 0, retriedTotal: 0, masterByReason: {} };
  readonly #live: Live;
  readonly #dialect: Dialect;
  readonly #clock: Clock;
  readonly #monitor: HealthMonitor;
  readonly #random: () => number;

  constructor(deps: {
    live: Live;
    dialect: Dialect;
    clock: Clock;
    monitor: HealthMonitor;
    random: () => number;
  }) {
    this.#live = deps.live;
    this.#dialect = deps.dialect;
    this.#clock = deps.clock;
    this.#monitor = deps.monitor;
    this.#random = deps.random;
  }

  async run<R extends Row>(request: ReadRequest): Promise<R[]> {
    const statement = compile(this.#dialect, request.statement);
    const excluded: string[] = [];
    let lastError: Error | undefined;
    for (let attempt = 0; attempt < attemptsAllowed; attempt++) {
      const snapshot = this.#live.current;
      const target = this.#choose(snapshot, request, excluded);
      if (target === undefined) break;
      try {
        const rows = await this.#readFrom(snapshot, target, statement, request.values);
        if (rows !== behind) return this.#count(target, attempt, rows) as R[];
        if (attempt >= patience) excluded.push(target.member.name);
        else await pause(this.#clock, attempt + 1);
      } catch (error) {
        lastError = this.#afterFailure(target.member, error, excluded);
      }
    }
    throw lastError ?? toDatabaseError(nobodyLeft, this.#live.current.topology.master.name, undefined);
  }

  #choose(snapshot: Snapshot, request: ReadRequest, excluded: readonly string[]): Target | undefined {
    const { topology, settings } = snapshot;
    const { master } = topology;
    if (request.intent !== 'latest') {
      const fit = this.#fit(snapshot, request.intent, excluded);
      const position = higher(positionIn(request.token, master.clusterId), snapshot.floor, this.#dialect);
      const known = caughtUp(fit, position, this.#dialect.reached);
      const choice = this.#cheapest(snapshot, known);
      if (choice !== undefined) {
        return { member: choice, check: undefined, reason: choice === master ? 'read_from_master' : 'replica' };
      }
      const close = this.#cheapest(snapshot, probablyCaughtUp(fit, closeMs));
      if (close !== undefined) return { member: close, check: position, reason: 'replica' };
    }
    if (excluded.includes(master.name) || master.health === 'offline') return this.#withoutMaster(snapshot, excluded);
    if (request.intent === 'latest') return { member: master, check: undefined, reason: 'latest' };
    if (excluded.length > 0 && topology.fitReplicas.length > 0) {
      return { member: master, check: undefined, reason: settings.readFromMaster ? 'read_from_master' : 'retry' };
    }
    const reason = topology.fitReplicas.length === 0 ? 'no_replica' : 'not_caught_up';
    return { member: master, check: undefined, reason };
  }

  #fit(snapshot: Snapshot, intent: ReadIntent, excluded: readonly string[]): readonly Member[] {
    const { topology, settings } = snapshot;
    const search = intent === 'stale' ? without(topology.fitSearchReplicas, excluded) : [];
    if (search.length > 0) return search;
    const replicas = without(topology.fitReplicas, excluded);
    if (!settings.readFromMaster || topology.master.health !== 'online') return replicas;
    return without([...replicas, topology.master], excluded);
  }

  #cheapest(snapshot: Snapshot, candidates: readonly Member[]): Member | undefined {
    return chooseByLoad(
      candidates,
      (member) => {
        const pool = poolOf(snapshot, member);
        return { inFlight: pool.inFlight, latencyMs: pool.statistics.latencyMs };
      },
      { now: this.#clock.now(), random: this.#random },
    );
  }

  /**
   * The master is gone: reading goes on with the replica that is furthest ahead. What it lacks was never shown by any
   * other database either, and the chat stays readable.
   */
  #withoutMaster(snapshot: Snapshot, excluded: readonly string[]): Target | undefined {
    const left = without(snapshot.topology.members, excluded).filter(
      (member) => member.observed === 'replica' && member.health !== 'offline' && member.position !== null,
    );
    const [first, ...others] = left;
    if (first === undefined) return undefined;
    const furthest = others.reduce((a, b) => ((b.position ?? '') > (a.position ?? '') ? b : a), first);
    return { member: furthest, check: undefined, reason: 'replica' };
  }

  async #readFrom(
    snapshot: Snapshot,
    target: Target,
    statement: DriverStatement,
    values: readonly unknown[],
  ): Promise<Row[] | typeof behind> {
    const pool = poolOf(snapshot, target.member);
    const startedAt = this.#clock.now();
    const lease = pool.tryAcquire() ?? (await pool.acquire());
    const timeoutMs = snapshot.settings.queryTimeoutMs + timeoutMarginMs;
    try {
      const rows =
        target.check === undefined
          ? (await lease.connection.execute(statement, values, timeoutMs)).rows
          : await this.#checkedRead(lease, target, { statement, values, timeoutMs });
      lease.release(true);
      const now = this.#clock.now();
      pool.statistics.succeeded(now, now - startedAt, false);
      return rows;
    } catch (error) {
      const failure = failureOf(this.#dialect, error, false);
      lease.release(!failure.connectionLost);
      pool.statistics.failed(this.#clock.now(), failure.text);
      throw error;
    }
  }

  /**
   * Position and read in one packet. The position is read first, so what the read sees is at least as new: when it has
   * reached the token, the rows are good and no round trip was lost; otherwise they are thrown away.
   */
  async #checkedRead(
    lease: Lease,
    target: Target,
    query: { statement: DriverStatement; values: readonly unknown[]; timeoutMs: number },
  ): Promise<Row[] | typeof behind> {
    const { connection } = lease;
    const [position, result] = await connection.together(() =>
      Promise.all([
        connection.execute(this.#dialect.replicaPosition, [], query.timeoutMs),
        connection.execute(query.statement, query.values, query.timeoutMs),
      ]),
    );
    const at = this.#dialect.positionOf(position.rows);
    if (at === null) return behind;
    this.#live.update(target.member.name, (member) => applyPosition(member, at));
    return this.#dialect.reached(at, target.check ?? at) ? result.rows : behind;
  }

  #afterFailure(member: Member, error: unknown, excluded: string[]): Error {
    const failure = failureOf(this.#dialect, error, false);
    const asError = error instanceof Error && failure.kind === 'closed' ? error : undefined;
    if (failure.kind === 'closed') return asError ?? toDatabaseError(failure, member.name, error);
    if (failure.kind === 'unreachable' || failure.kind === 'misconfigured') {
      this.#monitor.reportFailure(member.name, failure.text);
    }
    if (failure.outcome === 'final' && !(failure.kind === 'disk' && member.role !== 'master')) {
      throw error instanceof Error && error.name === 'DatabaseError'
        ? error
        : toDatabaseError(failure, member.name, error);
    }
    excluded.push(member.name);
    return toDatabaseError(failure, member.name, error);
  }

  #count(target: Target, attempt: number, rows: Row[]): Row[] {
    if (attempt > 0) this.counters.retriedTotal += 1;
    if (target.member.role !== 'master') this.counters.replicaTotal += 1;
    else {
      this.counters.masterTotal += 1;
      const { masterByReason } = this.counters;
      masterByReason[target.reason] = (masterByReason[target.reason] ?? 0) + 1;
    }
    return rows;
  }
}

const nobodyLeft: Failure = {
  kind: 'unreachable',
  outcome: 'not-executed',
  text: 'No database can be reached.',
  connectionLost: false,
};

function higher(asked: Position | undefined, floor: Position | null, dialect: Dialect): Position | undefined {
  if (floor === null) return asked;
  return asked !== undefined && dialect.reached(asked, floor) ? asked : floor;
}

function without(members: readonly Member[], excluded: readonly string[]): readonly Member[] {
  return excluded.length === 0 ? members : members.filter((member) => !excluded.includes(member.name));
}
