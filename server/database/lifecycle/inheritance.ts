import type { Connection, Dialect, Position } from '../dialect/dialect.ts';
import type { WriteJournal } from '../query/journal.ts';
import type { Topology } from '../topology/index.ts';
import { CarryOver, type CarryOverResult } from './carry-over.ts';
import type { Live } from './live.ts';
import { planCarryOver } from './plan-carry-over.ts';
import { Refused } from './refused.ts';

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
 * Every method throws Refused, naming the heir, when it cannot have everything.
 */
export class Inheritance {
  readonly #deps: InheritanceDeps;
  readonly #heir: Heir;
  #carryOver: CarryOver | undefined;

  constructor(deps: InheritanceDeps, heir: Heir) {
    this.#deps = deps;
    this.#heir = heir;
  }

  async prepare(topology: Topology): Promise<void> {
    const { dialect, journal } = this.#deps;
    const { name, connection, timeoutMs } = this.#heir;
    const plan = await planCarryOver({ topology, name, dialect, connection, timeoutMs });
    if ('refusal' in plan) throw this.#refusal(plan.refusal);
    const { fork } = plan;
    if (fork !== null) this.#carryOver = new CarryOver({ journal, dialect, connection, fork, timeoutMs });
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
      throw this.#refusal(error instanceof Error ? error.message : String(error), error);
    }
  }

  async begin(timeoutMs: number): Promise<Beginning> {
    const { dialect, journal } = this.#deps;
    const answer = await this.#heir.connection.execute(dialect.masterPosition, [], timeoutMs);
    const floor = dialect.positionOf(answer.rows);
    if (floor === null) throw new Refused('The new master does not tell its position.');
    if (this.#carryOver === undefined && floor < journal.newest) {
      throw this.#refusal('It lacks writes that were acknowledged. Rebuild it.');
    }
    return { floor, restartsJournal: this.#carryOver !== undefined };
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

  #refusal(text: string, cause?: unknown): Refused {
    return new Refused(`${this.#heir.name} (master): ${text}`, { cause });
  }
}
