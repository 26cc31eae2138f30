import type { Clock } from '../clock.ts';
import type { LayerEvent } from '../events.ts';
import type { Connection, Dialect, Position } from '../dialect/dialect.ts';
import type { ConnectionPool } from '../pool/index.ts';
import type { WriteJournal } from '../query/journal.ts';
import type { ConfiguredSource, DatabaseSettings } from '../settings/settings.ts';
import { Cancellation, Cancelled } from './cancellation.ts';
import type { WriteGate } from './gate.ts';
import { Inheritance } from './inheritance.ts';
import type { Live, Snapshot } from './live.ts';
import type { ModeKeeper } from './mode.ts';
import { type Overridden, Override } from './override.ts';
import { masterChanges, planChanges } from './plan.ts';
import { publishGeneration } from './publish-generation.ts';
import { Refused } from './refused.ts';
import { refusalOf, type Verified } from './verify.ts';
import { type Hold, noHold, WriteHold } from './write-hold.ts';

/** The steps of a recycle, in their order. */
export const recycleSteps = [
  'Check',
  'Open new connections',
  'Verify',
  'Hold writes',
  'Switch',
  'Release writes',
  'Drain old',
  'Close old',
] as const;
export type RecycleStep = (typeof recycleSteps)[number];

export interface StepUpdate {
  readonly name: RecycleStep;
  readonly state: 'running' | 'done' | 'failed' | 'skipped';
  readonly detail: string;
}

export interface RecycleResult {
  readonly outcome: 'succeeded' | 'failed-nothing-changed' | 'failed-after-switch' | 'cancelled';
  /** One sentence; for a failure it names the data source and the cause. */
  readonly summary: string;
  readonly writeHoldMs: number;
  readonly writesHeld: number;
  readonly writesFailed: number;
  readonly generation: number;
  /** Set when it has switched in spite of red checks. */
  readonly overridden?: Overridden;
}

export interface RecycleOptions {
  /** Cancels it until it switches: everything is as before then. Later it changes nothing. */
  readonly signal?: AbortSignal;
  /**
   * Goes on in spite of the red checks that a person may override (docs/adr/0019-override-of-a-red-check.md). The name of the
   * coming master, as the plan shows it; with any other one the recycle is refused.
   */
  readonly override?: string;
}

export interface RecycleDeps extends RecycleOptions {
  readonly live: Live;
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly gate: WriteGate;
  readonly mode: ModeKeeper;
  readonly journal: WriteJournal;
  /** Examines all sources of the settings, the master by a real write. Never throws. */
  readonly verify: (settings: DatabaseSettings) => Promise<Verified[]>;
  readonly openPool: (configured: ConfiguredSource, settings: DatabaseSettings) => ConnectionPool;
  /** The layer is being closed: new pools would have nobody to close them. */
  readonly isStopping: () => boolean;
  /** Called with what a listener threw. */
  readonly onError: (error: unknown) => void;
}

const holdKey = 'recycle';
const nothingChanged = 'Nothing changed; the previous connections are in use.';
const quiesceLimitMs = 5_000;
/** Limit of each statement that is sent while writes are held. */
const heldStatementMs = 5_000;

/** The settings that a pool is made with. */
const poolSettings = [
  'maxOpenConnections',
  'maxIdleConnections',
  'connectionIdleMs',
  'connectionLifetimeMs',
  'connectTimeoutMs',
  'acquireTimeoutMs',
  'queryTimeoutMs',
] as const satisfies readonly (keyof DatabaseSettings)[];

/**
 * Moves the running server to the settings: verifies new pools, swaps the generations, drains and closes the old.
 * Until the switch nothing changes for anybody, and any failure leaves everything as it was.
 */
export class Recycle {
  readonly #deps: RecycleDeps;
  readonly #settings: DatabaseSettings;
  readonly #progress: (update: StepUpdate) => void;
  /** Pools that this recycle opened; closed again when it is refused. */
  readonly #opened = new Map<string, ConnectionPool>();
  readonly #cancellation: Cancellation;
  readonly #override: Override;
  #step: RecycleStep = 'Check';
  #hold: Hold = noHold;
  #floor: Position | null = null;
  #restartsJournal = false;
  #published = false;

