import { type Clock, pause, systemClock } from './clock.ts';
import type { Connection, Dialect } from './dialect/dialect.ts';
import { dialectOf } from './dialect/index.ts';
import { DatabaseError } from './errors.ts';
import { HealthMonitor } from './health/index.ts';
import type { DatabaseControl } from './lifecycle/control.ts';
import { WriteGate } from './lifecycle/gate.ts';
import { Live, type Snapshot } from './lifecycle/live.ts';
import { ModeKeeper } from './lifecycle/mode.ts';
import { makePlan } from './lifecycle/plan.ts';
import { Recycle, type StepUpdate } from './lifecycle/recycle.ts';
import { firstSnapshot } from './lifecycle/start.ts';
import {
  noNotes,
  planSwitchover,
  Switchover,
  type SwitchoverNotes,
  type SwitchoverRequest,
  type SwitchoverResult,
  type SwitchoverUpdate,
} from './lifecycle/switchover/index.ts';
import { type DrainingPool, layerStatus } from './lifecycle/status.ts';
import { type SchemaCheck, type Verified, verifyLimitMs, verifySource } from './lifecycle/verify.ts';
import { ConnectionPool } from './pool/index.ts';
import type { Database } from './query/database.ts';
import { WriteJournal } from './query/journal.ts';
import { Reads } from './query/reads.ts';
import { CausalityRegistry } from './query/token.ts';
import { Writes } from './query/writes.ts';
import type { ConfiguredSource, DatabaseSettings } from './settings/settings.ts';

export interface DatabaseLayerDeps {
  readonly clock?: Clock;
  /** How to speak to the databases; default: as their driver wants it. */
  readonly dialect?: Dialect;
  /** 0 <= x < 1. */
  readonly random?: () => number;
  /** Called with what a listener or a background task threw; for the log. */
  readonly onError?: (error: unknown) => void;
  /** Compares a source's schema with what the program wants, before a recycle adopts it. */
  readonly schemaCheck?: SchemaCheck;
  /** Where a switchover leaves word for the next start of this server; default: nowhere. */
  readonly switchoverNotes?: SwitchoverNotes;
}

/** A plain connection to the master, for migrations: texts with values, no preparation. */
export interface MasterSession {
  readonly driver: 'postgres' | 'mysql';
  execute(sql: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
}

/** The opened layer. */
export interface DatabaseLayer {
  readonly database: Database;
  readonly control: DatabaseControl;
  readonly causalities: CausalityRegistry;
  /** Runs `work` on a connection of its own to the master, outside of gate, journal and retries. */
  onMaster<T>(work: (session: MasterSession) => Promise<T>): Promise<T>;
  /** Ends probes, drains the pools for at most `limitMs`, closes everything. */
  close(limitMs?: number): Promise<void>;
}

const housekeepingMs = 1_000;

/** Puts the parts together; each of them knows only what it is given. */
class Layer {
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly live: Live;
  readonly gate: WriteGate;
  readonly mode: ModeKeeper;
  readonly monitor: HealthMonitor;
  readonly journal: WriteJournal;
  readonly reads: Reads;
  readonly writes: Writes;
  readonly causalities: CausalityRegistry;
  readonly schemaCheck: SchemaCheck | undefined;
  readonly onError: (error: unknown) => void;
  draining: DrainingPool[] = [];
  /** What moves pools or roles now: one at a time. */
  #operation: 'recycle' | 'switchover' | undefined;
  #switching: Promise<unknown> = Promise.resolve();
  #stopping = false;
  #cancelHousekeeping: () => void = () => undefined;

  constructor(
    live: Live,
    dialect: Dialect,
    deps: {
      clock: Clock;
      random: () => number;
      schemaCheck: SchemaCheck | undefined;
      onError: (error: unknown) => void;
    },
  ) {
    const { clock, random } = deps;
    this.dialect = dialect;
    this.clock = clock;
    this.live = live;
    this.schemaCheck = deps.schemaCheck;
    this.onError = deps.onError;
    const settings = () => live.current.settings;
    this.gate = new WriteGate({
      clock,
      holdLimitMs: () => settings().writeHoldLimitMs,
      holdMaximum: () => settings().writeHoldMaximum,
    });
    this.mode = new ModeKeeper({
      live,
      gate: this.gate,
      clock,
      holdLimitMs: () => settings().writeHoldLimitMs,
      onListenerError: deps.onError,
    });
    this.monitor = new HealthMonitor({ live, dialect, clock, random });
    this.journal = new WriteJournal(live.current.topology.master.position ?? '');
    const { monitor, gate, journal } = this;
    this.reads = new Reads({ live, dialect, clock, monitor, random });
    this.writes = new Writes({ live, dialect, clock, random, gate, monitor, journal });
    this.causalities = new CausalityRegistry({ now: () => clock.now(), isLater: (a, b) => !dialect.reached(b, a) });
  }

