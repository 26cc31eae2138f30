import type { Clock } from '../clock.ts';
import { DatabaseError } from '../errors.ts';

export interface GateOptions {
  readonly clock: Clock;
  /** How long one write may wait, and how many may wait at once. */
  readonly holdLimitMs: () => number;
  readonly holdMaximum: () => number;
}

interface Waiting {
  readonly since: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  cancel: () => void;
}

export interface GateCounts {
  readonly state: 'open' | 'closed';
  readonly waiting: number;
  readonly longestWaitMs: number;
  /** Length of the last closing, null before the first. */
  readonly lastHoldMs: number | null;
  readonly releasedTotal: number;
  readonly expiredTotal: number;
  /** Writes that are past the gate and not answered yet. */
  readonly inFlight: number;
}

/**
 * Holds writes for a moment: during the switch to other pools, and while the master is lost. Bounded in time and in
 * number; first in, first out. Several reasons can hold it at once; it opens when the last one goes.
 */
export class WriteGate {
  readonly #options: GateOptions;
  readonly #holds = new Map<string, string>();
  readonly #queue: Waiting[] = [];
  #refusal: string | undefined;
  #closed = false;
  #inFlight = 0;
  /** When a write ended last, or came first after a time without any. */
  #movedAt = 0;
  #quiet: (() => void)[] = [];
  #closedAt = 0;
  #lastHoldMs: number | null = null;
  #released = 0;
  #expired = 0;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /**
   * Lets a write through, or makes it wait. Every passed write must call `left` once when it has ended.
   *
   * @throws DatabaseError `held` when it waited to the limit, the queue is full, or the layer is read-only.
   */
  async enter(): Promise<void> {
    if (this.tryEnter()) return;
    if (this.#closed) throw this.#shutDown();
    if (this.#refusal !== undefined) throw this.#held(this.#refusal);
    await this.#wait();
  }

  /** Lets a write through when nothing holds it; false, without any effect, when something does. */
  tryEnter(): boolean {
    if (this.#holds.size > 0 || this.#closed) return false;
    this.#pass();
    return true;
  }

  left(): void {
    this.#inFlight -= 1;
    this.#movedAt = this.#options.clock.now();
    if (this.#inFlight === 0) for (const notify of this.#quiet.splice(0)) notify();
  }

  /** Closes the gate for `reason`, under a key of the holder's own. */
  hold(key: string, reason: string): void {
    if (this.#holds.size === 0) this.#closedAt = this.#options.clock.now();
    this.#holds.set(key, reason);
  }

  /** Takes one reason away; returns how long the gate was closed in all when it opened, else 0. */
  release(key: string): number {
    if (!this.#holds.delete(key) || this.#holds.size > 0) return 0;
    this.#refusal = undefined;
    this.#lastHoldMs = this.#options.clock.now() - this.#closedAt;
    for (const waiting of this.#queue.splice(0)) {
      waiting.cancel();
      this.#released += 1;
      // Counted here and not when its turn comes: whoever holds the gate again at once must wait for it, too.
      this.#pass();
      waiting.resolve();
    }
    return this.#lastHoldMs;
  }

  /** Ends it for good: writes that wait and all to come are refused. */
  close(): void {
    this.#closed = true;
    for (const waiting of this.#queue.splice(0)) {
      waiting.cancel();
      this.#expired += 1;
      waiting.reject(this.#shutDown());
    }
  }

  /** From now on until the gate opens, writes are refused at once: waiting longer would help nobody. */
  refuse(reason: string): void {
    if (this.#holds.size === 0) return;
    this.#refusal = reason;
    for (const waiting of this.#queue.splice(0)) {
      waiting.cancel();
      this.#expired += 1;
      waiting.reject(this.#held(reason));
    }
  }

  /** Resolves true when no write is past the gate, false after `limitMs`. Close the gate first. */
  quiesce(limitMs: number): Promise<boolean> {
    if (this.#inFlight === 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(limitMs, () => resolve(this.#inFlight === 0));
      this.#quiet.push(() => {
        cancel();
        resolve(true);
      });
    });
  }

  /** For how long no write has ended, although some are past the gate; 0 when none is. */
  silenceMs(): number {
    return this.#inFlight === 0 ? 0 : this.#options.clock.now() - this.#movedAt;
  }

  counts(): GateCounts {
    const first = this.#queue[0];
    return {
      state: this.#holds.size > 0 ? 'closed' : 'open',
      waiting: this.#queue.length,
      longestWaitMs: first === undefined ? 0 : this.#options.clock.now() - first.since,
      lastHoldMs: this.#lastHoldMs,
      releasedTotal: this.#released,
      expiredTotal: this.#expired,
      inFlight: this.#inFlight,
    };
  }

  #pass(): void {
    if (this.#inFlight === 0) this.#movedAt = this.#options.clock.now();
    this.#inFlight += 1;
  }

  #wait(): Promise<void> {
    if (this.#queue.length >= this.#options.holdMaximum()) {
      this.#expired += 1;
      return Promise.reject(this.#held('Too many writes are waiting already.'));
    }
    return new Promise((resolve, reject) => {
      const limitMs = this.#options.holdLimitMs();
      const waiting: Waiting = { since: this.#options.clock.now(), resolve, reject, cancel: () => undefined };
      waiting.cancel = this.#options.clock.after(limitMs, () => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1);
        this.#expired += 1;
        reject(this.#held(`The write waited ${limitMs} ms.`));
      });
      this.#queue.push(waiting);
    });
  }

  #shutDown(): DatabaseError {
    return new DatabaseError('The server is stopping.', { kind: 'closed', outcome: 'not-executed' });
  }

  #held(text: string): DatabaseError {
    const reasons = [...this.#holds.values()].join(' ');
    return new DatabaseError(`${text} ${reasons}`.trim(), { kind: 'held', outcome: 'not-executed' });
  }
}
