/** Gives a turn back; more than once does no harm. */
export type EndTurn = () => void;

/** One change of the master at a time: whoever moves it - recycle, switchover, failover - takes a turn first. */
export class Turns {
  #taken = false;
  readonly #waiting: (() => void)[] = [];

  /** A turn, or undefined while somebody else has it or waits for it. */
  tryTake(): EndTurn | undefined {
    if (this.#taken) return undefined;
    this.#taken = true;
    return this.#endOnce();
  }

  /** Waits for a turn, first come, first served. */
  async take(): Promise<EndTurn> {
    if (this.#taken) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#taken = true;
    return this.#endOnce();
  }

  #endOnce(): EndTurn {
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      const next = this.#waiting.shift();
      // Handed over, not freed: nobody comes in between.
      if (next === undefined) this.#taken = false;
      else next();
    };
  }
}
