import type { Clock } from '../clock.ts';
import { Emitter } from '../events.ts';
import type { WriteGate } from './gate.ts';
import type { Live } from './live.ts';

/** What users may do: `switching` holds writes for a moment, `read-only` refuses them. */
export interface Mode {
  readonly mode: 'normal' | 'switching' | 'read-only';
  /** Empty in mode `normal`. */
  readonly reason: string;
  readonly since: number;
}

const masterLost = 'master-lost';

/**
 * Watches the master: closes the gate the moment it is in doubt (on its state, not on the first error), opens it when
 * it accepts writes again, and turns to read-only mode when that takes longer than a write may wait.
 */
export class ModeKeeper {
  readonly changes = new Emitter<Mode>();
  readonly #live: Live;
  readonly #gate: WriteGate;
  readonly #clock: Clock;
  readonly #holdLimitMs: () => number;
  #mode: Mode;
  #cancelLimit: () => void = () => undefined;

  constructor(deps: { live: Live; gate: WriteGate; clock: Clock; holdLimitMs: () => number }) {
    this.#live = deps.live;
    this.#gate = deps.gate;
    this.#clock = deps.clock;
    this.#holdLimitMs = deps.holdLimitMs;
    this.#mode = { mode: 'normal', reason: '', since: Math.round(deps.clock.now()) };
    deps.live.changes.subscribe(() => this.#follow());
  }

  get mode(): Mode {
    return this.#mode;
  }

  /** Marks the moment in which a recycle holds writes; `undefined` ends it. */
  switching(reason: string | undefined): void {
    if (reason !== undefined) this.#set('switching', reason);
    else if (this.#masterServes()) this.#set('normal', '');
  }

  stop(): void {
    this.#cancelLimit();
  }

  #masterServes(): boolean {
    const { master } = this.#live.current.topology;
    return master.health === 'online' && master.observed === 'master';
  }

  #follow(): void {
    if (this.#masterServes()) this.#regained();
    else if (this.#mode.mode === 'normal') this.#lost();
  }

  #lost(): void {
    const { master } = this.#live.current.topology;
    const reason = `Master ${master.name}: ${master.cause}`;
    this.#gate.hold(masterLost, reason);
    this.#set('switching', reason);
    this.#cancelLimit = this.#clock.after(this.#holdLimitMs(), () => this.#giveUp());
  }

  #giveUp(): void {
    const { master } = this.#live.current.topology;
    const reason = `Master ${master.name}: ${master.cause}`;
    this.#gate.refuse(reason);
    this.#set('read-only', reason);
  }

  #regained(): void {
    this.#cancelLimit();
    this.#cancelLimit = () => undefined;
    const heldByMe = this.#gate.release(masterLost) > 0 || this.#mode.mode === 'read-only';
    if (heldByMe && this.#gate.counts().state === 'open') this.#set('normal', '');
  }

  #set(mode: Mode['mode'], reason: string): void {
    if (this.#mode.mode === mode) return;
    const before = this.#mode;
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
