import { type Clock, pause } from '../../clock.ts';
import type { Connection, Dialect, DriverStatement, Position } from '../../dialect/dialect.ts';
import { Refused } from '../refused.ts';

const pollMs = 3;

export interface CatchUpDeps {
  readonly dialect: Dialect;
  readonly clock: Clock;
  /** The fenced master and the replica that is to take over. */
  readonly master: Connection;
  readonly candidate: Connection;
  readonly names: { readonly master: string; readonly candidate: string };
}

/** The two positions, read at about the same moment. */
interface Positions {
  readonly master: Position;
  readonly candidate: Position;
}

/**
 * Waits until the candidate has everything that the fenced master has, twice: a position that moves in between means
 * that somebody still writes.
 *
 * @returns where both stand.
 * @throws Refused after `limitMs`, and when the candidate has what the master never had.
 */
export async function catchUp(deps: CatchUpDeps, limitMs: number): Promise<Position> {
  const { dialect, clock, names } = deps;
  const deadline = clock.now() + limitMs;
  let last = await positions(deps, limitMs);
  while (clock.now() < deadline) {
    await pause(clock, pollMs);
    const next = await positions(deps, limitMs);
    if (next.master === last.master && dialect.reached(next.candidate, next.master)) {
      if (dialect.reached(next.master, next.candidate)) return next.master;
      throw new Refused(`${names.candidate} has changes that ${names.master} never had: it follows another master.`);
    }
    last = next;
  }
  throw new Refused(whyNot(deps, last, limitMs));
}

async function positions({ dialect, master, candidate }: CatchUpDeps, timeoutMs: number): Promise<Positions> {
  const read = async (connection: Connection, statement: DriverStatement): Promise<Position> => {
    const position = dialect.positionOf((await connection.execute(statement, [], timeoutMs)).rows);
    if (position === null) throw new Refused('A database does not tell its position.');
    return position;
  };
  // The master first: what the candidate says afterwards can only be newer.
  const ofMaster = await read(master, dialect.masterPosition);
  return { master: ofMaster, candidate: await read(candidate, dialect.replicaPosition) };
}

function whyNot({ dialect, names }: CatchUpDeps, { master, candidate }: Positions, limitMs: number): string {
  const waited = `within ${(limitMs / 1_000).toFixed(1)} s`;
  if (dialect.reached(candidate, master)) {
    return `${names.master} did not come to rest ${waited}: something still writes to it, such as maintenance. Try again.`;
  }
  const bytes = dialect.distance(master, candidate);
  return `${names.candidate} did not catch up ${waited}: ${bytes === null ? 'it' : `${bytes} bytes`} lacked at the end.`;
}