  start(): void {
    this.live.changes.subscribe(({ previous, current }) => {
      const sameGeneration = previous?.topology.generation === current.topology.generation;
      if (sameGeneration && previous?.floor !== current.floor) this.journal.startAt(current.floor ?? '');
    });
    this.monitor.start();
    this.#keepHouse();
  }

  /** Ends probes and timers; refuses writes that wait or come, and a recycle that has not switched yet. */
  stop(): void {
    this.#stopping = true;
    this.#cancelHousekeeping();
    this.gate.close();
    this.monitor.stop();
    this.mode.stop();
  }

  verifyAll(settings: DatabaseSettings, proveWrites: boolean): Promise<Verified[]> {
    const { dialect, clock, schemaCheck } = this;
    const clusterId = this.live.current.topology.master.clusterId;
    const connectionsWanted = settings.maxOpenConnections;
    const connectTimeoutMs = verifyLimitMs;
    const context = {
      dialect,
      clock,
      settings,
      clusterId,
      schemaCheck,
      connectionsWanted,
      proveWrites,
      connectTimeoutMs,
    };
    return Promise.all(settings.sources.map((source) => verifySource(source, context)));
  }

  /** Whether a recycle or a switchover is running: nobody else may move the master meanwhile. */
  get isOperating(): boolean {
    return this.#operation !== undefined;
  }

  #start(operation: 'recycle' | 'switchover'): void {
    if (this.#operation !== undefined) throw new Error(`Another ${this.#operation} is running.`);
    this.#operation = operation;
  }

  async switchover(
    notes: SwitchoverNotes,
    request: SwitchoverRequest,
    progress: (update: SwitchoverUpdate) => void,
    signal?: AbortSignal,
  ): Promise<SwitchoverResult> {
    this.#start('switchover');
    const running = new Switchover({ ...this.parts, notes }, request, progress, signal).run();
    this.#switching = running.catch(() => undefined);
    return running.finally(() => {
      this.#operation = undefined;
    });
  }

