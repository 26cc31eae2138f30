import type { OutboxEntry } from './entry.ts';
import { failureOf, isFinal } from './retry.ts';

/** A message that the server has confirmed, as it was sent. */
export interface SentEntry {
  readonly id: string;
  readonly userId: string;
  /** What would be sent again. */
  readonly entry: OutboxEntry;
  /** When it was confirmed (ms). */
  readonly sentAt: number;
}

/** Where confirmed messages survive a reload. A failure costs the ledger, never a message on its way. */
export interface LedgerStorage {
  all(userId: string): Promise<SentEntry[]>;
  put(entry: SentEntry): Promise<void>;
  remove(id: string): Promise<void>;
}

export interface LedgerDeps {
  readonly userId: string;
  readonly storage: LedgerStorage;
  /** Which of these ids the master has. Throws an object with `status`. */
  readonly stored: (ids: readonly string[]) => Promise<readonly string[]>;
  readonly clock: { now(): number; after(milliseconds: number, run: () => void): () => void };
  /** Takes back a message that the server has confirmed and does not have any more. */
  readonly restore: (entry: OutboxEntry) => void;
}

/** A database that was lost together with older messages is a matter for its backup. */
const keptFor = 15 * 60_000;
/** So many ids go into one question. */
const askedAtOnce = 200;
/** Answers that were under way during the change are noted a little late: it is asked once more. */
const secondLook = 10_000;

/**
 * The messages of the last 15 minutes that the server has confirmed. When the master was changed by force, some of them
 * may be gone: it asks which are there and gives the others back to the outbox.
 */
export class SentLedger {
  readonly #deps: LedgerDeps;
  #turn = 0;
  #stopWaiting: () => void = () => undefined;

  constructor(deps: LedgerDeps) {
    this.#deps = deps;
  }

  /** Remembers a confirmed message. */
  note(entry: OutboxEntry): void {
    const { storage, userId, clock } = this.#deps;
    storage.put({ id: entry.id, userId, entry, sentAt: clock.now() }).catch(() => undefined);
  }

  /** The message has another text now. */
  async amend(id: string, message: string): Promise<void> {
    const known = (await this.#all()).find((sent) => sent.id === id);
    if (known) await this.#deps.storage.put({ ...known, entry: { ...known.entry, message } }).catch(() => undefined);
  }

  /** The message was deleted: it must not come back. */
  forget(id: string): void {
    this.#deps.storage.remove(id).catch(() => undefined);
  }

  /** Looks whether all of them are still there; tries until the master answers. A later call takes over. */
  check(): void {
    this.#turn += 1;
    void this.#look(this.#turn, 500, true);
  }

  close(): void {
    this.#turn += 1;
    this.#stopWaiting();
  }

  async #look(turn: number, wait: number, again: boolean): Promise<void> {
    if (turn !== this.#turn) return;
    this.#stopWaiting();
    try {
      await this.#lookOnce();
      if (again) this.#later(turn, secondLook, () => this.#look(turn, wait, false));
    } catch (error) {
      if (!isFinal(failureOf(error))) this.#later(turn, wait, () => this.#look(turn, Math.min(5_000, wait * 2), again));
    }
  }

  #later(turn: number, milliseconds: number, run: () => Promise<void>): void {
    if (turn === this.#turn) this.#stopWaiting = this.#deps.clock.after(milliseconds, () => void run());
  }

  async #lookOnce(): Promise<void> {
    const sent = await this.#recent();
    for (let from = 0; from < sent.length; from += askedAtOnce) {
      const part = sent.slice(from, from + askedAtOnce);
      const stored = new Set(await this.#deps.stored(part.map(({ id }) => id)));
      for (const { id, entry } of part) {
        if (stored.has(id)) continue;
        this.#deps.restore(entry);
        this.forget(id);
      }
    }
  }

  /** Oldest first, without those that are too old. */
  async #recent(): Promise<SentEntry[]> {
    const oldest = this.#deps.clock.now() - keptFor;
    const all = await this.#all();
    for (const { id, sentAt } of all) if (sentAt < oldest) this.forget(id);
    return all.filter(({ sentAt }) => sentAt >= oldest).toSorted((a, b) => a.entry.order - b.entry.order);
  }

  #all(): Promise<SentEntry[]> {
    return this.#deps.storage.all(this.#deps.userId).catch(() => []);
  }
}
