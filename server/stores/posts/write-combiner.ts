/** What became of one item of a batch: its result, or the error of this item alone. */
export type ItemOutcome<Result> = { readonly result: Result } | { readonly error: unknown };

export interface WriteCombinerOptions<Item, Result> {
  /** Writes a batch as a whole and says what became of each item, in the items' order. It throws when nothing was written. */
  readonly flush: (batch: readonly Item[]) => Promise<readonly ItemOutcome<Result>[]>;
  /** Items of one key are written in the order of their arrival and never by two flushes at once. */
  readonly keyOf: (item: Item) => string;
  /** Whether a failure of `flush` may be the fault of one item, so that its neighbours deserve a try of their own. */
  readonly isolates: (error: unknown) => boolean;
  /** Whether a failure of `flush` speaks for everything that waits as well, so that nobody has to wait for it again. */
  readonly concernsAll?: (error: unknown) => boolean;
  /** The error of an item that finds the queue full. */
  readonly full: () => Error;
  /** Items in one flush. Default 64. */
  readonly maxBatch?: number;
  /** Items that may wait. Default 2,000. */
  readonly maxWaiting?: number;
  /** Flushes under way at once. Default 2. */
  readonly maxFlushes?: number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly key: string;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Joins the writes that wait at the same moment into one: while a flush is under way the next batch gathers, so nobody
 * waits for company, and the busier it gets the larger the batches are. One commit then serves many callers, and a row
 * that all of them update is locked once instead of once for each.
 */
export class WriteCombiner<Item, Result> {
  readonly #options: Required<WriteCombinerOptions<Item, Result>>;
  #waiting: Waiting<Item, Result>[] = [];
  readonly #busyKeys = new Set<string>();
  #flushes = 0;
  #scheduled = false;

  constructor(options: WriteCombinerOptions<Item, Result>) {
    this.#options = { maxBatch: 64, maxWaiting: 2_000, maxFlushes: 2, concernsAll: () => false, ...options };
  }

  /** Writes `item` with whatever else waits. Resolves with its own result and rejects with its own error. */
  submit(item: Item): Promise<Result> {
    if (this.#waiting.length >= this.#options.maxWaiting) {
      return Promise.reject(this.#options.full());
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, key: this.#options.keyOf(item), resolve, reject });
      this.#schedule();
    });
  }

  /** Everything that arrives in the same turn of the event loop goes along. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#startFlushes();
    });
  }

  #startFlushes(): void {
    while (this.#flushes < this.#options.maxFlushes) {
      const batch = this.#takeBatch();
      if (batch.length === 0) return;
      void this.#run(batch);
    }
  }

  /** The oldest items whose keys are free; the others keep their places. */
  #takeBatch(): Waiting<Item, Result>[] {
    const batch: Waiting<Item, Result>[] = [];
    const rest: Waiting<Item, Result>[] = [];
    for (const waiting of this.#waiting) {
      const fits = batch.length < this.#options.maxBatch && !this.#busyKeys.has(waiting.key);
      (fits ? batch : rest).push(waiting);
    }
    this.#waiting = rest;
    return batch;
  }

  async #run(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    const keys = new Set(batch.map((waiting) => waiting.key));
    for (const key of keys) this.#busyKeys.add(key);
    this.#flushes += 1;
    try {
      await this.#write(batch);
    } finally {
      this.#flushes -= 1;
      for (const key of keys) this.#busyKeys.delete(key);
      this.#startFlushes();
    }
  }

  async #write(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      settle(batch, await this.#options.flush(batch.map((waiting) => waiting.item)));
    } catch (error) {
      if (batch.length === 1 || !this.#options.isolates(error)) {
        const concerned = this.#options.concernsAll(error) ? [...batch, ...this.#waiting.splice(0)] : batch;
        for (const waiting of concerned) waiting.reject(error);
        return;
      }
      for (const waiting of batch) await this.#write([waiting]);
    }
  }
}

function settle<Item, Result>(batch: readonly Waiting<Item, Result>[], outcomes: readonly ItemOutcome<Result>[]): void {
  for (const [index, waiting] of batch.entries()) {
    const outcome = outcomes[index];
    if (outcome === undefined) waiting.reject(new Error('The flush gave no outcome for an item of its batch.'));
    else if ('error' in outcome) waiting.reject(outcome.error);
    else waiting.resolve(outcome.result);
  }
}
