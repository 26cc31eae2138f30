/** What faults hold of a node: connections, queries, disks. Each is given back once, by whoever comes first. */
export class Held {
  readonly #undo = new Set<() => Promise<void>>();

  /** Remembers what must be given back; the returned call gives it back. */
  add(giveBack: () => Promise<void>): () => Promise<void> {
    const undo = async (): Promise<void> => {
      if (this.#undo.delete(undo)) await giveBack();
    };
    this.#undo.add(undo);
    return undo;
  }

  async giveBackAll(): Promise<void> {
    for (const undo of [...this.#undo]) await undo();
  }
}
