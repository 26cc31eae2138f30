import type { Connection, Dialect, Position, ProbeReading } from '../dialect/dialect.ts';
import type { WriteJournal } from '../query/journal.ts';
import { type Member, timelineTells, type Topology } from '../topology/index.ts';

/** How a coming master stands to the history of the running one. */
export type Descent =
  /** It is the running one, maybe under another name. */
  | { readonly kind: 'same'; readonly at: Position }
  /** It was promoted from it, and has its history up to `at`. */
  | { readonly kind: 'left'; readonly at: Position }
  /** Nobody can tell what it has. */
  | { readonly kind: 'stranger'; readonly why: string };

/** A database, as it was just found. */
export interface Found {
  readonly name: string;
  readonly reading: ProbeReading;
  /** See `Dialect.forkPosition`. */
  readonly fork: Position | null;
}

/** Asks a database for what `descentOf` wants to know. */
export async function find(
  {
    name,
    connection,
    timeoutMs,
  }: { readonly name: string; readonly connection: Connection; readonly timeoutMs: number },
  dialect: Dialect,
): Promise<Found> {
  const reading = await dialect.probe(connection, timeoutMs);
  return { name, reading, fork: await dialect.forkPosition(connection, timeoutMs) };
}

/** Finds out from where on acknowledged writes must be carried over to a coming master. Pure. */
export function descentOf(topology: Topology, { name, reading, fork }: Found): Descent {
  const { master, members } = topology;
  const known = members.find((member) => member.name === name);
  if (isSameMaster(master, reading, known)) return { kind: 'same', at: reading.position };
  if (!timelineTells(topology, known)) {
    return {
      kind: 'stranger',
      why: 'It was never seen to follow the running master, and another history was given up before.',
    };
  }
  if (reading.timeline !== null && master.timeline !== null && reading.timeline <= master.timeline) {
    const why =
      `It is on timeline ${reading.timeline} and the running master on ${master.timeline}: ` +
      'it was not promoted from it and lacks what was written since.';
    return { kind: 'stranger', why };
  }
  // A restart makes it forget where it left; what it was last seen to have as a replica is certain.
  const at = fork ?? known?.sharedUpTo ?? null;
  return at === null
    ? { kind: 'stranger', why: 'It cannot be told what it lacks of the running master.' }
    : { kind: 'left', at };
}

/**
 * Whether a database is the running master itself. The same run of the same server is; another run may be when it is on
 * the same timeline and was never seen as anything else. A replica that was promoted from an older history can be on
 * the same timeline, too: it is a stranger.
 */
function isSameMaster(master: Member, reading: ProbeReading, known: Member | undefined): boolean {
  if (reading.timeline === null || reading.timeline !== master.timeline) return false;
  return reading.instance === master.instance || known === undefined;
}

/** Whether a coming master can have every acknowledged write. */
export interface Judgement {
  /** What it lacks and will be given, or why it cannot be given everything. */
  readonly text: string;
  /** Set when it cannot. */
  readonly lacking?: Lacking;
}

export interface Lacking {
  /** Why, without advice. */
  readonly why: string;
  /** What is given up if it becomes the master all the same, in words. */
  readonly loss: string;
}

/**
 * Judges a descent by what the journal holds. Pure.
 *
 * @param hasNewest whether its position is past every write that was acknowledged before it was asked.
 */
export function judgeDescent(descent: Descent, journal: WriteJournal, hasNewest: boolean): Judgement {
  const lacking = (why: string): Judgement => ({
    text: `${why} ${advice}`,
    lacking: { why, loss: lossText(journal, descent) },
  });
  if (descent.kind === 'stranger') return lacking(descent.why);
  if (descent.kind === 'same') {
    return hasNewest ? { text: 'It has every acknowledged write: it is the running master.' } : lacking(lacksNewest);
  }
  const missing = journal.missing(descent.at);
  if (missing === undefined) return lacking(leftTooLongAgo);
  if (missing.length === 0) return { text: 'It has every write that was acknowledged by this server.' };
  return { text: `It lacks ${counted(missing.length)}: kept here, and carried over.` };
}

/** What is done about a database that lacks something, as long as there is one that has it. */
export const advice = 'Rebuild it and let it catch up.';
/** Why a coming master cannot have everything although it is the running one. */
export const lacksNewest = 'It lacks writes that were acknowledged.';
/** Why what is missing cannot be carried over. */
export const leftTooLongAgo =
  'It left the old master too long ago: writes acknowledged since then cannot be carried over and would be lost.';

/** The position from which on it lacks the journal's entries; null: it may lack all of them. */
export const lacksFrom = (descent: Descent): Position | null => (descent.kind === 'stranger' ? null : descent.at);

/** At most how many acknowledged writes are lost with such a master; null when nobody can tell. */
export const lostWith = (descent: Descent, journal: WriteJournal): number | null =>
  descent.kind === 'stranger' ? null : journal.lostBeyond(descent.at);

function lossText(journal: WriteJournal, descent: Descent): string {
  const kept = journal.kept(lacksFrom(descent)).length;
  const carried = kept === 0 ? '' : ` What is kept here is carried over: ${counted(kept)}.`;
  return `${givenUpText(lostWith(descent, journal))}${carried}`;
}

/** What is given up, in a sentence. */
export function givenUpText(lost: number | null): string {
  if (lost === null) return 'Acknowledged writes that it lacks are given up; how many is not known.';
  if (lost === 0) return 'No acknowledged write is given up.';
  return `This gives up at most ${counted(lost)}.`;
}

const counted = (count: number): string => `${count} acknowledged ${count === 1 ? 'write' : 'writes'}`;
