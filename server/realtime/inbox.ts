/** Actions that may wait for their turn on one connection, and how many a connection may send per second on average. */
const waitingLimit = 64;
const ratePerSecond = 20;
const burst = 60;

/** What becomes of an action: its turn comes, or the connection sends more than a client ever would. */
export type Admission = 'taken' | 'too-fast' | 'flood';

/**
 * The actions of one connection, one after the other in the order of their arrival, at a bounded rate: each of them may
 * cost an event to a thousand others.
 */
export class Inbox {
  readonly #now: () => number;
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;
  #tokens = burst;
  #filledAt: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#filledAt = now();
  }

  /** Queues `work`, which must not throw. */
  take(work: () => Promise<void>): Admission {
    if (this.#waiting >= waitingLimit) return 'flood';
    if (!this.#spend()) return 'too-fast';
    this.#waiting += 1;
    this.#last = this.#last.then(work).finally(() => {
      this.#waiting -= 1;
    });
    return 'taken';
  }

  #spend(): boolean {
    const now = this.#now();
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAt) / 1_000) * ratePerSecond);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
