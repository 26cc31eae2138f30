import { type Clock, systemClock } from './clock.ts';
import type { Dialect } from './dialect/dialect.ts';
import { dialectOf } from './dialect/index.ts';
import { DiskWatcher } from './disk/index.ts';
import { DatabaseError } from './errors.ts';
import { HealthMonitor } from './health/index.ts';
import type { DatabaseControl } from './lifecycle/control.ts';
import { watchDurability } from './lifecycle/durability.ts';
import type { MarkStore } from './lifecycle/failover/epoch.ts';
import { EpochKeeper } from './lifecycle/failover/epoch-keeper.ts';
import { Failover } from './lifecycle/failover/failover.ts';
import { WriteGate } from './lifecycle/gate.ts';
import { LayerOperations } from './lifecycle/layer-operations.ts';
import { Live } from './lifecycle/live.ts';
import { ModeKeeper } from './lifecycle/mode.ts';
import { AutomaticPromotion } from './lifecycle/promotion/automatic-promotion.ts';
import { FormerMasterFence } from './lifecycle/promotion/former-master-fence.ts';
import { changeRotation } from './lifecycle/rotation.ts';
import { watchSecondMasters } from './lifecycle/second-masters.ts';
import { firstSnapshot } from './lifecycle/start.ts';
import { layerStatus } from './lifecycle/status.ts';
import { noNotes, type SwitchoverNotes } from './lifecycle/switchover/index.ts';
import { Turns } from './lifecycle/turns.ts';
import { type SchemaCheck, verifyLimitMs } from './lifecycle/verify.ts';
import { inSession, type MasterSession, onMaster } from './master-session.ts';
import { PatroniWatcher } from './patroni/patroni-watcher.ts';
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
  /** Where it is kept which database was the master last (`markFile`); default: nowhere, and no epochs are written. */
  readonly masterMarks?: MarkStore;
  /** Where a switchover leaves word for the next start of this server; default: nowhere. */
  readonly switchoverNotes?: SwitchoverNotes;
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
  readonly disks: DiskWatcher;
  readonly journal: WriteJournal;
  readonly reads: Reads;
  readonly writes: Writes;
  readonly causalities: CausalityRegistry;
  readonly onError: (error: unknown) => void;
  readonly failover: Failover;
  readonly promotion: AutomaticPromotion;
  readonly formerMasters: FormerMasterFence;
  readonly operations: LayerOperations;
  readonly epochs: EpochKeeper | undefined;
  readonly patroni: PatroniWatcher;
  #stopping = false;
  /** The master has yet to be marked, see `Dialect.adopt`. */
  #unmarked = false;
  #cancelHousekeeping: () => void = () => undefined;

  constructor(
    live: Live,
    dialect: Dialect,
    deps: {
      clock: Clock;
      random: () => number;
      schemaCheck: SchemaCheck | undefined;
      marks: MarkStore | undefined;
      notes: SwitchoverNotes;
      onError: (error: unknown) => void;
    },
  ) {
    const { clock, random, marks, notes, onError } = deps;
    this.dialect = dialect;
    this.clock = clock;
    this.live = live;
    this.onError = onError;
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
      onListenerError: onError,
    });
    this.disks = new DiskWatcher({ live, dialect, clock });
    const onFailure = this.disks.noteFailure.bind(this.disks);
    const writesSilentMs = this.gate.silenceMs.bind(this.gate);
    this.monitor = new HealthMonitor({ live, dialect, clock, random, onFailure, writesSilentMs });
    this.journal = new WriteJournal(live.current.topology.master.position ?? '', dialect.reached);
    const { monitor, gate, journal, mode } = this;
    const moving = { live, dialect, clock, gate, mode, journal, turns: new Turns(), isStopping: () => this.#stopping };
    this.failover = new Failover(moving);
    this.formerMasters = new FormerMasterFence(moving);
    this.promotion = new AutomaticPromotion({ ...moving, monitor, notes, onError });
    this.operations = new LayerOperations({
      ...moving,
      monitor,
      schemaCheck: deps.schemaCheck,
      notes,
      openPool: (configured, wanted) => this.openPool(configured, wanted),
      onError,
    });
    this.patroni = new PatroniWatcher({ live, clock, monitor, mode });
    watchDurability(live);
    watchSecondMasters(live);
    this.epochs = marks === undefined ? undefined : new EpochKeeper({ live, dialect, clock, marks });
    this.reads = new Reads({ live, dialect, clock, monitor, random, mode });
    this.writes = new Writes({ live, dialect, clock, random, gate, monitor, journal });
    this.causalities = new CausalityRegistry({
      now: () => clock.now(),
      history: () => live.current.topology.history,
      isLater: (a, b) => !dialect.reached(b, a),
    });
  }

  start(): void {
    this.live.changes.subscribe(({ previous, current }) => {
      const sameGeneration = previous?.topology.generation === current.topology.generation;
      if (sameGeneration && previous?.floor !== current.floor) {
        this.journal.startAt(current.floor ?? '');
        this.#markMaster();
      }
    });
    this.monitor.start();
    this.disks.start();
    this.patroni.start();
    this.#keepHouse();
  }

  /** Ends probes and timers; refuses writes that wait or come, and a recycle that has not switched yet. */
  stop(): void {
    this.#stopping = true;
    this.#cancelHousekeeping();
    this.gate.close();
    this.monitor.stop();
    this.disks.stop();
    this.patroni.stop();
    this.mode.stop();
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

  /** Another master stands behind the same address: its replicas learn from a mark that it is taken into use. */
  #markMaster(): void {
    this.#unmarked = false;
    onMaster(this, (connection) => this.dialect.adopt(connection, verifyLimitMs)).catch((error: unknown) => {
      this.#unmarked = true;
      this.onError(error);
    });
  }

  /** Once a second: idle connections that are too old go, and the journal forgets what every replica has. */
  #keepHouse(): void {
    for (const pool of this.live.current.pools.values()) pool.prune();
    const shared = this.live.current.topology.members.flatMap(({ sharedUpTo }) => sharedUpTo ?? []);
    if (shared.length > 0) this.journal.forgetUpTo(shared);
    this.epochs?.keep();
    this.promotion.tick();
    this.formerMasters.tick();
    if (this.#unmarked) this.#markMaster();
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

function controlOf(layer: Layer): DatabaseControl {
  const { live, clock, gate, mode, disks, reads, writes, operations } = layer;
  return {
    status: () =>
      layerStatus({
        live,
        clock,
        gate,
        mode,
        journal: layer.journal,
        disks,
        patroni: () => layer.patroni.status(),
        automaticPromotion: () => layer.promotion.status(),
        nextCheckIn: (name) => layer.monitor.nextCheckIn(name),
        reads: reads.counters,
        writes: writes.counters,
        draining: () => operations.draining,
      }),
    mode: () => mode.mode,
    onMode: (listener) => mode.changes.subscribe(listener),
    subscribe: (listener) => live.events.subscribe(listener),
    onMasterChange: (listener) => live.masters.subscribe(listener),
    test: (settings, only) => operations.test(settings, only),
    changeRotation: (change) => changeRotation(live, clock, change),
    errorsOf: (name) => live.current.pools.get(name)?.statistics.recentErrors.toReversed(),
    plan: (settings) => operations.plan(settings),
    recycle: (settings, progress, options) => operations.recycle(settings, progress, options),
    planSwitchover: (request) => operations.planSwitchover(request),
    switchover: (request, progress, signal) => operations.switchover(request, progress, signal),
  };
}

async function closeLayer(layer: Layer, limitMs: number): Promise<void> {
  layer.stop();
  await layer.operations.switchoverEnded(limitMs);
  const pools = [...layer.live.current.pools.values(), ...layer.operations.draining.map(({ pool }) => pool)];
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
    marks: deps.masterMarks,
    openPool: ({ source }) =>
      openPool(source, settings, { dialect, clock, onUnsafeCommit: (text) => reporter.report(source.name, text) }),
  });
  if ('refusal' in first) throw new DatabaseError(first.refusal, { kind: first.kind, outcome: 'not-executed' });
  const live = new Live(first.snapshot, clock, {
    reached: dialect.reached,
    ...(deps.onError === undefined ? {} : { onListenerError: deps.onError }),
  });
  const layer = new Layer(live, dialect, {
    clock,
    random: deps.random ?? Math.random,
    schemaCheck: deps.schemaCheck,
    marks: deps.masterMarks,
    notes: deps.switchoverNotes ?? noNotes,
    onError: deps.onError ?? (() => undefined),
  });
  reporter.report = (source, text) => layer.reportUnsafeCommit(source, text);
  layer.start();
  if (first.snapshot.settings !== settings) {
    // A little later, when somebody listens.
    clock.after(0, () => live.reportFollowed(settings.sources[0].source.name));
  }
  return {
    database: databaseOf(layer),
    control: controlOf(layer),
    causalities: layer.causalities,
    onMaster: (work) => inSession(layer, work),
    close: (limitMs = settings.drainLimitMs) => closeLayer(layer, limitMs),
  };
}
