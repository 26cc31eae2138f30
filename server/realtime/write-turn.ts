/** Something that has data to write at the end of the turn. */
export interface TurnWriter {
  flush(): void;
  /** `flush` has thrown. */
  failed(error: unknown): void;
}

/**
 * The turn of the event loop, by which sockets write: the first event of a turn at once, all further ones joined at
 * its end. Posts are committed in batches, so several events for the same thousand sockets come in one turn, and nearly
 * all the cost of a delivery is its system call: a batch costs two of them per socket, however many posts it has.
 */
export class WriteTurn {
  #number = 0;
  #isScheduled = false;
  #writers: TurnWriter[] = [];

  /** The number of this turn; no other turn has it. */
  current(): number {
    if (!this.#isScheduled) {
      this.#isScheduled = true;
      setImmediate(() => this.#end());
    }
    return this.#number;
  }

  /** Calls `flush` of the writer at the end of this turn. */
  add(writer: TurnWriter): void {
    this.#writers.push(writer);
    this.current();
  }

  #end(): void {
    const writers = this.#writers;
    this.#writers = [];
    this.#isScheduled = false;
    this.#number += 1;
    for (const writer of writers) {
      try {
        writer.flush();
      } catch (error) {
        writer.failed(error);
      }
    }
  }
}