  constructor(deps: RecycleDeps, settings: DatabaseSettings, progress: (update: StepUpdate) => void) {
    this.#deps = deps;
    this.#settings = settings;
    this.#cancellation = new Cancellation(deps.signal);
    this.#override = new Override(deps.override);
    // What a listener does must not keep the gate closed or leave a switch half done.
    this.#progress = (update) => {
      try {
        progress(update);
      } catch (error) {
        deps.onError(error);
      }
    };
  }

  async run(): Promise<RecycleResult> {
    const { live } = this.#deps;
    const before = live.current;
    try {
      this.#check(before);
      const pools = await this.#openPools(before);
      const verified = await this.#verify();
      const hold = await this.#switchOver(before, pools, verified);
      this.#finish(before, hold);
      await this.#retire(before);
      return this.#succeeded(hold);
    } catch (error) {
      return this.#refused(error);
    }
  }

  #begin(name: RecycleStep, detail = ''): void {
    this.#step = name;
    this.#progress({ name, state: 'running', detail });
  }

  #end(detail: string, state: 'done' | 'skipped' = 'done'): void {
    this.#progress({ name: this.#step, state, detail });
  }

  #check(before: Snapshot): void {
    this.#begin('Check');
    this.#cancellation.check();
    if (this.#settings.sources[0].source.driver !== this.#deps.dialect.driver) {
      throw new Refused('Another driver needs a restart of the server.');
    }
    this.#override.assertFor(this.#settings.sources[0].source.name);
    const changes = planChanges(before.topology, this.#settings);
    this.#end(changes.map((change) => `${change.name} ${change.text}`).join(', '));
  }

  /** A pool whose data source and settings are unchanged is kept: its connections are renewed later, one by one. */
  #isKept(before: Snapshot, { source }: ConfiguredSource): boolean {
    const member = before.topology.members.find((candidate) => candidate.name === source.name);
    const sameSource = member?.source.fingerprint === source.fingerprint;
    return sameSource && poolSettings.every((key) => before.settings[key] === this.#settings[key]);
  }

  async #openPools(before: Snapshot): Promise<Map<string, ConnectionPool>> {
    this.#begin('Open new connections');
    const pools = new Map<string, ConnectionPool>();
    for (const configured of this.#settings.sources) {
      const { name } = configured.source;
      const kept = this.#isKept(before, configured) ? before.pools.get(name) : undefined;
      const pool = kept ?? this.#deps.openPool(configured, this.#settings);
      if (kept === undefined) this.#opened.set(name, pool);
      pools.set(name, pool);
    }
    await this.#cancellation.during(Promise.all([...this.#opened.values()].map((pool) => pool.warm())));
    this.#end(`${this.#opened.size} of ${pools.size} pools are new`);
    return pools;
  }

  async #verify(): Promise<Verified[]> {
    this.#begin('Verify');
    const verified = await this.#cancellation.during(this.#deps.verify(this.#settings));
    const reason = refusalOf(verified, this.#override.isGiven);
    if (reason !== '') throw new Refused(reason);
    this.#override.noteChecks(verified);
    const joined = verified.filter((one) => one.report.outcome === 'passed').length;
    this.#end(`${joined} of ${verified.length} passed every check`);
    return verified;
  }

  async #switchOver(before: Snapshot, pools: Map<string, ConnectionPool>, verified: Verified[]): Promise<Hold> {
    if (!masterChanges(before.topology, this.#settings)) {
      this.#begin('Hold writes');
      this.#end('not needed: the master stays', 'skipped');
      this.#publish(pools, verified, before.floor);
      return noHold;
    }
    const master = pools.get(this.#settings.sources[0].source.name) as ConnectionPool;
    const lease = await this.#cancellation.during(master.acquire(), (late) => late.release(true));
    try {
      return await this.#moveMaster(before, lease.connection, () => {
        this.#publish(pools, verified, this.#floor);
      });
    } finally {
      lease.release(true);
    }
  }

  /** Holds writes, brings over what the new master lacks, publishes, and lets the writes go on there. */
  async #moveMaster(before: Snapshot, connection: Connection, publish: () => void): Promise<Hold> {
    const { name } = this.#settings.sources[0].source;
    const timeoutMs = this.#settings.queryTimeoutMs;
    const inheritance = new Inheritance(this.#deps, {
      name,
      connection,
      timeoutMs,
      acceptsLoss: this.#override.isGiven,
    });
    const cancellation = this.#cancellation;
    await cancellation.during(inheritance.prepare(before.topology));
    await cancellation.during(inheritance.most());
    this.#begin('Hold writes');
    const hold = new WriteHold(this.#deps, holdKey);
    hold.begin(before.topology.master.name, name);
    try {
      if (!(await cancellation.during(this.#deps.gate.quiesce(quiesceLimitMs)))) {
        throw new Refused(`Writes in flight on ${before.topology.master.name} did not end within 5 s.`);
      }
      const result = await cancellation.during(inheritance.rest(heldStatementMs));
      const { floor, restartsJournal } = await cancellation.during(inheritance.begin(heldStatementMs));
      this.#floor = floor;
      this.#restartsJournal = restartsJournal;
      this.#override.noteLoss(name, inheritance.loss);
      this.#end(result === undefined ? 'writes are held' : `writes are held, ${result.applied} were carried over`);
      publish();
      inheritance.tell(result);
    } finally {
      const stoppedIn = this.#step;
      this.#begin('Release writes');
      this.#hold = hold.end();
      this.#end(`${this.#hold.held} held writes go on after ${Math.round(this.#hold.holdMs)} ms`);
      if (!this.#published) this.#step = stoppedIn;
    }
    return this.#hold;
  }

  #publish(pools: ReadonlyMap<string, ConnectionPool>, verified: readonly Verified[], floor: Position | null): void {
    this.#cancellation.check();
    this.#begin('Switch');
    if (this.#deps.isStopping()) throw new Refused('The server is stopping.');
    const restartsJournal = this.#restartsJournal;
    const { givesUp } = this.#override;
    const next = { settings: this.#settings, pools, verified, floor, restartsJournal, givesUp };
    const generation = publishGeneration(this.#deps, next);
    this.#published = true;
    // At once: whoever looks into the events must find the loss beside the new master.
    const event = this.#override.event(this.#settings.sources[0].source.name);
    if (event !== undefined) this.#deps.live.report(event);
    this.#end(`generation ${generation} is in use`);
  }

  #finish(before: Snapshot, hold: Hold): void {
    if (hold.holdMs === 0 && !masterChanges(before.topology, this.#settings)) {
      this.#begin('Release writes');
      this.#end('not needed: nothing was held', 'skipped');
    }
  }

  /** Ends the old pools when their work is done, and renews the kept ones. Too late to fail: cuts at the limit. */
  async #retire(before: Snapshot): Promise<void> {
    const { live } = this.#deps;
    const limitMs = this.#settings.drainLimitMs;
    const current = new Set(live.current.pools.values());
    const leaving = [...before.pools.values()].filter((pool) => !current.has(pool));
    const kept = [...before.pools.values()].filter((pool) => current.has(pool));
    this.#begin('Drain old', `${leaving.reduce((sum, pool) => sum + pool.inFlight, 0)} requests in flight`);
    const [drained] = await Promise.all([
      Promise.all(leaving.map((pool) => pool.drain(limitMs))),
      Promise.all(kept.map((pool) => pool.renew(limitMs))),
    ]);
    const cut = drained.filter((ended) => !ended).length;
    this.#end(cut === 0 ? 'all work on old connections has ended' : `${cut} pools had work left after the limit`);
    this.#begin('Close old');
    for (const pool of leaving) pool.close();
    this.#end(`${leaving.length} pools closed, ${kept.length} renewed`);
  }

  #succeeded(hold: Hold): RecycleResult {
    const { live } = this.#deps;
    const { topology } = live.current;
    const fit = topology.fitReplicas.length + topology.fitSearchReplicas.length;
    const summary =
      `Generation ${topology.generation} is in use: master ${topology.master.name}, ` +
      `${fit} of ${topology.members.length - 1} replicas serve reads.` +
      (hold.holdMs > 0 ? ` Writes waited ${Math.round(hold.holdMs)} ms.` : '') +
      (this.#override.used === undefined ? '' : ` Overridden: ${this.#override.words}`);
    live.report({
      kind: 'recycled',
      severity: 'info',
      source: topology.master.name,
      text: summary,
      detail: { generation: topology.generation, write_hold_ms: Math.round(hold.holdMs), writes_held: hold.held },
    });
    return this.#result('succeeded', summary, hold);
  }

  #refused(error: unknown): RecycleResult {
    if (error instanceof Cancelled) return this.#cancelled();
    const reason = error instanceof Refused ? error.message : this.#deps.dialect.classify(error, true).text;
    this.#progress({ name: this.#step, state: 'failed', detail: reason });
    if (this.#published)
      return this.#result('failed-after-switch', `The new connections are in use. ${reason}`, this.#hold);
    const summary = `${reason} ${nothingChanged}`;
    this.#rolledBack({ kind: 'recycle_failed', severity: 'error', text: `Recycling unsuccessful: ${summary}` });
    return this.#result('failed-nothing-changed', summary, this.#hold);
  }

  #cancelled(): RecycleResult {
    this.#end('cancelled', 'skipped');
    this.#rolledBack({
      kind: 'recycle_cancelled',
      severity: 'warning',
      text: `Recycling cancelled. ${nothingChanged}`,
    });
    return this.#result('cancelled', nothingChanged, this.#hold);
  }

  #rolledBack(event: Pick<LayerEvent, 'kind' | 'severity' | 'text'>): void {
    for (const pool of this.#opened.values()) pool.close();
    this.#deps.live.report({ ...event, source: null, detail: { step: this.#step } });
  }

  #result(outcome: RecycleResult['outcome'], summary: string, hold: Hold): RecycleResult {
    const { used } = this.#override;
    return {
      outcome,
      summary,
      writeHoldMs: hold.holdMs,
      writesHeld: hold.held,
      writesFailed: hold.failed,
      generation: this.#deps.live.current.topology.generation,
      ...(this.#published && used !== undefined ? { overridden: used } : {}),
    };
  }
}