  /** Resolves when no switchover is running: one that has not promoted anybody is undone when the layer stops. */
  async switchoverEnded(limitMs: number): Promise<void> {
    await Promise.race([this.#switching, pause(this.clock, limitMs)]);
  }

  /** What operations are made of. */
  get parts() {
    const { live, dialect, clock, gate, mode, journal, monitor, schemaCheck, onError } = this;
    const isStopping = () => this.#stopping;
    const openPool = this.openPool.bind(this);
    return { live, dialect, clock, gate, mode, journal, monitor, schemaCheck, onError, isStopping, openPool };
  }

  async recycle(settings: DatabaseSettings, progress: (update: StepUpdate) => void) {
    this.#start('recycle');
    const before = this.live.current;
    const note = (update: StepUpdate): void => {
      if (update.name === 'Drain old' && update.state === 'running') this.#noteDraining(before);
      progress(update);
    };
    try {
      return await new Recycle(this.parts, settings, note).run();
    } finally {
      this.#operation = undefined;
      this.draining = [];
    }
  }

  openPool({ source }: ConfiguredSource, settings: DatabaseSettings): ConnectionPool {
    const { dialect, clock } = this;
    return openPool(source, settings, {
      dialect,
      clock,
      onUnsafeCommit: (text) => this.reportUnsafeCommit(source.name, text),
    });
  }

  /** A commit that is on the master only although a synchronous replica was to have it. */
  reportUnsafeCommit(source: string, text: string): void {
    this.live.report({
      kind: 'unsafe_commit',
      severity: 'error',
      source,
      text: `${source} acknowledged a commit without its synchronous replica: ${text}`,
      detail: {},
    });
  }

  #noteDraining({ pools, topology: { generation } }: Snapshot): void {
    const current = new Set(this.live.current.pools.values());
    const deadlineAt = this.clock.now() + this.live.current.settings.drainLimitMs;
    this.draining = [...pools.values()]
      .filter((pool) => !current.has(pool))
      .map((pool) => ({ pool, generation, deadlineAt }));
  }

  /** Once a second: idle connections that are too old go, and the journal forgets what every replica has. */
  #keepHouse(): void {
    for (const pool of this.live.current.pools.values()) pool.prune();
    const shared = this.live.current.topology.members.flatMap(({ sharedUpTo }) => sharedUpTo ?? []).sort();
    if (shared[0] !== undefined) this.journal.forgetUpTo(shared[0]);
    this.#cancelHousekeeping = this.clock.after(housekeepingMs, () => this.#keepHouse());
  }
}

function openPool(
  source: ConfiguredSource['source'],
  settings: DatabaseSettings,
  deps: { dialect: Dialect; clock: Clock; onUnsafeCommit: (text: string) => void },
): ConnectionPool {
  const { dialect, clock, onUnsafeCommit } = deps;
  return new ConnectionPool({
    name: source.name,
    clock,
    connector: dialect.connector(source, {
      connectTimeoutMs: settings.connectTimeoutMs,
      statementTimeoutMs: settings.queryTimeoutMs,
      applicationName: 'holdfast',
      onUnsafeCommit,
    }),
    maxConnections: settings.maxOpenConnections,
    maxIdle: settings.maxIdleConnections,
    idleMs: settings.connectionIdleMs,
    lifetimeMs: settings.connectionLifetimeMs,
    acquireTimeoutMs: settings.acquireTimeoutMs,
  });
}

function databaseOf(layer: Layer): Database {
  const { reads, writes } = layer;
  return {
    read: (causality, statement, ...values) =>
      reads.run({ intent: 'causal', token: causality.token, statement, values }),
    readLatest: (statement, ...values) => reads.run({ intent: 'latest', token: undefined, statement, values }),
    readStale: (statement, ...values) => reads.run({ intent: 'stale', token: undefined, statement, values }),
    write: (causality, bound, options) => writes.one(causality, bound, options),
    writeAll: (causality, bound, options) => writes.all(causality, bound, options),
    transaction: (causality, work) => writes.transaction(causality, work),
    get latestToken() {
      return writes.latestToken;
    },
  };
}

function controlOf(layer: Layer, notes: SwitchoverNotes): DatabaseControl {
  const { live, clock, gate, mode, reads, writes } = layer;
  return {
    status: () =>
      layerStatus({
        live,
        clock,
        gate,
        mode,
        reads: reads.counters,
        writes: writes.counters,
        draining: () => layer.draining,
      }),
    mode: () => mode.mode,
    onMode: (listener) => mode.changes.subscribe(listener),
    subscribe: (listener) => live.events.subscribe(listener),
    test: async (settings) => (await layer.verifyAll(settings, false)).map((one) => one.report),
    plan: async (settings) =>
      makePlan(live.current.topology, settings, await layer.verifyAll(settings, false), settings.drainLimitMs),
    recycle: (settings, progress) => layer.recycle(settings, progress),
    planSwitchover: (request) => planSwitchover(layer.parts, live.current, request),
    switchover: (request, progress, signal) => layer.switchover(notes, request, progress, signal),
  };
}

async function onMaster<T>(layer: Layer, work: (session: MasterSession) => Promise<T>): Promise<T> {
  const { topology, settings } = layer.live.current;
  const { source } = topology.master;
  const connector = layer.dialect.connector(source, {
    connectTimeoutMs: settings.connectTimeoutMs,
    statementTimeoutMs: settings.migrationTimeoutMs,
    applicationName: 'holdfast migration',
  });
  let connection: Connection | undefined;
  try {
    const opened = await connector.open();
    connection = opened;
    return await work({
      driver: source.driver,
      execute: async (sql, values = []) =>
        (await opened.execute({ text: sql }, values, settings.migrationTimeoutMs)).rows,
    });
  } finally {
    await connection?.close();
  }
}

async function closeLayer(layer: Layer, limitMs: number): Promise<void> {
  layer.stop();
  await layer.switchoverEnded(limitMs);
  const pools = [...layer.live.current.pools.values(), ...layer.draining.map(({ pool }) => pool)];
  await Promise.all(pools.map((pool) => pool.drain(limitMs)));
  for (const pool of pools) pool.close();
}

/**
 * Opens the databases of the settings and starts watching them. Replicas that are down join out of rotation.
 *
 * @throws DatabaseError when the master cannot be reached, refuses us, is no master, or is too old; the message names
 *   it and the cause.
 */
export async function openDatabase(settings: DatabaseSettings, deps: DatabaseLayerDeps = {}): Promise<DatabaseLayer> {
  const clock = deps.clock ?? systemClock;
  const dialect = deps.dialect ?? dialectOf(settings.sources[0].source.driver);
  // The pools of the first generation are opened before there is anybody to report to.
  const reporter: { report: (source: string, text: string) => void } = { report: () => undefined };
  const first = await firstSnapshot({
    settings,
    dialect,
    clock,
    openPool: ({ source }) =>
      openPool(source, settings, { dialect, clock, onUnsafeCommit: (text) => reporter.report(source.name, text) }),
  });
  if ('refusal' in first) throw new DatabaseError(first.refusal, { kind: first.kind, outcome: 'not-executed' });
  const live = new Live(first.snapshot, clock, deps.onError);
  const layer = new Layer(live, dialect, {
    clock,
    random: deps.random ?? Math.random,
    schemaCheck: deps.schemaCheck,
    onError: deps.onError ?? (() => undefined),
  });
  reporter.report = (source, text) => layer.reportUnsafeCommit(source, text);
  layer.start();
  return {
    database: databaseOf(layer),
    control: controlOf(layer, deps.switchoverNotes ?? noNotes),
    causalities: layer.causalities,
    onMaster: (work) => onMaster(layer, work),
    close: (limitMs = settings.drainLimitMs) => closeLayer(layer, limitMs),
  };
}
