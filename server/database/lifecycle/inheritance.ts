import type { Connection, Dialect, Position } from '../dialect/dialect.ts';
import type { WriteJournal } from '../query/journal.ts';
import type { Topology } from '../topology/index.ts';
import { CarryOver, type CarryOverResult, Incomplete } from './carry-over.ts';
import {
  advice,
  type Descent,
  descentOf,
  find,
  judgeDescent,
  lacksFrom,
  lacksNewest,
  leftTooLongAgo,
  lostWith,
} from './descent.ts';
import type { Live } from './live.ts';
import { LossRefused, Refused } from './refused.ts';

export interface InheritanceDeps {
  readonly live: Live;
  readonly dialect: Dialect;
  readonly journal: WriteJournal;
}

/** The coming master, and a connection to it. */
export interface Heir {
  readonly name: string;
  readonly connection: Connection;
  /** Limit of each statement while writes go on. */
  readonly timeoutMs: number;
  /** It becomes the master even if it cannot have every acknowledged write; default false. */
  readonly acceptsLoss?: boolean;
}

/** Acknowledged writes that a new master does not have. */
export interface Loss {
  /** Why they could not be brought over. */
  readonly why: string;
  /** At most how many; null when nobody can tell. */
  readonly givenUp: number | null;
  /** How many of those that it lacked were brought over. */
  readonly carriedOver: number;
}

/** Where reads of the new master's time begin. */
export interface Beginning {
  readonly floor: Position;
  /** The history is another one: what the journal holds means nothing in it. */
  readonly restartsJournal: boolean;
}

const passesBeforeHold = 6;
const smallPass = 200;

/**
 * Sees to it that a coming master has every write that was acknowledged: brings over what it lacks (docs/adr/0010-carry-over.md)
 * and finds out where its history begins. Call `prepare` and `most` while writes go on, `rest` and `begin` while they are held.
 *
 * Every method throws Refused, naming the heir, when it cannot have everything: LossRefused, where a person may accept that.
 * An heir that `acceptsLoss` gets what is kept, and `loss` tells of the rest.
 */
export class Inheritance {
  readonly #deps: InheritanceDeps;
  readonly #heir: Heir;
  #carryOver: CarryOver | undefined;
  #descent: Descent | undefined;
  /** Why it cannot have everything; undefined when it can. */
  #accepted: string | undefined;
  #loss: Loss | undefined;

  constructor(deps: InheritanceDeps, heir: Heir) {
    this.#deps = deps;
    this.#heir = heir;
  }

  /** What was lost; known after `begin`, undefined when nothing was. */
  get loss(): Loss | undefined {
    return this.#loss;
  }

  async prepare(topology: Topology): Promise<void> {
    const { dialect, journal } = this.#deps;
    const { connection, timeoutMs, acceptsLoss = false } = this.#heir;
    const { newest } = journal;
    const found = await find(this.#heir, dialect);
    const descent = descentOf(topology, found);
    this.#descent = descent;
    const { lacking } = judgeDescent(descent, journal, dialect.reached(found.reading.position, newest));
    if (lacking !== undefined) this.#accept(lacking.why);
    if (descent.kind === 'same' && lacking === undefined) return;
    const fork = lacksFrom(descent);
    this.#carryOver = new CarryOver({ journal, dialect, connection, fork, acceptsLoss, timeoutMs });
  }

  #accept(why: string): void {
    if (this.#heir.acceptsLoss !== true) throw new LossRefused(this.#named(`${why} ${advice}`));
    this.#accepted = why;
  }

  /** Passes while writes go on, until the rest is small enough to be done while they are held. */
  async most(): Promise<void> {
    for (let pass = 0; pass < passesBeforeHold; pass++) {
      const result = await this.rest(this.#heir.timeoutMs);
      if (result === undefined || result.lastPass <= smallPass) return;
    }
  }

  /** The writes since the last pass; undefined when nothing needs to be brought over. */
  async rest(timeoutMs: number): Promise<CarryOverResult | undefined> {
    try {
      return await this.#carryOver?.pass(timeoutMs);
    } catch (error) {
      const text = this.#named(error instanceof Error ? error.message : String(error));
      throw error instanceof Incomplete ? new LossRefused(text, { cause: error }) : new Refused(text, { cause: error });
    }
  }

  async begin(timeoutMs: number): Promise<Beginning> {
    const { dialect, journal } = this.#deps;
    const answer = await this.#heir.connection.execute(dialect.masterPosition, [], timeoutMs);
    const floor = dialect.positionOf(answer.rows);
    if (floor === null) throw new Refused('The new master does not tell its position.');
    if (this.#carryOver === undefined && !dialect.reached(floor, journal.newest)) {
      throw new LossRefused(this.#named(`${lacksNewest} ${advice}`));
    }
    this.#loss = this.#lossOf(this.#carryOver);
    return { floor, restartsJournal: this.#carryOver !== undefined };
  }

  /** Asked before the journal starts anew. */
  #lossOf(carryOver: CarryOver | undefined): Loss | undefined {
    if (carryOver === undefined || this.#descent === undefined) return undefined;
    const { applied, refused } = carryOver.counts;
    const isIncomplete = this.#accepted !== undefined || carryOver.isIncomplete;
    if (!isIncomplete && refused === 0) return undefined;
    const lost = isIncomplete ? lostWith(this.#descent, this.#deps.journal) : 0;
    const why = this.#accepted ?? (isIncomplete ? leftTooLongAgo : 'It refuses writes that are carried over to it.');
    return { why, givenUp: lost === null ? null : lost + refused, carriedOver: applied };
  }

  /** Reports what was brought over, for the event log. */
  tell(result: CarryOverResult | undefined): void {
    if (result === undefined || result.applied + result.present === 0) return;
    const { name } = this.#heir;
    const { applied, present } = result;
    this.#deps.live.report({
      kind: 'writes_carried_over',
      severity: 'info',
      source: name,
      text: `${applied} acknowledged writes were carried over to ${name}, which had left its former master before them.`,
      detail: { applied, present },
    });
  }

  #named(text: string): string {
    return `${this.#heir.name} (master): ${text}`;
  }
}
