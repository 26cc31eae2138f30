/** So many actions may wait for their turn on one connection. */
const waitingLimit = 64;

/** The actions of one connection, one after the other in the order of their arrival. */
export class Inbox {
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;

  /** Queues `work`, which must not throw; false when the client sends more than gets done. */
  take(work: () => Promise<void>): boolean {
    if (this.#waiting >= waitingLimit) return false;
    this.#waiting += 1;
    this.#last = this.#last.then(work).finally(() => {
      this.#waiting -= 1;
    });
    return true;
  }
}
