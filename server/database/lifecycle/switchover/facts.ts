import type { CandidateFacts, MasterFacts, MissingGrants } from '../../dialect/switching.ts';
import type { Dialect, Failure, Position, ProbeReading } from '../../dialect/dialect.ts';
import type { WriteJournal } from '../../query/journal.ts';
import { type Contact, questionMs } from './contact.ts';

/** A database as it answered, or why it did not. */
export interface Answered {
  readonly name: string;
  readonly reading: ProbeReading | undefined;
  readonly failure: Failure | undefined;
}

export interface MasterAnswer extends Answered {
  readonly facts: MasterFacts | undefined;
  /** What is missing to fence it. */
  readonly missing: MissingGrants;
}

export interface CandidateAnswer extends Answered {
  readonly facts: CandidateFacts | undefined;
  readonly missingToPromote: MissingGrants;
  /** What is missing to take a fence of its own away. */
  readonly missingToUnfence: MissingGrants;
  /** Bytes behind the master; null when that cannot be told. */
  readonly lagBytes: number | null;
}

export interface ReplicaAnswer extends Answered {
  readonly missing: MissingGrants;
  /** It has changes that the candidate has not. */
  readonly hasMore: boolean;
}

/** Acknowledged writes that the candidate has not replayed. */
export interface Missing {
  /** Bytes between it and the newest acknowledged write; null when that cannot be told. */
  readonly bytes: number | null;
  /** How many there are; null when some of them are not in the journal any more. */
  readonly writes: number | null;
}

/** Everything that the preflight judges. A value: the judging asks nobody. */
export interface SwitchoverFacts {
  readonly emergency: boolean;
  /** Cluster and timeline of the running topology's master, as far as they were ever known. */
  readonly running: { readonly clusterId: string | null; readonly timeline: number | null };
  readonly master: MasterAnswer;
  readonly candidate: CandidateAnswer;
  /** The other replicas. */
  readonly replicas: readonly ReplicaAnswer[];
  readonly missing: Missing;
  /** Connections that we will want on the new master. */
  readonly connectionsWanted: number;
  /** How long a person has to promote the candidate while writes are held. */
  readonly promoteMs: number;
}

export interface Contacts {
  readonly master: Contact;
  readonly candidate: Contact;
  readonly replicas: readonly Contact[];
}

const answered = ({ name, reading, failure }: Contact): Answered => ({ name, reading, failure });

/** A question that fails makes its database one that does not answer. */
async function asking<T extends Answered>(dialect: Dialect, otherwise: T, ask: () => Promise<T>): Promise<T> {
  if (otherwise.reading === undefined) return otherwise;
  try {
    return await ask();
  } catch (error) {
    return { ...otherwise, reading: undefined, failure: dialect.classify(error, false) };
  }
}

function aboutMaster(dialect: Dialect, master: Contact): Promise<MasterAnswer> {
  const { connection } = master;
  const silent: MasterAnswer = { ...answered(master), facts: undefined, missing: [] };
  if (connection === undefined) return Promise.resolve(silent);
  return asking(dialect, silent, async () => ({
    ...silent,
    facts: await dialect.switching.masterFacts(connection, questionMs),
    missing: await dialect.switching.missingForFence(connection, questionMs),
  }));
}

function aboutCandidate(dialect: Dialect, { master, candidate }: Contacts): Promise<CandidateAnswer> {
  const { connection, reading } = candidate;
  const lagBytes =
    master.reading === undefined || reading === undefined
      ? null
      : dialect.distance(master.reading.position, reading.position);
  const silent: CandidateAnswer = {
    ...answered(candidate),
    facts: undefined,
    missingToPromote: [],
    missingToUnfence: [],
    lagBytes,
  };
  if (connection === undefined) return Promise.resolve(silent);
  return asking(dialect, silent, async () => ({
    ...silent,
    facts: await dialect.switching.candidateFacts(connection, questionMs),
    missingToPromote: await dialect.switching.missingForPromotion(connection, questionMs),
    missingToUnfence: await dialect.switching.missingForFence(connection, questionMs),
  }));
}

function hasMoreThan(dialect: Dialect, one: ProbeReading | undefined, other: ProbeReading | undefined): boolean {
  if (one === undefined || other === undefined || one.clusterId !== other.clusterId || one.role !== 'replica')
    return false;
  return !dialect.reached(other.position, one.position);
}

/** What is known of a replica that shall follow the candidate. Never throws. */
export function aboutReplica(dialect: Dialect, replica: Contact, candidate: Contact): Promise<ReplicaAnswer> {
  const { connection } = replica;
  const hasMore = hasMoreThan(dialect, replica.reading, candidate.reading);
  const silent: ReplicaAnswer = { ...answered(replica), missing: [], hasMore };
  if (connection === undefined || candidate.connection === undefined) return Promise.resolve(silent);
  const heir = candidate.connection;
  return asking(dialect, silent, async () => ({
    ...silent,
    missing: await dialect.switching.missingForRepoint(connection, heir, questionMs),
  }));
}

function missingOn(dialect: Dialect, journal: WriteJournal, position: Position | undefined): Missing {
  if (position === undefined) return { bytes: null, writes: null };
  const bytes = journal.newest === '' ? null : dialect.distance(journal.newest, position);
  return { bytes, writes: journal.missing(position)?.length ?? null };
}

/** Asks every database for what the preflight needs. Never throws. */
export async function gatherFacts(
  { dialect, journal }: { readonly dialect: Dialect; readonly journal: WriteJournal },
  contacts: Contacts,
  given: Pick<SwitchoverFacts, 'emergency' | 'running' | 'connectionsWanted' | 'promoteMs'>,
): Promise<SwitchoverFacts> {
  const { candidate } = contacts;
  const [ofMaster, ofCandidate, ofReplicas] = await Promise.all([
    aboutMaster(dialect, contacts.master),
    aboutCandidate(dialect, contacts),
    Promise.all(contacts.replicas.map((replica) => aboutReplica(dialect, replica, candidate))),
  ]);
  const missing = missingOn(dialect, journal, candidate.reading?.position);
  return { ...given, master: ofMaster, candidate: ofCandidate, replicas: ofReplicas, missing };
}
