import type { Connection, Dialect, Position, ProbeReading } from '../dialect/dialect.ts';
import type { Member, Topology } from '../topology/index.ts';

/** Where a coming master left the history of the running one; null when it is the running one, under another name. */
export type CarryOverPlan = { readonly fork: Position | null } | { readonly refusal: string };

export interface CarryOverQuestion {
  /** The running topology. */
  readonly topology: Topology;
  /** The coming master, and a connection to it. */
  readonly name: string;
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly timeoutMs: number;
}

/** Finds out from where on acknowledged writes must be carried over to a coming master, or why they cannot be. */
export async function planCarryOver(question: CarryOverQuestion): Promise<CarryOverPlan> {
  const { topology, name, dialect, connection, timeoutMs } = question;
  const { master, members } = topology;
  const reading = await dialect.probe(connection, timeoutMs);
  const known = members.find((member) => member.name === name);
  if (isSameMaster(master, reading, known)) return { fork: null };
  const refusal = historyRefusal(master, reading, known);
  if (refusal !== '') return { refusal };
  // A restart makes it forget where it left; what it was last seen to have as a replica is certain.
  const fork = (await dialect.forkPosition(connection, timeoutMs)) ?? known?.sharedUpTo ?? null;
  return fork === null ? { refusal: 'It cannot be told what it lacks of the running master. Rebuild it.' } : { fork };
}

/** Why a database cannot have come from the running master's history, as far as timelines tell; empty when it can. */
export function historyRefusal(master: Member, reading: ProbeReading, known: Member | undefined): string {
  if (isSameMaster(master, reading, known) || reading.timeline === null || master.timeline === null) return '';
  if (reading.timeline > master.timeline) return '';
  return (
    `It is on timeline ${reading.timeline} and the running master on ${master.timeline}: ` +
    'it was not promoted from it and lacks what was written since. Rebuild it.'
  );
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
