import { type Clock, pause } from '../clock.ts';
import type { Connection, Dialect, Failure, Position } from '../dialect/dialect.ts';
import { DatabaseError } from '../errors.ts';
import type { HealthMonitor } from '../health/index.ts';
import type { WriteGate } from '../lifecycle/gate.ts';
import { type Live, poolOf, type Snapshot } from '../lifecycle/live.ts';
import type { Causality, Token } from './causality.ts';
import { callsOf, compile, failureOf, lastRows, toDatabaseError } from './compile.ts';
import type { Transaction, WriteOptions } from './database.ts';
import type { WriteJournal } from './journal.ts';
import type { Row } from '../row.ts';
import type { BoundStatement } from './statement.ts';
import { makeToken } from './token.ts';

export interface WriteCounters {
  acknowledgedTotal: number;
  unknownTotal: number;
  /** Unknown outcomes that were settled by sending the same again. */
  resolvedTotal: number;
}

/** What a unit of work on the master gives back. */
interface Written<T> {
  readonly value: T;
  readonly position: Position | null;
  readonly statements: readonly BoundStatement[];
}

type Work<T> = (connection: Connection, timeoutMs: number) => Promise<Written<T>>;

const tellsOfMaster: ReadonlySet<Failure['kind']> = new Set(['unreachable', 'not-writable', 'misconfigured', 'disk']);
const timeoutMarginMs = 5_000;
const conflictsAllowed = 3;
const cutText =
  'Its connection was closed while it ran: a recycle waits for work in flight no longer than DrainLimitMilliseconds.';

/** Writes: through the gate, on the master, verified, and sent again only when that cannot do anything twice. */
export class Writes {
  readonly counters: WriteCounters = { acknowledgedTotal: 0, unknownTotal: 0, resolvedTotal: 0 };
  readonly #live: Live;
  readonly #dialect: Dialect;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #gate: WriteGate;
  readonly #monitor: HealthMonitor;
  readonly #journal: WriteJournal;
  #latest: Token | undefined;

  constructor(deps: {
    live: Live;
    dialect: Dialect;
    clock: Clock;
    random: () => number;
    gate: WriteGate;
    monitor: HealthMonitor;
    journal: WriteJournal;
  }) {
    this.#live = deps.live;
    this.#dialect = deps.dialect;
    this.#clock = deps.clock;
    this.#random = deps.random;
    this.#gate = deps.gate;
    this.#monitor = deps.monitor;
    this.#journal = deps.journal;
  }

  get latestToken(): Token | undefined {
    return this.#latest;
  }

