import { type Clock, pause, systemClock } from '../../clock.ts';
import type { Connection, Dialect, ProbeReading } from '../../dialect/dialect.ts';
import { dialectOf } from '../../dialect/index.ts';
import { DatabaseError } from '../../errors.ts';
import type { DatabaseSettings } from '../../settings/settings.ts';
import type { MarkStore } from '../failover/epoch.ts';
import { closeContact, type Contact, contact } from './contact.ts';
import { aboutReplica } from './facts.ts';
import { finishPromotion } from './finish-promotion.ts';
import type { SwitchoverNote, SwitchoverNotes } from './note.ts';
import { repointReplicas } from './replicas.ts';
import { undoFence } from './undo-fence.ts';

/** What became of a switchover that the last run of this server left unfinished. */
export type Settled =
  | { readonly outcome: 'nothing' }
  /** `undone`: the old master accepts writes again. `moved`: `master` is the master, whatever the settings say. */
  | { readonly outcome: 'undone' | 'moved'; readonly master: string; readonly text: string };

export interface SettleDeps {
  readonly clock?: Clock;
  readonly dialect?: Dialect;
  /** Which database was the master when this server ran last: not the first one, when a promotion was followed. */
  readonly marks?: MarkStore;
}

const nothing: Settled = { outcome: 'nothing' };
/** How long one that was told to become the master may take for it, before a person must look. */
const promotionLimitMs = 10_000;
const pollMs = 100;
const unfenceLimitMs = 5_000;

/**
 * Ends a switchover in whose middle this server died: undoes it when nobody was promoted, completes it when somebody was.
 * Call it before the databases are opened.
 *
 * @throws DatabaseError when that cannot be told; the message says exactly what to do.
 */
export async function settleSwitchover(
  settings: DatabaseSettings,
  notes: SwitchoverNotes,
  deps: SettleDeps = {},
): Promise<Settled> {
  const note = await notes.read();
  if (note === undefined) return nothing;
  if (!(await isConcerned(settings.sources[0].source.name, note, deps.marks))) {
    await notes.clear();
    return nothing;
  }
  return new Settlement(settings, notes, note, deps).run();
}

/** Otherwise somebody has changed the configuration since: it says what is wanted. */
async function isConcerned(first: string, { from, to }: SwitchoverNote, marks?: MarkStore): Promise<boolean> {
  if (first === from || first === to) return first === from;
  const last = (await marks?.read())?.master;
  return last === from || last === to;
}

class Settlement {
  readonly #settings: DatabaseSettings;
  readonly #notes: SwitchoverNotes;
  readonly #note: SwitchoverNote;
  readonly #clock: Clock;
  readonly #dialect: Dialect;

  constructor(settings: DatabaseSettings, notes: SwitchoverNotes, note: SwitchoverNote, deps: SettleDeps) {
    this.#settings = settings;
    this.#notes = notes;
    this.#note = note;
    this.#clock = deps.clock ?? systemClock;
    this.#dialect = deps.dialect ?? dialectOf(settings.sources[0].source.driver);
  }

  async run(): Promise<Settled> {
    const contacts = await this.#contactAll();
    try {
      return await this.#judge(contacts);
    } finally {
      await Promise.all(contacts.map(closeContact));
    }
  }

  #contactAll(): Promise<Contact[]> {
    const { connectTimeoutMs } = this.#settings;
    const deps = { dialect: this.#dialect, clock: this.#clock, connectTimeoutMs };
    return Promise.all(this.#settings.sources.map((one) => contact(deps, one)));
  }

  async #judge(contacts: readonly Contact[]): Promise<Settled> {
    const { from, to, phase, emergency } = this.#note;
    const find = (name: string) => contacts.find((one) => one.name === name);
    const [old, heir] = [find(from), find(to)];
    const other = contacts.find((one) => one !== old && one !== heir && isMasterBeside(one, old));
    if (other?.source === this.#settings.sources[0].source) return this.#chosen();
    if (other !== undefined) {
      throw this.#stuck(
        `${other.name} accepts writes, too. Decide which one is the master and put it first in DataSource.`,
      );
    }
    if (heir === undefined || old === undefined) throw this.#stuck(`${to} is not in the configuration any more.`);
    if (phase === 'promoting' && this.#wasTakenBack(old, heir)) return this.#chosen();
    if (isMasterBeside(heir, old) || (await this.#becomesMaster(heir, old))) {
      return this.#moved(
        heir,
        contacts.filter((one) => one !== old && one !== heir),
      );
    }
    if (phase === 'moved') throw this.#stuck(`${to} is the master since then and ${whyNotMaster(heir)}. Start it.`);
    if (emergency || old.connection === undefined) return nothing;
    return this.#undone(old, heir);
  }

  /** The promotion was interrupted, and a person has opened the old one instead, which lacks nothing of the new one. */
  #wasTakenBack({ reading: old }: Contact, { reading: heir }: Contact): boolean {
    if (old?.role !== 'master' || heir?.role !== 'read-only') return false;
    return this.#dialect.reached(old.position, heir.position);
  }

