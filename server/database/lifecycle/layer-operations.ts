import { type Clock, pause } from '../clock.ts';
import type { Dialect } from '../dialect/dialect.ts';
import type { HealthMonitor } from '../health/index.ts';
import type { ConnectionPool } from '../pool/index.ts';
import type { WriteJournal } from '../query/journal.ts';
import type { ConfiguredSource, DatabaseSettings } from '../settings/settings.ts';
import type { WriteGate } from './gate.ts';
import type { Live, Snapshot } from './live.ts';
import type { ModeKeeper } from './mode.ts';
import { makePlan, masterChanges, type RecyclePlan } from './plan.ts';
import { Recycle, type RecycleOptions, type RecycleResult, type StepUpdate } from './recycle.ts';
import type { DrainingPool } from './status.ts';
import {
  planSwitchover,
  Switchover,
  type SwitchoverNotes,
  type SwitchoverPlan,
  type SwitchoverRequest,
  type SwitchoverResult,
  type SwitchoverUpdate,
} from './switchover/index.ts';
import { testSource } from './test-source.ts';
import type { Turns } from './turns.ts';
import {
  type SchemaCheck,
  type SourceReport,
  type Verified,
  type VerifyContext,
  verifyLimitMs,
  verifySource,
} from './verify.ts';

export interface LayerOperationsDeps {
  readonly live: Live;
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly gate: WriteGate;
  readonly mode: ModeKeeper;
  readonly journal: WriteJournal;
  readonly monitor: HealthMonitor;
  readonly turns: Turns;
  readonly schemaCheck: SchemaCheck | undefined;
  readonly notes: SwitchoverNotes;
  readonly openPool: (configured: ConfiguredSource, settings: DatabaseSettings) => ConnectionPool;
  readonly isStopping: () => boolean;
  /** Called with what a listener or the cleaning up threw. */
  readonly onError: (error: unknown) => void;
}

/** What a person may have done to the databases of a layer: look at them, recycle, switch over. */
export class LayerOperations {
  readonly #deps: LayerOperationsDeps;
  #draining: DrainingPool[] = [];
  #recycling = false;
  #switching: Promise<unknown> | undefined;

  constructor(deps: LayerOperationsDeps) {
    this.#deps = deps;
  }

  /** Pools of a former generation that still have work. */
  get draining(): readonly DrainingPool[] {
    return this.#draining;
  }

  test(settings: DatabaseSettings, only?: string): Promise<SourceReport[]> {
    const context = { ...this.#verifyContext(settings, false), comparesClocks: true };
    const wanted = settings.sources.filter(({ source }) => only === undefined || source.name === only);
    return Promise.all(wanted.map((source) => testSource(source, context)));
  }

  async plan(settings: DatabaseSettings): Promise<RecyclePlan> {
    const { topology } = this.#deps.live.current;
    return makePlan(topology, settings, await this.#verifyAll(settings, false), settings.drainLimitMs);
  }

  /** @throws Error when a recycle or a switchover is running. A failover is awaited. */
  async recycle(
    settings: DatabaseSettings,
    progress: (update: StepUpdate) => void,
    options: RecycleOptions = {},
  ): Promise<RecycleResult> {
    if (this.#recycling) throw new Error('Another recycle is running.');
    // Its settings are of before the switchover: waiting for the end of that would move the master back.
    if (this.#switching !== undefined) throw new Error('A switchover is running.');
    this.#recycling = true;
    const endTurn = await this.#deps.turns.take();
    const before = this.#deps.live.current;
    const note = (update: StepUpdate): void => {
      if (update.name === 'Drain old' && update.state === 'running') {
        this.#noteDraining(before);
        endTurn();
      }
      progress(update);
    };
    try {
      const verify = (wanted: DatabaseSettings) => this.#verifyAll(wanted, true);
      return await new Recycle({ ...this.#deps, verify, ...options }, settings, note).run();
    } finally {
      endTurn();
      this.#recycling = false;
      this.#draining = [];
    }
  }

  planSwitchover(request: SwitchoverRequest): Promise<SwitchoverPlan> {
    return planSwitchover(this.#deps, this.#deps.live.current, request);
  }

  /**
   * The turn is kept to the end, so that nobody else follows a promotion that this waits for.
   *
   * @throws Error when the master is being moved already.
   */
  async switchover(
    request: SwitchoverRequest,
    progress: (update: SwitchoverUpdate) => void,
    signal?: AbortSignal,
  ): Promise<SwitchoverResult> {
    const endTurn = this.#deps.turns.tryTake();
    if (endTurn === undefined) {
      throw new Error('A recycle, a switchover or a failover moves the master now. Try again when it has ended.');
    }
    const running = new Switchover(this.#deps, request, progress, signal).run();
    this.#switching = running.catch(() => undefined);
    return running.finally(() => {
      this.#switching = undefined;
      endTurn();
    });
  }

  /** Resolves when no switchover is running: one that has not promoted anybody is undone when the layer stops. */
  async switchoverEnded(limitMs: number): Promise<void> {
    if (this.#switching !== undefined) await Promise.race([this.#switching, pause(this.#deps.clock, limitMs)]);
  }

  #verifyAll(settings: DatabaseSettings, proveWrites: boolean): Promise<Verified[]> {
    const { topology } = this.#deps.live.current;
    const { journal } = this.#deps;
    const heritage = masterChanges(topology, settings) ? { heritage: { topology, journal } } : {};
    const context = { ...this.#verifyContext(settings, proveWrites), ...heritage };
    return Promise.all(settings.sources.map((source) => verifySource(source, context)));
  }

  #verifyContext(settings: DatabaseSettings, proveWrites: boolean): VerifyContext {
    const { live, dialect, clock, schemaCheck } = this.#deps;
    const { clusterId } = live.current.topology.master;
    const connectionsWanted = settings.maxOpenConnections;
    return {
      dialect,
      clock,
      settings,
      clusterId,
      schemaCheck,
      connectionsWanted,
      proveWrites,
      connectTimeoutMs: verifyLimitMs,
    };
  }

  #noteDraining({ pools, topology: { generation } }: Snapshot): void {
    const { live, clock } = this.#deps;
    const current = new Set(live.current.pools.values());
    const deadlineAt = clock.now() + live.current.settings.drainLimitMs;
    this.#draining = [...pools.values()]
      .filter((pool) => !current.has(pool))
      .map((pool) => ({ pool, generation, deadlineAt }));
  }
}
