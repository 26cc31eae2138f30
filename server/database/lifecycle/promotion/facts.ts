import type { Dialect, Failure, ProbeReading } from '../../dialect/dialect.ts';
import type { MissingGrants, Standing } from '../../dialect/switching.ts';
import { type Contact, questionMs } from '../switchover/contact.ts';

/** What a replica answers to somebody who may promote it. */
export interface ReplicaFacts {
  readonly name: string;
  readonly reading: ProbeReading | undefined;
  readonly failure: Failure | undefined;
  readonly standing: Standing | undefined;
  /** What is missing to promote it. */
  readonly missingToPromote: MissingGrants;
  /** What is missing to let it follow the one that would be promoted. */
  readonly missingToRepoint: MissingGrants;
  /** What keeps it from becoming a master, in words. */
  readonly obstacles: readonly string[];
}

/** Asks one replica. Never throws: a question that fails makes it one that does not answer. */
export async function aboutOne(
  dialect: Dialect,
  { name, reading, failure, connection }: Contact,
): Promise<ReplicaFacts> {
  const silent: ReplicaFacts = {
    name,
    reading,
    failure,
    standing: undefined,
    missingToPromote: [],
    missingToRepoint: [],
    obstacles: [],
  };
  if (connection === undefined || reading?.role !== 'replica') return silent;
  const { switching } = dialect;
  try {
    const standing = await switching.standing(connection, questionMs);
    const { obstacles, applyDelayMs, fenced } = await switching.candidateFacts(connection, questionMs);
    return {
      ...silent,
      standing,
      missingToPromote: await switching.missingForPromotion(connection, questionMs),
      obstacles: [
        ...obstacles,
        ...(applyDelayMs > 0 ? ['it applies changes late on purpose.'] : []),
        ...(fenced ? ['it is fenced from before and would refuse writes.'] : []),
        ...(reading.replayPaused ? ['its replay is paused.'] : []),
      ],
    };
  } catch (error) {
    return { ...silent, reading: undefined, failure: dialect.classify(error, false) };
  }
}

/** The same facts, with what is missing to let this replica follow `heir`. Never throws. */
export async function withRepoint(
  dialect: Dialect,
  facts: ReplicaFacts,
  { replica, heir }: { readonly replica: Contact; readonly heir: Contact | undefined },
): Promise<ReplicaFacts> {
  if (replica === heir || facts.standing === undefined) return facts;
  if (replica.connection === undefined || heir?.connection === undefined) return facts;
  try {
    const missing = await dialect.switching.missingForRepoint(replica.connection, heir.connection, questionMs);
    return { ...facts, missingToRepoint: missing };
  } catch (error) {
    return { ...facts, reading: undefined, standing: undefined, failure: dialect.classify(error, false) };
  }
}
