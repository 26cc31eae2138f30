import type { Connection, Dialect, Position } from '../dialect/dialect.ts';
import { advice, leftTooLongAgo } from './descent.ts';
import { callsOf } from '../query/compile.ts';
import type { JournalEntry, WriteJournal } from '../query/journal.ts';

/** Some of the acknowledged writes that a database lacks are nowhere any more. */
export class Incomplete extends Error {}

export interface CarryOverResult {
  readonly applied: number;
  /** Entries that the new master refused as duplicates: it had them already. */
  readonly present: number;
  /** How many entries the last pass had to handle: small when the next one will be short. */
  readonly lastPass: number;
}

export interface CarryOverDeps {
  readonly journal: WriteJournal;
  readonly dialect: Dialect;
  readonly connection: Connection;
  /** Where the promoted database left; null, when nobody can tell: it gets everything that is kept. */
  readonly fork: Position | null;
  /** Bring over what is kept, even if that is not everything. */
  readonly acceptsLoss: boolean;
  readonly timeoutMs: number;
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
  readonly #fork: Position | null;
  readonly #acceptsLoss: boolean;
  readonly #timeoutMs: number;
  #doneUpTo = -1;
  #applied = 0;
  #present = 0;
  #refused = 0;
  #isIncomplete = false;

  constructor(deps: CarryOverDeps) {
    this.#journal = deps.journal;
    this.#dialect = deps.dialect;
    this.#connection = deps.connection;
    this.#fork = deps.fork;
    this.#acceptsLoss = deps.acceptsLoss;
    this.#timeoutMs = deps.timeoutMs;
  }

  /** Whether some of the missing writes were not in the journal any more. */
  get isIncomplete(): boolean {
    return this.#isIncomplete;
  }

  /** How many entries were executed, and how many the new master refused although it lacks them. */
  get counts(): { readonly applied: number; readonly refused: number } {
    return { applied: this.#applied, refused: this.#refused };
  }

  /**
   * Applies what the journal holds beyond the last pass.
   *
   * @param timeoutMs limit of each statement; default: that of any statement.
   * @throws Incomplete when some of the missing writes are not in the journal any more, and the database's error when one is
   *   refused; neither where losses are accepted.
   */
  async pass(timeoutMs = this.#timeoutMs): Promise<CarryOverResult> {
    const todo = this.#todo();
    for (let start = 0; start < todo.length; start += windowSize) {
      const window = todo.slice(start, start + windowSize);
      // Sent together, answered in order: a round trip for the window, a transaction for each entry.
      await this.#connection.together(() => Promise.all(window.map((entry) => this.#apply(entry, timeoutMs))));
      this.#doneUpTo = window.at(-1)?.sequence ?? this.#doneUpTo;
    }
    return { applied: this.#applied, present: this.#present, lastPass: todo.length };
  }

  #todo(): readonly JournalEntry[] {
    const todo = this.#fork === null ? undefined : this.#journal.missing(this.#fork, this.#doneUpTo);
    if (todo !== undefined) return todo;
    if (!this.#acceptsLoss) throw new Incomplete(`${leftTooLongAgo} ${advice}`);
    this.#isIncomplete = true;
    return this.#journal.kept(this.#fork, this.#doneUpTo);
  }

  async #apply(entry: JournalEntry, timeoutMs: number): Promise<void> {
    try {
      await this.#connection.writeAll(callsOf(this.#dialect, entry.statements), timeoutMs);
      this.#applied += 1;
    } catch (error) {
      const { kind } = this.#dialect.classify(error, true);
      if (kind === 'unique') this.#present += 1;
      // It may need a row that was lost.
      else if (kind === 'statement' && this.#acceptsLoss) this.#refused += 1;
      else throw error;
    }
  }
}
