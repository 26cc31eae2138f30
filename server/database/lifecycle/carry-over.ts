import type { Connection, Dialect, Position } from '../dialect/dialect.ts';
import { callsOf } from '../query/compile.ts';
import type { JournalEntry, WriteJournal } from '../query/journal.ts';

export interface CarryOverResult {
  readonly applied: number;
  /** Entries that the new master refused as duplicates: it had them already. */
  readonly present: number;
  /** How many entries the last pass had to handle: small when the next one will be short. */
  readonly lastPass: number;
}

const windowSize = 128;

/**
 * Brings acknowledged writes that a promoted database lacks to that database: those of the journal past the position
 * at which it left the old master. Statements carry ids and times made by this server, so repeating them gives the
 * same rows.
 *
 * Done in two passes: `catchUp` while writes go on, `finish` when they are held, for the few that came since.
 */
export class CarryOver {
  readonly #journal: WriteJournal;
  readonly #dialect: Dialect;
  readonly #connection: Connection;
  readonly #fork: Position;
  readonly #timeoutMs: number;
  #doneUpTo = -1;
  #applied = 0;
  #present = 0;

  constructor(deps: {
    journal: WriteJournal;
    dialect: Dialect;
    connection: Connection;
    fork: Position;
    timeoutMs: number;
  }) {
    this.#journal = deps.journal;
    this.#dialect = deps.dialect;
    this.#connection = deps.connection;
    this.#fork = deps.fork;
    this.#timeoutMs = deps.timeoutMs;
  }

  /**
   * Applies what the journal holds beyond the last pass.
   *
   * @param timeoutMs limit of each statement; default: that of any statement.
   * @throws Error when some of the missing writes are not in the journal any more, or are refused.
   */
  async pass(timeoutMs = this.#timeoutMs): Promise<CarryOverResult> {
    const todo = this.#journal.missing(this.#fork, this.#doneUpTo);
    if (todo === undefined) {
      throw new Error(
        'It left the old master too long ago: writes acknowledged since then cannot be carried over and would be lost. Rebuild it and let it catch up.',
      );
    }
    for (let start = 0; start < todo.length; start += windowSize) {
      const window = todo.slice(start, start + windowSize);
      // Sent together, answered in order: a round trip for the window, a transaction for each entry.
      await this.#connection.together(() => Promise.all(window.map((entry) => this.#apply(entry, timeoutMs))));
      this.#doneUpTo = window.at(-1)?.sequence ?? this.#doneUpTo;
    }
    return { applied: this.#applied, present: this.#present, lastPass: todo.length };
  }

  async #apply(entry: JournalEntry, timeoutMs: number): Promise<void> {
    try {
      await this.#connection.writeAll(callsOf(this.#dialect, entry.statements), timeoutMs);
      this.#applied += 1;
    } catch (error) {
      if (this.#dialect.classify(error, true).kind !== 'unique') throw error;
      this.#present += 1;
    }
  }
}
