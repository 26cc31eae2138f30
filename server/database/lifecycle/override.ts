import type { LayerEvent } from '../events.ts';
import { givenUpText } from './descent.ts';
import type { Loss } from './inheritance.ts';
import { Refused } from './refused.ts';
import { historyCheck, redChecks, type Verified } from './verify.ts';

/** What a recycle went on in spite of. */
export interface Overridden {
  /** Each red check: its name, the data source, and what was found. */
  readonly checks: readonly string[];
  /** Set when the new master lacks acknowledged writes, or cannot be told to have them. */
  readonly loss: Loss | undefined;
}

/** Whether a person lets a recycle go on in spite of red checks, and what that was good for in the end. */
export class Override {
  readonly #name: string | undefined;
  #checks: readonly string[] = [];
  #loss: Loss | undefined;

  /** @param name the coming master as the person has typed it; undefined: nobody has. */
  constructor(name: string | undefined) {
    this.#name = name;
  }

  get isGiven(): boolean {
    return this.#name !== undefined;
  }

  /**
   * Somebody may have reloaded since the name was shown.
   *
   * @throws Refused when it was given for another one.
   */
  assertFor(master: string): void {
    if (this.#name === undefined || this.#name === master) return;
    throw new Refused(`The override was given for ${this.#name}, and the master would be ${master}.`);
  }

  /** The red checks that it was good for. What the history comes to is known only when writes are held. */
  noteChecks(verified: readonly Verified[]): void {
    const red = redChecks(verified).filter(({ name }) => name !== historyCheck);
    this.#checks = red.map(({ name, source, text }) => `${name} of ${source}: ${text}`);
  }

  noteLoss(master: string, loss: Loss | undefined): void {
    this.#loss = loss;
    if (loss !== undefined) this.#checks = [...this.#checks, `${historyCheck} of ${master}: ${loss.why}`];
  }

  /** Acknowledged writes are given up. */
  get givesUp(): boolean {
    return this.#loss !== undefined;
  }

  /** Undefined when every check was green after all. */
  get used(): Overridden | undefined {
    return this.#checks.length === 0 ? undefined : { checks: this.#checks, loss: this.#loss };
  }

  /** The red checks and the loss, in sentences; empty when every check was green. */
  get words(): string {
    const lost = this.#loss === undefined ? '' : ` ${givenUpText(this.#loss.givenUp)}`;
    return `${this.#checks.join(' ')}${lost}`;
  }

  /** What the event log must say of it. */
  event(master: string): Omit<LayerEvent, 'at'> | undefined {
    if (this.used === undefined) return undefined;
    const { givenUp = 0, carriedOver = 0 } = this.#loss ?? {};
    return {
      kind: 'recycle_overridden',
      severity: 'error',
      source: master,
      text: `Recycled to the master ${master} in spite of red checks. ${this.words}`,
      detail: { checks: this.#checks.join(' '), given_up: givenUp, carried_over: carriedOver },
    };
  }
}
