/** A map that holds at most `capacity` entries and forgets the one that was not asked for the longest. */
export class LruMap<K, V> {
  // A Map keeps the order of insertion: what is used is taken out and put in again, so the oldest is the first.
  readonly #entries = new Map<K, V>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: K): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  set(key: K, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > this.#capacity) this.#entries.delete(this.#entries.keys().next().value as K);
  }

  delete(key: K): void {
    this.#entries.delete(key);
  }

  /** All entries, the longest unused first; deleting while looking is fine. */
  entries(): Iterable<[K, V]> {
    return this.#entries;
  }

  get size(): number {
    return this.#entries.size;
  }
}
