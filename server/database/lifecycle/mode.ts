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
 * it accepts writes again, and turns to read-only mode when that takes longer than a write may wait. The mode follows
 * from two facts, whatever their order: whether the master serves, and whether a recycle holds writes.
 */
export class ModeKeeper {
  readonly changes: Emitter<Mode>;
  readonly #live: Live;
  readonly #gate: WriteGate;
  readonly #clock: Clock;
  readonly #holdLimitMs: () => number;
  #mode: Mode;
  #lost: { gaveUp: boolean } | undefined;
  /** Why a recycle holds writes now. */
  #moving: string | undefined;
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
    deps.live.changes.subscribe(() => this.#follow());
  }

  get mode(): Mode {
    return this.#mode;
  }

  /** Marks the moment in which a recycle holds writes, after it closed the gate; `undefined` after it let go. */
  switching(reason: string | undefined): void {
    this.#moving = reason;
    this.#show();
  }

  stop(): void {
    this.#cancelLimit();
  }

  #follow(): void {
    const { master } = this.#live.current.topology;
    const serves = master.health === 'online' && master.observed === 'master';
    if (serves === (this.#lost === undefined)) return;
    if (serves) {
      this.#cancelLimit();
      this.#lost = undefined;
      this.#gate.release(masterLost);
    } else {
      const lost = { gaveUp: false };
      this.#lost = lost;
      this.#gate.hold(masterLost, this.#doubt());
      this.#cancelLimit = this.#clock.after(this.#holdLimitMs(), () => {
        lost.gaveUp = true;
        this.#gate.refuse(this.#doubt());
        this.#show();
      });
    }
    this.#show();
  }

  #doubt(): string {
    const { master } = this.#live.current.topology;
    return `Master ${master.name}: ${master.cause}`;
  }

  #show(): void {
    if (this.#lost !== undefined) this.#set(this.#lost.gaveUp ? 'read-only' : 'switching', this.#doubt());
    else if (this.#moving !== undefined) this.#set('switching', this.#moving);
    else this.#set('normal', '');
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