  /** One that was told and follows nobody any more is about to; one that still follows was never told. */
  async #becomesMaster(heir: Contact, old: Contact): Promise<boolean> {
    if (this.#note.phase !== 'promoting') return false;
    if (heir.connection === undefined) {
      throw this.#stuck(
        `${heir.name} may have been promoted and ${whyNotMaster(heir)}. Start it, then start this server.`,
      );
    }
    const deadline = this.#clock.now() + promotionLimitMs;
    do {
      const reading = await this.#dialect.probe(heir.connection, promotionLimitMs);
      if (reading.role === 'master') return true;
      if (reading.role === 'replica' && reading.receiving) return false;
      // It had everything before it was told, and nothing was written since.
      if (old.reading?.role === 'read-only') await this.#finish(heir.connection, reading);
      await pause(this.#clock, pollMs);
    } while (this.#clock.now() < deadline);
    throw this.#stuck(
      `${heir.name} was told to become the master and is none yet. Wait until it is, or stop it for good; then start this server.`,
    );
  }

  /** One that cannot be told again may be a master by now: it is looked at once more. */
  async #finish(heir: Connection, reading: ProbeReading): Promise<void> {
    const deps = { dialect: this.#dialect, clock: this.#clock };
    await finishPromotion(deps, heir, reading, unfenceLimitMs).catch(() => undefined);
  }

  /** Another one accepts writes and was put first meanwhile. */
  async #chosen(): Promise<Settled> {
    await this.#notes.clear();
    return nothing;
  }

  async #moved(heir: Contact, replicas: readonly Contact[]): Promise<Settled> {
    const { from, to } = this.#note;
    await this.#notes.write({ ...this.#note, phase: 'moved' });
    const left = await this.#followReplicas(heir, replicas);
    const done = `The switchover to ${to} is completed: it is the master. ${from} stays fenced until it is made a replica.`;
    const toDo = this.#dialect.switching.lasting({ former: from, master: to });
    const text = [done, ...left, toDo].join(' ').trim();
    return { outcome: 'moved', master: to, text };
  }

  /** The interrupted run may not have come to it. Answers with what is left for a person. */
  async #followReplicas(heir: Contact, replicas: readonly Contact[]): Promise<readonly string[]> {
    const { connection, source } = heir;
    if (connection === undefined) return [];
    const dialect = this.#dialect;
    // It is taken into use: where the engine does not count promotions, the others know it by that.
    await dialect.adopt(connection, promotionLimitMs);
    const { timeline } = await dialect.probe(connection, promotionLimitMs);
    const astray = replicas.filter(({ reading }) => !(reading?.receiving === true && reading.timeline === timeline));
    const answers = await Promise.all(astray.map((one) => aboutReplica(dialect, one, heir)));
    const deps = { dialect, clock: this.#clock, master: { connection, source } };
    return (await repointReplicas(deps, astray, answers)).map(({ text }) => text);
  }

  async #undone(master: Contact, candidate: Contact): Promise<Settled> {
    const deps = { dialect: this.#dialect, clock: this.#clock, master, candidate, askedForPromotion: () => false };
    try {
      await undoFence(deps, unfenceLimitMs);
    } catch (error) {
      throw this.#stuck(error instanceof Error ? error.message : String(error));
    }
    await this.#notes.clear();
    const text = `The switchover to ${candidate.name} is undone: ${master.name} is the master and accepts writes again.`;
    return { outcome: 'undone', master: master.name, text };
  }

  #stuck(text: string): DatabaseError {
    const { from, to } = this.#note;
    return new DatabaseError(`A switchover from ${from} to ${to} was interrupted. ${text}`, {
      kind: 'not-writable',
      outcome: 'not-executed',
    });
  }
}

/** A master of the same cluster. */
function isMasterBeside(one: Contact, old: Contact | undefined): boolean {
  if (one.reading?.role !== 'master') return false;
  return old?.reading === undefined || old.reading.clusterId === one.reading.clusterId;
}

function whyNotMaster({ reading, failure }: Contact): string {
  return reading === undefined ? `does not answer (${failure?.text ?? ''})` : 'does not accept writes';
}
