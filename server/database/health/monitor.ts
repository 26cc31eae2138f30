import type { Clock } from '../clock.ts';
import type { Dialect, Failure } from '../dialect/dialect.ts';
import { tellsOfFullDisk } from '../dialect/full-disk.ts';
import type { Live, Snapshot } from '../lifecycle/live.ts';
import { poolOf } from '../lifecycle/live.ts';
import type { ConnectionPool } from '../pool/index.ts';
import {
  applyProbe,
  applyTrafficFailure,
  masterServes,
  type Member,
  type ProbeContext,
  type ProbeOutcome,
} from '../topology/index.ts';
import { Prober } from './prober.ts';
import { WriteTrial } from './write-trial.ts';

const suspectIntervalMs = 250;
/** Offline sources are asked less and less often, up to this. */
const offlineIntervalMaxMs = 5_000;
const jitter = 0.2;
/** How long a replica whose disk is full stays out: a probe needs no disk and would bring it back at once. */
const diskOutMs = 10_000;
/** When no write has ended for so long although some are under way, one is sent to see whether any would. */
const silentWritesMs = 2_000;

const fullDisk = { kind: 'disk', outcome: 'not-executed', connectionLost: false } as const;

interface Watch {
  readonly prober: Prober;
  readonly trial: WriteTrial;
  /** Since when its writes do not end; undefined while they do. */
  stalledSince: number | undefined;
  /** The writes that were under way when they ceased to end have been cut. */
  letGo: boolean;
  readonly fingerprint: string;
  readonly timeoutMs: number;
  /** A good answer was set aside, since the source failed while it was under way. */
  repeated: boolean;
  cancel: () => void;
  probing: boolean;
  /** When the next probe is due, by the clock. */
  dueAt: number;
  again: boolean;
}

/**
 * Probes every data source of the current topology, about once a second, more often in doubt, and keeps the topology
 * true. It decides nothing about routing: it only states what is.
 */
export class HealthMonitor {
  readonly #live: Live;
  readonly #dialect: Dialect;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #onFailure: (name: string, failure: Failure) => void;
  readonly #writesSilentMs: () => number;
  readonly #watches = new Map<string, Watch>();
  /** Sources whose answers do not count for now, and how many have asked for that. */
  readonly #ignored = new Map<string, number>();
  #stopped = false;

