import { type Clock, pause } from '../clock.ts';
import type { Dialect, DriverStatement, Failure, Position } from '../dialect/dialect.ts';
import { DatabaseError } from '../errors.ts';
import type { HealthMonitor } from '../health/index.ts';
import { type Live, poolOf, type Snapshot } from '../lifecycle/live.ts';
import type { ModeKeeper } from '../lifecycle/mode.ts';
import type { Lease } from '../pool/index.ts';
import { caughtUp, chooseByLoad, probablyCaughtUp } from '../routing/index.ts';
import { applyPosition, type Member } from '../topology/index.ts';
import type { Token } from './causality.ts';
import { compile, failureOf, toDatabaseError } from './compile.ts';
import type { Row } from '../row.ts';
import type { Statement } from './statement.ts';
import { positionIn } from './token.ts';
import { furthestOf, hasEverything, readableReplicas, sharesHistory } from './without-master.ts';

/** Why a read went to the master. */
export type MasterReason = 'no_replica' | 'not_caught_up' | 'latest' | 'read_from_master' | 'retry';

export type ReadIntent = 'causal' | 'latest' | 'stale';

interface Target {
  readonly member: Member;
  /** The position that must be checked along with the read; undefined when it is known to be reached. */
  readonly check: Position | undefined;
  readonly reason: MasterReason | 'replica';
  /**
   * What to do with the rows of one that has not reached the position: drop them and ask `elsewhere` (the default), drop
   * them and `wait`, since there is nobody else but it may still get there, or take them and `tell`.
   */
  readonly otherwise?: 'elsewhere' | 'wait' | 'tell';
}

/** Names of replicas that this read has asked in vain, and when it began. */
interface Tried {
  readonly since: number;
  readonly failed: string[];
  readonly behind: string[];
}

export interface ReadCounters {
  replicaTotal: number;
  masterTotal: number;
  /** Served after a data source had failed; not those that merely waited for a replica to catch up. */
  retriedTotal: number;
  /** Served by a replica that lacked what the caller had seen: the master was lost, and it with the master. */
  behindTotal: number;
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
const attemptsAllowed = 8;
/** How often a read waits a millisecond or two for a replica that is all but there, before it turns to the master. */
const patience = 2;
/** Without a master, a read that nobody can serve is tried again after 2, 4, 8, ... ms, at most this. */
const longestPauseMs = 100;
/** On top of the server's own limit, for the way there and back. */
const timeoutMarginMs = 2_000;

const behind = Symbol('behind');

/** Reads: chooses a source, checks the position where that is needed, and goes elsewhere when a source fails. */
export class Reads {
  readonly counters: ReadCounters = {
    replicaTotal: 0,
    masterTotal: 0,
    retriedTotal: 0,
    behindTotal: 0,
    masterByReason: {},
  };
  readonly #live: Live;
  readonly #dialect: Dialect;
  readonly #clock: Clock;
  readonly #monitor: HealthMonitor;
  readonly #random: () => number;
  readonly #mode: Pick<ModeKeeper, 'lostSince'>;
  /** The loss of the master of which it was told that reads may lack something. */
  #toldOf: number | undefined;

  constructor(deps: {
    live: Live;
    dialect: Dialect;
    clock: Clock;
    monitor: HealthMonitor;
    random: () => number;
    mode: Pick<ModeKeeper, 'lostSince'>;
  }) {
    this.#live = deps.live;
    this.#mode = deps.mode;
    this.#dialect = deps.dialect;
    this.#clock = deps.clock;
    this.#monitor = deps.monitor;
    this.#random = deps.random;
  }

