/** Somebody does not want it any more; everything is as it was before. */
export class Cancelled extends Error {}

/** Ends the waiting of an operation when its signal is aborted. */
export class Cancellation {
  readonly #signal: AbortSignal | undefined;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** @throws Cancelled from the abort on. */
  check(): void {
    if (this.#signal?.aborted === true) throw new Cancelled();
  }

  /**
   * The result of `work`, whose failure matters to nobody once this has ended.
   *
   * @param late is given a result that comes after the abort, so that it can be given back.
   * @throws Cancelled at the abort, however long `work` still takes.
   */
  async during<T>(work: Promise<T>, late: (result: T) => void = () => undefined): Promise<T> {
    const signal = this.#signal;
    if (signal === undefined) return work;
    let cancel: () => void = () => undefined;
    const cancelled = new Promise<never>((_, reject) => {
      cancel = () => reject(new Cancelled());
      signal.addEventListener('abort', cancel, { once: true });
    });
    if (signal.aborted) cancel();
    try {
      return await Promise.race([cancelled, work]);
    } catch (error) {
      if (error instanceof Cancelled) void work.then(late, () => undefined);
      throw error;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }
}