  constructor(deps: {
    live: Live;
    dialect: Dialect;
    clock: Clock;
    random: () => number;
    /** Hears of every failure that speaks against a source: of probes, and those reported from traffic. */
    onFailure: (name: string, failure: Failure) => void;
    /** For how long no write has ended although some are under way. */
    writesSilentMs: () => number;
  }) {
    this.#live = deps.live;
    this.#dialect = deps.dialect;
    this.#clock = deps.clock;
    this.#random = deps.random;
    this.#onFailure = deps.onFailure;
    this.#writesSilentMs = deps.writesSilentMs;
    deps.live.changes.subscribe(({ previous, current }) => {
      if (previous?.topology.generation !== current.topology.generation) this.#follow(current);
      else if (previous !== undefined && masterServes(previous.topology) && !masterServes(current.topology)) {
        for (const name of this.#watches.keys()) this.checkNow(name);
      }
    });
  }

  start(): void {
    this.#follow(this.#live.current);
  }

  stop(): void {
    this.#stopped = true;
    for (const watch of this.#watches.values()) this.#end(watch);
    this.#watches.clear();
  }

  /**
   * Lets what these sources say not count: somebody changes their roles on purpose. The answer ends that, and has them
   * probed at once.
   */
  ignore(names: readonly string[]): () => void {
    const count = (name: string, by: number): void => {
      const left = (this.#ignored.get(name) ?? 0) + by;
      if (left > 0) this.#ignored.set(name, left);
      else this.#ignored.delete(name);
    };
    for (const name of names) count(name, 1);
    return () => {
      for (const name of names) {
        count(name, -1);
        this.checkNow(name);
      }
    };
  }

  /** Milliseconds until the next probe of a source; 0 while one is under way, null for a stranger. */
  nextCheckIn(name: string): number | null {
    const watch = this.#watches.get(name);
    if (watch === undefined) return null;
    return watch.probing ? 0 : Math.max(0, Math.round(watch.dueAt - this.#clock.now()));
  }

  /** Probes a source at once instead of at its next turn. */
  checkNow(name: string): void {
    const watch = this.#watches.get(name);
    if (watch === undefined || this.#stopped) return;
    if (watch.probing) watch.again = true;
    else {
      watch.cancel();
      void this.#check(name, watch);
    }
  }

  /**
   * A statement on a connection of `pool` failed in a way that speaks against its source: no new work there until a
   * probe says so. A pool of a former generation says nothing: its connections are cut on purpose.
   */
  reportFailure(pool: ConnectionPool, failure: Failure): void {
    const { name } = pool;
    if (this.#stopped || this.#live.current.pools.get(name) !== pool) return;
    this.#onFailure(name, failure);
    const isDisk = failure.kind === 'disk';
    // The master has no substitute, and reads need no room.
    if (isDisk && this.#live.current.topology.master.name === name) return;
    const outMs = isDisk ? diskOutMs : 0;
    this.#live.update(name, (member) =>
      applyTrafficFailure(member, { text: failure.text, now: this.#clock.now(), outMs }),
    );
    this.checkNow(name);
  }

  #follow(snapshot: Snapshot): void {
    const wanted = new Map(snapshot.topology.members.map((member) => [member.name, member]));
    for (const [name, watch] of this.#watches) {
      const same = wanted.get(name)?.source.fingerprint === watch.fingerprint;
      if (same && watch.timeoutMs === snapshot.settings.monitorTimeoutMs) continue;
      this.#end(watch);
      this.#watches.delete(name);
    }
    for (const member of wanted.values()) {
      if (!this.#watches.has(member.name)) this.#begin(member, snapshot.settings.monitorTimeoutMs);
      else this.checkNow(member.name);
    }
  }

  #begin(member: Member, timeoutMs: number): void {
    const deps = { source: member.source, dialect: this.#dialect, clock: this.#clock, timeoutMs };
    const watch: Watch = {
      prober: new Prober(deps),
      trial: new WriteTrial(deps),
      stalledSince: undefined,
      letGo: false,
      fingerprint: member.source.fingerprint,
      timeoutMs,
      repeated: false,
      cancel: () => undefined,
      probing: false,
      dueAt: 0,
      again: false,
    };
    this.#watches.set(member.name, watch);
    void this.#check(member.name, watch);
  }

  #end(watch: Watch): void {
    watch.cancel();
    close(watch);
  }

  async #check(name: string, watch: Watch): Promise<void> {
    watch.probing = true;
    watch.again = false;
    const startedAt = this.#clock.now();
    const outcome = await this.#probe(name, watch);
    if (this.#stopped || this.#watches.get(name) !== watch) return close(watch);
    const counts =
      outcome !== undefined &&
      !this.#ignored.has(name) &&
      !this.#isOutdated(watch, outcome) &&
      !this.#isRefuted(name, outcome, startedAt);
    if (counts && !outcome.ok) this.#onFailure(name, outcome.failure);
    // What it says may put the master in doubt, and then this one is to be asked again: it counts as busy until here.
    if (counts) this.#apply(name, outcome, startedAt);
    watch.probing = false;
    this.#schedule(name, watch, outcome === undefined);
  }

  /** Asks the source, and a master whose writes are silent by a write. */
  async #probe(name: string, watch: Watch): Promise<ProbeOutcome | undefined> {
    const outcome = await watch.prober.probe();
    const leads = this.#live.current.topology.master.name === name;
    if (outcome?.ok !== true || !leads || outcome.reading.role !== 'master') {
      watch.trial.close();
      watch.stalledSince = undefined;
      return outcome;
    }
    const inDoubt = watch.stalledSince !== undefined || this.#writesSilentMs() >= silentWritesMs;
    if (!inDoubt || (await watch.trial.passes())) {
      watch.stalledSince = undefined;
      watch.letGo = false;
      return outcome;
    }
    watch.stalledSince ??= this.#clock.now();
    this.#letGo(name, watch);
    const stalled = await watch.prober.whyStalled();
    if (tellsOfFullDisk({ text: stalled })) this.#onFailure(name, { ...fullDisk, text: stalled });
    return { ...outcome, stalled };
  }

  /** When new writes are refused at the gate, those under way have waited as long: they are cut, once, and learn the same. */
  #letGo(name: string, watch: Watch): void {
    const { settings, pools } = this.#live.current;
    const stalledMs = this.#clock.now() - (watch.stalledSince ?? this.#clock.now());
    if (watch.letGo || stalledMs < settings.writeHoldLimitMs) return;
    watch.letGo = true;
    pools.get(name)?.cut();
    pools.get(name)?.refuseWaiting();
  }

  /** A good answer from before a failure says nothing about the failure: it is asked for again, once. */
  #isOutdated(watch: Watch, outcome: ProbeOutcome): boolean {
    watch.repeated = outcome.ok && watch.again && !watch.repeated;
    return watch.repeated;
  }

  /** A database that has answered statements since the probe began is not silent: the probe is. */
  #isRefuted(name: string, outcome: ProbeOutcome, startedAt: number): boolean {
    if (outcome.ok || !outcome.timedOut) return false;
    return (this.#live.current.pools.get(name)?.statistics.lastSuccessAt ?? 0) > startedAt;
  }

  #schedule(name: string, watch: Watch, atOnce: boolean): void {
    const wait = watch.again || atOnce ? 0 : this.#intervalOf(name);
    watch.dueAt = this.#clock.now() + wait;
    watch.cancel = this.#clock.after(wait, () => void this.#check(name, watch));
  }

  #intervalOf(name: string): number {
    const { topology, settings } = this.#live.current;
    const member = topology.members.find((candidate) => candidate.name === name);
    if (member === undefined || member.health === 'suspect') return suspectIntervalMs;
    // Without a master every database is asked: one of them may have been promoted.
    if (!masterServes(topology)) return suspectIntervalMs;
    if (member.health === 'offline' && member.goodProbes > 0) return suspectIntervalMs;
    const base = settings.monitorIntervalMs;
    const grown = member.health === 'offline' ? Math.min(offlineIntervalMaxMs, base * 1.5 ** member.badProbes) : base;
    return grown * (1 - jitter + 2 * jitter * this.#random());
  }

  #apply(name: string, outcome: ProbeOutcome, startedAt: number): void {
    const before = this.#live.current.topology.members.find((member) => member.name === name);
    if (before === undefined) return;
    const { history } = this.#live.current.topology;
    if (before.role === 'master' && outcome.ok) this.#live.trail.add(outcome.reading.position, startedAt);
    const context = this.#contextOf(outcome, startedAt, before);
    this.#live.update(name, (member) => applyProbe(member, outcome, context));
    const after = this.#live.current.topology;
    const moved = history !== null && after.history !== null && history !== after.history;
    if (moved && outcome.ok) this.#live.beginHistory(outcome.reading.position);
    this.#cutIfDead(name, before, outcome);
  }

  /**
   * Sockets of a silent database never end by themselves (research/database-layer.md 3.2): cut them, so that what is
   * in flight fails now. Reads of a silent replica are cut at the first silent probe, since they can be sent elsewhere.
   */
  #cutIfDead(name: string, before: Member, outcome: ProbeOutcome): void {
    if (outcome.ok) return;
    const snapshot = this.#live.current;
    const after = snapshot.topology.members.find((member) => member.name === name);
    if (after === undefined) return;
    const wentOffline = after.health === 'offline' && before.health !== 'offline';
    const silentReplica = after.role !== 'master' && outcome.timedOut && before.badProbes === 0;
    if (wentOffline || silentReplica) poolOf(snapshot, after).cut();
  }

  #contextOf(outcome: ProbeOutcome, startedAt: number, member: Member): ProbeContext {
    const { topology, settings } = this.#live.current;
    const { master } = topology;
    const position = outcome.ok ? outcome.reading.position : member.position;
    const masterAnswers = master.health === 'online';
    return {
      now: startedAt,
      clusterId: master.clusterId,
      masterAnswers,
      masterTimeline: master.timeline,
      // Against a silent master a lag cannot be told; the last known one would only grow old.
      lagMs: position !== null && masterAnswers ? this.#live.trail.lagMs(position, startedAt) : null,
      lagBytes:
        position !== null && master.position !== null && masterAnswers
          ? this.#dialect.distance(master.position, position)
          : null,
      limits: { lagMs: settings.lagLimitMs, lagBytes: settings.lagLimitBytes },
      reached: this.#dialect.reached,
    };
  }
}

function close({ prober, trial }: Watch): void {
  prober.close();
  trial.close();
}