  async run<R extends Row>(request: ReadRequest): Promise<R[]> {
    const [statement] = compile(this.#dialect, request.statement);
    const tried: Tried = { since: this.#clock.now(), failed: [], behind: [] };
    let lastError: Error | undefined;
    let attempt = 0;
    let waits = 0;
    const wait = (): Promise<void> => {
      askAgain(tried);
      waits += 1;
      return pause(this.#clock, Math.min(2 ** waits, longestPauseMs));
    };
    while (attempt < attemptsAllowed) {
      const snapshot = this.#live.current;
      const target = this.#choose(snapshot, request, tried);
      if (target === undefined) {
        if (!this.#mayWait(snapshot, tried)) break;
        await wait();
        continue;
      }
      try {
        const rows = await this.#readFrom(snapshot, target, statement, request.values);
        if (rows !== behind) return this.#count(target, lastError !== undefined, rows) as R[];
        if (target.otherwise === 'wait') await wait();
        else if (attempt >= patience) tried.behind.push(target.member.name);
        else await pause(this.#clock, ++attempt);
      } catch (error) {
        const failure = this.#afterFailure(snapshot, target.member, error);
        lastError = failure;
        const { role, name } = target.member;
        // A master in doubt comes back or is replaced: time decides, and not how often it was asked.
        if (role === 'master' && this.#mayWait(this.#live.current, tried)) await wait();
        else if (role === 'master') {
          askAgain(tried);
          await pause(this.#clock, Math.min(25 * 2 ** attempt++, 400));
        } else {
          if (failure.kind !== 'closed') tried.failed.push(name);
          attempt += 1;
        }
      }
    }
    throw lastError ?? toDatabaseError(nobodyLeft, this.#live.current.topology.master.name, undefined);
  }

  #choose(snapshot: Snapshot, request: ReadRequest, tried: Tried): Target | undefined {
    const { topology } = snapshot;
    const { master } = topology;
    const position = higher(positionIn(request.token, topology.history), snapshot.floor, this.#dialect);
    if (request.intent !== 'latest') {
      const all = this.#fit(snapshot, request.intent, [...tried.failed, ...tried.behind]);
      const fit = position === undefined ? all : all.filter((member) => sharesHistory(member, master));
      const known = caughtUp(fit, position, this.#dialect.reached);
      const choice = this.#cheapest(snapshot, known);
      if (choice !== undefined) {
        return { member: choice, check: undefined, reason: choice === master ? 'read_from_master' : 'replica' };
      }
      const replicas = fit.filter((member) => member !== master);
      const close = this.#cheapest(snapshot, probablyCaughtUp(replicas, closeMs));
      if (close !== undefined) return { member: close, check: position, reason: 'replica' };
    }
    if (!hasEverything(master)) {
      return this.#withoutMaster(snapshot, request.intent === 'latest' ? undefined : position, tried);
    }
    return { member: master, check: undefined, reason: this.#whyMaster(snapshot, request, tried) };
  }

  #whyMaster({ topology }: Snapshot, request: ReadRequest, tried: Tried): MasterReason {
    if (request.intent === 'latest') return 'latest';
    if (topology.fitReplicas.length === 0) return 'no_replica';
    return tried.failed.length > 0 ? 'retry' : 'not_caught_up';
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
    const now = this.#clock.now();
    return chooseByLoad(
      candidates,
      (member) => {
        const pool = poolOf(snapshot, member);
        // One that hangs has no new latency to tell of: what it owes counts, long before a probe finds it silent.
        const latencyMs = Math.max(pool.statistics.latencyMs(now), pool.silenceMs(now));
        return { inFlight: pool.inFlight, latencyMs };
      },
      { now, random: this.#random },
    );
  }

  /**
   * The master is gone. A read that is bound by a position waits for a replica that is there, or for another master, as long
   * as a replica may still apply what it has received. After that the position died with the master: reading goes on with the
   * replica that is furthest ahead, and that is told (docs/adr/0018-reads-without-a-master.md).
   */
  #withoutMaster(snapshot: Snapshot, position: Position | undefined, tried: Tried): Target | undefined {
    const { master, members } = snapshot.topology;
    const { reached } = this.#dialect;
    const readable = readableReplicas(without(members, tried.failed), master);
    const anyOne = furthestOf(readable, reached);
    if (position === undefined) return anyOne && targetOf(anyOne, undefined);
    const comparable = readable.filter((member) => member !== master && sharesHistory(member, master));
    const furthest = furthestOf(comparable, reached);
    if (this.#mayWait(snapshot, tried)) return furthest && { ...targetOf(furthest, position), otherwise: 'wait' };
    if (furthest !== undefined) return { ...targetOf(furthest, position), otherwise: 'tell' };
    // What follows another history cannot be compared: it is told of every such read.
    return anyOne && { ...targetOf(anyOne, undefined), otherwise: 'tell' };
  }

  /**
   * A replica that serves is not further behind than the lag limit: by then it has applied all that it will ever have. A
   * read does not wait longer than that itself, however often the master comes and goes.
   */
  #mayWait({ settings }: Snapshot, tried: Tried): boolean {
    const since = this.#mode.lostSince;
    return since !== undefined && this.#clock.now() < Math.min(since, tried.since) + settings.lagLimitMs;
  }

  /** Once for each loss of the master. */
  #tellBehind({ name }: Member): void {
    this.counters.behindTotal += 1;
    const since = this.#mode.lostSince;
    if (since === this.#toldOf) return;
    this.#toldOf = since;
    this.#live.report({
      kind: 'reads_behind',
      severity: 'warning',
      source: name,
      text:
        'Reads may lack the newest messages: the master is lost, and no replica has all that it had acknowledged. ' +
        `They are served by ${name}, which has most of it.`,
      detail: {},
    });
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
      if (target.check === undefined && target.otherwise === 'tell') this.#tellBehind(target.member);
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
    const { statement, values, timeoutMs } = query;
    const { rows, position: at } = await connection.readAt({ statement, values }, timeoutMs);
    const { reached } = this.#dialect;
    if (at !== null) this.#live.update(target.member.name, (member) => applyPosition(member, at, reached));
    if (at !== null && reached(at, target.check ?? at)) return rows;
    if (target.otherwise !== 'tell') return behind;
    this.#tellBehind(target.member);
    return rows;
  }

  /**
   * Tells the monitor what a failure says about its source.
   *
   * @returns the failure when the read may go elsewhere, or try again.
   * @throws DatabaseError when it would fail in the same way anywhere, or when trying again would make it worse.
   */
  #afterFailure(snapshot: Snapshot, member: Member, error: unknown): DatabaseError {
    const failure = failureOf(this.#dialect, error, false);
    const asError = error instanceof DatabaseError ? error : toDatabaseError(failure, member.name, error);
    const isReplica = member.role !== 'master';
    const fullDisk = failure.kind === 'disk' && isReplica;
    if (failure.kind === 'unreachable' || failure.kind === 'misconfigured' || failure.kind === 'disk') {
      this.#monitor.reportFailure(poolOf(snapshot, member), failure);
    }
    const hopeless = isReplica ? failure.outcome === 'final' && !fullDisk : !mayTryMasterAgain(failure);
    if (hopeless || this.#isShutDown(snapshot, failure)) throw asError;
    return asError;
  }

  /** The pool is closed although it is the current one: the whole layer is. */
  #isShutDown(snapshot: Snapshot, failure: Failure): boolean {
    return failure.kind === 'closed' && snapshot.pools === this.#live.current.pools;
  }

  #count(target: Target, failedBefore: boolean, rows: Row[]): Row[] {
    if (failedBefore) this.counters.retriedTotal += 1;
    if (target.member.role !== 'master') this.counters.replicaTotal += 1;
    else {
      this.counters.masterTotal += 1;
      const { masterByReason } = this.counters;
      masterByReason[target.reason] = (masterByReason[target.reason] ?? 0) + 1;
    }
    return rows;
  }
}

/**
 * A master that is overloaded does not need the same reads once more. One without room on its disk may have some in a
 * moment, or a replica has caught up by then.
 */
function mayTryMasterAgain({ kind, outcome }: Failure): boolean {
  return kind === 'disk' || (outcome !== 'final' && kind !== 'overload');
}

/** After a while, whoever failed may serve again, and who was behind may have caught up. */
function askAgain({ failed, behind }: Tried): void {
  failed.length = 0;
  behind.length = 0;
}

function targetOf(member: Member, check: Position | undefined): Target {
  return { member, check, reason: member.role === 'master' ? 'no_replica' : 'replica' };
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
