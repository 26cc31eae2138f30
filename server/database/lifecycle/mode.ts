import type { Clock } from '../clock.ts';
import { Emitter } from '../events.ts';
import { masterServes } from '../topology/index.ts';
import { decide, type Lost, type Verdict } from './failover/decide.ts';
import type { WriteGate } from './gate.ts';
import type { Live } from './live.ts';

/** What users may do: `switching` holds writes for a moment, `read-only` refuses them. */
export interface Mode {
  readonly mode: 'normal' | 'switching' | 'read-only';
  /** Empty in mode `normal`. */
  readonly reason: string;
  readonly since: number;
}

/** The time in which the master is in doubt. */
interface Doubt extends Lost {
  /** Longer than a write may wait, or no way out by ourselves: writes are refused. */
  gaveUp: boolean;
  verdict: Verdict;
}

const masterLost = 'master-lost';

/**
 * Watches the master: closes the gate the moment it is in doubt (on its state, not on the first error), opens it when
 * there is one that accepts writes again, and turns to read-only mode when that takes longer than a write may wait. The
 * mode follows from two facts, whatever their order: what the probes tell of the master, and whether a change of the
 * master holds writes.
 */
export class ModeKeeper {
  readonly changes: Emitter<Mode>;
  readonly #live: Live;
  readonly #gate: WriteGate;
  readonly #clock: Clock;
  readonly #holdLimitMs: () => number;
  #mode: Mode;
  #lost: Doubt | undefined;
  /** Why a recycle or a failover holds writes now. */
  #moving: string | undefined;
  /** Why the database that was found cannot be followed. */
  #obstacle = '';
  /** What others have to say about the loss, by who says it. */
  readonly #remarks = new Map<string, string>();
  /** A replica that we told to become the master. */
  #expected: string | undefined;
  #cancelLimit: () => void = () => undefined;

  constructor(deps: {
    live: Live;
    gate: WriteGate;
    clock: Clock;
    holdLimitMs: () => number;
    onListenerError?: (error: unknown) => void;
  }) {
    this.#live = deps.live;
    this.#gate = deps.gate;
    this.#clock = deps.clock;
    this.#holdLimitMs = deps.holdLimitMs;
    this.changes = new Emitter(deps.onListenerError);
    this.#mode = { mode: 'normal', reason: '', since: Math.round(deps.clock.now()) };
    deps.live.changes.subscribe(({ previous, current }) => {
      if (previous?.topology.generation !== current.topology.generation) this.#expected = undefined;
      this.#follow();
    });
  }

  get mode(): Mode {
    return this.#mode;
  }

  /** What the last probes say should become of the master. */
  get verdict(): Verdict {
    return this.#lost?.verdict ?? { kind: 'serves' };
  }

  /** When the master came into doubt; undefined while it serves. */
  get lostSince(): number | undefined {
    return this.#lost?.since;
  }

  /** The replica that we told to become the master, until one is published. */
  get expected(): string | undefined {
    return this.#expected;
  }

  /**
   * Tells that a replica was told to become the master, or `undefined` when it certainly did not hear it. Until it is
   * published the former one is in doubt, whatever it says: it must not be written to any more.
   */
  expect(name: string | undefined): void {
    this.#expected = name;
    this.#follow();
  }

  /** Adds to the reason what somebody has to say about it, until the doubt ends. */
  remark(by: string, text: string): void {
    if (this.#lost === undefined || (this.#remarks.get(by) ?? '') === text) return;
    this.#remarks.set(by, text);
    if (this.#lost.gaveUp) this.#gate.refuse(this.#doubt());
    this.#show();
  }

  /** Marks the moment in which a change of the master holds writes, after it closed the gate; `undefined` after it let go. */
  switching(reason: string | undefined): void {
    this.#moving = reason;
    this.#show();
  }

  /** Says why the database that was found is not followed; empty when nothing is in the way any more. */
  explain(obstacle: string): void {
    if (this.#lost === undefined || this.#obstacle === obstacle) return;
    this.#obstacle = obstacle;
    if (this.#lost.gaveUp) this.#gate.refuse(this.#doubt());
    this.#show();
  }

  stop(): void {
    this.#cancelLimit();
  }

  #follow(): void {
    const { topology } = this.#live.current;
    if (this.#lost === undefined) {
      if (masterServes(topology) && this.#expected === undefined) return;
      this.#beginDoubt();
    }
    const lost = this.#lost as Doubt;
    lost.verdict = decide(topology, { ...lost, expected: this.#expected });
    if (lost.verdict.kind === 'serves') this.#endDoubt();
    else if (lost.verdict.kind === 'two-writable' && !lost.gaveUp) this.#giveUp(lost);
    this.#show();
  }

  #beginDoubt(): void {
    const { master } = this.#live.current.topology;
    const lost: Doubt = {
      since: this.#clock.now(),
      instance: master.instance,
      gaveUp: false,
      verdict: { kind: 'wait' },
    };
    this.#lost = lost;
    this.#gate.hold(masterLost, this.#doubt());
    this.#cancelLimit = this.#clock.after(this.#holdLimitMs(), () => {
      this.#giveUp(lost);
      this.#show();
    });
  }

  #endDoubt(): void {
    this.#cancelLimit();
    this.#lost = undefined;
    this.#obstacle = '';
    this.#remarks.clear();
    this.#gate.release(masterLost);
  }

  #giveUp(lost: Doubt): void {
    lost.gaveUp = true;
    this.#gate.refuse(this.#doubt());
  }

  #doubt(): string {
    const { master } = this.#live.current.topology;
    const { verdict } = this;
    const found = 'reason' in verdict ? verdict.reason : this.#obstacle;
    return [`Master ${master.name}: ${master.cause}`, found, ...this.#remarks.values()]
      .join(' ')
      .trim()
      .replaceAll('  ', ' ');
  }

  #show(): void {
    if (this.#lost !== undefined) this.#set(this.#lost.gaveUp ? 'read-only' : 'switching', this.#doubt());
    else if (this.#moving !== undefined) this.#set('switching', this.#moving);
    else this.#set('normal', '');
  }

  #set(mode: Mode['mode'], reason: string): void {
    const before = this.#mode;
    if (before.mode === mode) {
      // The reason grows clearer while the search goes on; nobody is told of that, whoever looks sees the newest.
      if (before.reason !== reason) this.#mode = { ...before, reason };
      return;
    }
    this.#mode = { mode, reason, since: Math.round(this.#clock.now()) };
    this.#live.report({
      kind: 'mode_changed',
      severity: mode === 'read-only' ? 'error' : 'info',
      source: null,
      text: mode === 'normal' ? 'Writes are accepted again.' : `Mode ${mode}: ${reason}`,
      detail: { from: before.mode, to: mode, lasted_ms: this.#mode.since - before.since },
    });
    this.changes.emit(this.#mode);
  }
}