  /** One statement, committed by itself; its position travels in the same packet. */
  async one<R extends Row>(causality: Causality, bound: BoundStatement, options: WriteOptions = {}): Promise<R[]> {
    const [statement, ...others] = compile(this.#dialect, bound.statement);
    if (others.length > 0) return (await this.all(causality, [bound], options))[0] as R[];
    return this.#run(causality, options, async (connection, timeoutMs) => {
      const { results, position } = await connection.write({ statement, values: bound.values }, timeoutMs);
      return { value: (results[0]?.rows ?? []) as R[], position, statements: [bound] };
    });
  }

  /** Several statements in one transaction and one packet. */
  all(causality: Causality, bound: readonly BoundStatement[], options: WriteOptions = {}): Promise<Row[][]> {
    return this.#run(causality, options, async (connection, timeoutMs) => {
      const { results, position } = await connection.writeAll(callsOf(this.#dialect, bound), timeoutMs);
      return { value: lastRows(this.#dialect, bound, results), position, statements: bound };
    });
  }

  /** A transaction with a callback; see `Database.transaction`. */
  transaction<T>(causality: Causality, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#run(causality, {}, async (connection, timeoutMs) => {
      const statements: BoundStatement[] = [];
      await connection.begin(timeoutMs);
      const tx: Transaction = {
        query: async <R extends Row>(statement: BoundStatement['statement'], ...values: BoundStatement['values']) => {
          let rows: Row[] = [];
          for (const text of compile(this.#dialect, statement)) {
            ({ rows } = await connection.execute(text, values, timeoutMs));
          }
          statements.push({ statement, values });
          return rows as R[];
        },
      };
      const value = await work(tx).catch(async (error: unknown) => {
        // Without COMMIT nothing was saved, whatever became of the connection.
        await connection.rollback(timeoutMs).catch(() => undefined);
        throw this.#asNotExecuted(error);
      });
      return { value, position: await connection.commit(timeoutMs), statements };
    });
  }

  #asNotExecuted(error: unknown): unknown {
    const failure = failureOf(this.#dialect, error, true);
    if (failure.outcome !== 'unknown') return error;
    const { name } = this.#live.current.topology.master;
    return toDatabaseError({ ...failure, outcome: 'not-executed' }, name, error);
  }

  async #run<T>(causality: Causality, options: WriteOptions, work: Work<T>): Promise<T> {
    const deadline = this.#clock.now() + this.#live.current.settings.writeHoldLimitMs;
    let wasUnknown = false;
    for (let attempt = 1; ; attempt++) {
      await this.#gate.enter();
      const snapshot = this.#live.current;
      try {
        const written = await this.#attempt(snapshot, work);
        if (wasUnknown) this.counters.resolvedTotal += 1;
        return this.#acknowledge(snapshot, causality, written);
      } catch (error) {
        const failure = this.#judge(snapshot, error);
        if (failure.outcome === 'unknown') {
          wasUnknown = true;
          this.counters.unknownTotal += 1;
        }
        if (!this.#mayRepeat(snapshot, failure, options, attempt) || this.#clock.now() > deadline) {
          throw asDatabaseError(failure, snapshot.topology.master.name, error);
        }
      } finally {
        this.#gate.left();
      }
      await pause(this.#clock, Math.min(25 * 2 ** attempt, 400) * (0.5 + this.#random() / 2));
    }
  }

  async #attempt<T>(snapshot: Snapshot, work: Work<T>): Promise<Written<T>> {
    const pool = poolOf(snapshot, snapshot.topology.master);
    const startedAt = this.#clock.now();
    const lease = pool.tryAcquire() ?? (await pool.acquire());
    try {
      const written = await work(lease.connection, snapshot.settings.queryTimeoutMs + timeoutMarginMs);
      lease.release(true);
      const now = this.#clock.now();
      pool.statistics.succeeded(now, now - startedAt, true);
      return written;
    } catch (error) {
      const failure = failureOf(this.#dialect, error, true);
      lease.release(!failure.connectionLost);
      pool.statistics.failed(this.#clock.now(), failure.text);
      throw error;
    }
  }

  #acknowledge<T>(snapshot: Snapshot, causality: Causality, written: Written<T>): T {
    this.counters.acknowledgedTotal += 1;
    const { history } = snapshot.topology;
    if (written.position === null || history === null) return written.value;
    const token = makeToken(history, written.position);
    if (this.#dialect.reached(written.position, this.#journal.newest)) this.#latest = token;
    causality.raise(token);
    const now = this.#clock.now();
    this.#live.trail.add(written.position, now);
    this.#journal.add(written.statements, written.position, now);
    return written.value;
  }

  /** What the failure means, after telling the monitor what it says about the master. */
  #judge(snapshot: Snapshot, error: unknown): Failure {
    const failure = failureOf(this.#dialect, error, true);
    const pool = poolOf(snapshot, snapshot.topology.master);
    // We have cut it ourselves: that is no fault of the database.
    if (pool.state === 'closed' && failure.connectionLost) return { ...failure, text: cutText };
    if (tellsOfMaster.has(failure.kind)) {
      this.#monitor.reportFailure(pool, failure);
    }
    return failure;
  }

  #mayRepeat(snapshot: Snapshot, failure: Failure, options: WriteOptions, attempt: number): boolean {
    // A closed pool of a former generation has a successor; one of the current generation means the end.
    if (failure.kind === 'closed' && snapshot.pools === this.#live.current.pools) return false;
    if (failure.outcome === 'unknown') return options.onUnknown === 'repeatable';
    if (failure.outcome !== 'not-executed' || failure.kind === 'held') return false;
    return failure.kind !== 'conflict' || attempt < conflictsAllowed;
  }
}

function asDatabaseError(failure: Failure, source: string, error: unknown): Error {
  if (error instanceof DatabaseError) return error;
  // What the callback of a transaction throws is the caller's own.
  if (error instanceof Error && failure.kind === 'statement' && failure.code === undefined) return error;
  return toDatabaseError(failure, source, error);
}
