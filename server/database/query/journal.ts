import type { Position } from '../dialect/dialect.ts';
import type { BoundStatement } from './statement.ts';

/** An acknowledged write: the statements of one transaction, and the position by which it was flushed. */
export interface JournalEntry {
  /** Rises by one with each entry. */
  readonly sequence: number;
  readonly statements: readonly BoundStatement[];
  readonly position: Position;
  readonly at: number;
}

/** Bounds of the journal. A switch that would need what was dropped is refused. */
const entriesMaximum = 20_000;
const keepMs = 15 * 60_000;
const compactAt = 4_096;

/**
 * The writes that were acknowledged and that some replica may not have yet. When such a replica becomes the master -
 * promoted by an admin while the old master went on taking posts, or after a crash - they are carried over to it
 * (docs/adr/0010-carry-over.md). Entries stand in the order of acknowledgement.
 */
export class WriteJournal {
  readonly #entries: JournalEntry[] = [];
  #first = 0;
  #sequence = 0;
  /** Everything after this position is here, or every replica had it when it was forgotten. */
  #droppedUpTo: Position;
  /** Everything after this position is here. */
  #forgottenUpTo: Position;

  /** @param position where the master stood when the journal began. */
  constructor(position: Position) {
    this.#droppedUpTo = position;
    this.#forgottenUpTo = position;
  }

  get size(): number {
    return this.#entries.length - this.#first;
  }

  add(statements: readonly BoundStatement[], position: Position, at: number): void {
    this.#sequence += 1;
    this.#entries.push({ sequence: this.#sequence, statements, position, at });
    const oldest = this.#entries[this.#first];
    if (oldest !== undefined && (this.size > entriesMaximum || at - oldest.at > keepMs)) {
      this.#droppedUpTo = oldest.position;
      this.#forgetFirst(oldest);
    }
  }

  /** Forgets what every replica has reached. */
  forgetUpTo(position: Position): void {
    for (let oldest = this.#entries[this.#first]; oldest !== undefined; oldest = this.#entries[this.#first]) {
      if (oldest.position > position) break;
      this.#forgetFirst(oldest);
    }
  }

  /**
   * The entries that a database may lack which left the master's history at `fork`, in order.
   *
   * @param fork null when it cannot be told: then all entries.
   * @param wasReplica it was watched as a replica all the time, so what was forgotten is there.
   * @returns undefined when some of the missing entries are gone: nobody can tell any more what it lacks.
   */
  missing(fork: Position | null, wasReplica: boolean): readonly JournalEntry[] | undefined {
    const completeAfter = wasReplica ? this.#droppedUpTo : this.#forgottenUpTo;
    if (fork === null) return wasReplica ? this.#entries.slice(this.#first) : undefined;
    if (fork < completeAfter) return undefined;
    return this.#entries.slice(this.#first).filter((entry) => entry.position > fork);
  }

  /** Starts anew on another master, which had everything when it stood at `position`. */
  startAt(position: Position): void {
    this.#entries.length = 0;
    this.#first = 0;
    this.#droppedUpTo = position;
    this.#forgottenUpTo = position;
  }

  #forgetFirst(oldest: JournalEntry): void {
    this.#forgottenUpTo = oldest.position;
    this.#first += 1;
    if (this.#first < compactAt) return;
    this.#entries.splice(0, this.#first);
    this.#first = 0;
  }
}
