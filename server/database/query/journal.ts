import type { Position, Reached } from '../dialect/dialect.ts';
import type { BoundStatement } from './statement.ts';

/** An acknowledged write: the statements of one transaction, and the position by which it was flushed. */
export interface JournalEntry {
  /** Rises by one with each entry. */
  readonly sequence: number;
  readonly statements: readonly BoundStatement[];
  readonly position: Position;
  readonly at: number;
  /** About how many characters it holds. */
  readonly size: number;
}

/** Bounds of the journal. A switch that would need what was dropped is refused. */
const entriesMaximum = 20_000;
const sizeMaximum = 64_000_000;
const keepMs = 15 * 60_000;
const compactAt = 4_096;

function sizeOf(statements: readonly BoundStatement[]): number {
  let size = 0;
  for (const { values } of statements) for (const value of values) size += typeof value === 'string' ? value.length : 8;
  return size;
}

/**
 * The writes that were acknowledged and that some replica may not have yet. When such a replica becomes the master -
 * promoted by an admin while the old master went on taking posts, or after a crash - they are carried over to it
 * (docs/adr/0010-carry-over.md). Entries stand in the order of acknowledgement, which is nearly that of their positions.
 * All positions are of one history; `startAt` begins another.
 */
export class WriteJournal {
  readonly #entries: JournalEntry[] = [];
  readonly #reached: Reached;
  #first = 0;
  #sequence = 0;
  #size = 0;
  /** Every entry after this position is here; and so is every one of a higher sequence. */
  #forgottenUpTo: Position;
  #forgottenSequence = 0;
  #newest: Position;
  #startedAt: Position;
  /** Entries that were dropped for want of room or for their age, and that some replica has not been seen to have. */
  #dropped = 0;

  /** @param position where the master stood when the journal began. */
  constructor(position: Position, reached: Reached) {
    this.#reached = reached;
    this.#forgottenUpTo = position;
    this.#newest = position;
    this.#startedAt = position;
  }

  get size(): number {
    return this.#entries.length - this.#first;
  }

  /** The highest position that any write was acknowledged at. */
  get newest(): Position {
    return this.#newest;
  }

  /** How many acknowledged writes no database has, of those that have everything up to `positions`; as far as they are known. */
  countBeyond(positions: readonly Position[]): number {
    let count = 0;
    // Positions nearly follow the order of the entries: the newest ones are the missing ones.
    for (let i = this.#entries.length - 1; i >= this.#first; i--) {
      const entry = this.#entries[i];
      if (entry === undefined || positions.some((position) => this.#reached(position, entry.position))) break;
      count += 1;
    }
    return count;
  }

  add(statements: readonly BoundStatement[], position: Position, at: number): void {
    this.#sequence += 1;
    const size = sizeOf(statements);
    this.#size += size;
    if (!this.#reached(this.#newest, position)) this.#newest = position;
    this.#entries.push({ sequence: this.#sequence, statements, position, at, size });
    for (let oldest = this.#oldest; oldest !== undefined && this.#isOverfull(oldest, at); oldest = this.#oldest) {
      this.#forget(oldest);
      this.#dropped += 1;
    }
  }

  /** Forgets what every replica has; `positions` are where they are. */
  forgetUpTo(positions: readonly Position[]): void {
    const isShared = (entry: JournalEntry): boolean =>
      positions.every((position) => this.#reached(position, entry.position));
    for (let oldest = this.#oldest; oldest !== undefined && isShared(oldest); oldest = this.#oldest) {
      this.#forget(oldest);
    }
    if (positions.every((position) => this.#reached(position, this.#forgottenUpTo))) this.#dropped = 0;
  }

  /**
   * The entries that a database lacks which left the master's history at `fork`, in order.
   *
   * @param doneUpTo sequence of the last entry that was brought over already.
   * @returns undefined when some of them are gone: nobody can tell any more what it lacks.
   */
  missing(fork: Position, doneUpTo = -1): readonly JournalEntry[] | undefined {
    if (!this.#reached(fork, this.#forgottenUpTo) && doneUpTo < this.#forgottenSequence) return undefined;
    return this.kept(fork, doneUpTo);
  }

  /**
   * What is left of the entries that a database lacks which left the master's history at `fork`, in order; all of them when
   * nobody can tell where it left (null). Unlike `missing` it does not say whether that is everything.
   */
  kept(fork: Position | null, doneUpTo = -1): readonly JournalEntry[] {
    return this.#entries
      .slice(this.#first)
      .filter((entry) => entry.sequence > doneUpTo && (fork === null || !this.#reached(fork, entry.position)));
  }

  /**
   * At most how many acknowledged writes are neither here nor on a database that left the master's history at `fork`; null
   * when it left before the journal began.
   */
  lostBeyond(fork: Position): number | null {
    if (this.#reached(fork, this.#forgottenUpTo)) return 0;
    return this.#reached(fork, this.#startedAt) ? this.#dropped : null;
  }

  /** Starts anew in another history, whose master had everything when it stood at `position`. */
  startAt(position: Position): void {
    this.#entries.length = 0;
    this.#first = 0;
    this.#size = 0;
    this.#forgottenUpTo = position;
    this.#forgottenSequence = this.#sequence;
    this.#newest = position;
    this.#startedAt = position;
    this.#dropped = 0;
  }

  get #oldest(): JournalEntry | undefined {
    return this.#entries[this.#first];
  }

  #isOverfull(oldest: JournalEntry, now: number): boolean {
    return this.size > entriesMaximum || this.#size > sizeMaximum || now - oldest.at > keepMs;
  }

  #forget(oldest: JournalEntry): void {
    if (!this.#reached(this.#forgottenUpTo, oldest.position)) this.#forgottenUpTo = oldest.position;
    this.#forgottenSequence = oldest.sequence;
    this.#size -= oldest.size;
    this.#first += 1;
    if (this.#first < compactAt) return;
    this.#entries.splice(0, this.#first);
    this.#first = 0;
  }
}
