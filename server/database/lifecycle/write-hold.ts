import type { WriteGate } from './gate.ts';
import type { ModeKeeper } from './mode.ts';

/** How long writes were held, how many at its end, and how many were refused meanwhile. */
export interface Hold {
  readonly holdMs: number;
  readonly held: number;
  readonly failed: number;
}

export const noHold: Hold = { holdMs: 0, held: 0, failed: 0 };

/** Writes held for the move of the master, shown to everybody as mode `switching`. */
export class WriteHold {
  readonly #gate: WriteGate;
  readonly #mode: ModeKeeper;
  readonly #key: string;
  #refusedBefore = 0;

  /** @param key tells this holder of the gate from others. */
  constructor(deps: { readonly gate: WriteGate; readonly mode: ModeKeeper }, key: string) {
    this.#gate = deps.gate;
    this.#mode = deps.mode;
    this.#key = key;
  }

  begin(from: string, to: string): void {
    this.#refusedBefore = this.#gate.counts().expiredTotal;
    this.#gate.hold(this.#key, `The master moves to ${to}.`);
    this.#mode.switching(`The master moves from ${from} to ${to}.`);
  }

  end(): Hold {
    const held = this.#gate.counts().waiting;
    const holdMs = this.#gate.release(this.#key);
    this.#mode.switching(undefined);
    return { holdMs, held, failed: this.#gate.counts().expiredTotal - this.#refusedBefore };
  }
}
