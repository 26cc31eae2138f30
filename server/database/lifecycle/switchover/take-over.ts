import { type Clock, pause } from '../../clock.ts';
import type { Dialect } from '../../dialect/dialect.ts';
import type { WriteJournal } from '../../query/journal.ts';
import type { DatabaseSettings } from '../../settings/settings.ts';
import type { CarryOverResult } from '../carry-over.ts';
import { givenUpText } from '../descent.ts';
import { type Beginning, Inheritance, type Loss } from '../inheritance.ts';
import type { Live, Snapshot } from '../live.ts';
import { publishGeneration } from '../publish-generation.ts';
import { Refused } from '../refused.ts';
import { refusalOf, type SchemaCheck, type Verified, verifySource } from '../verify.ts';
import type { Contact, Reached } from './contact.ts';
import type { Inspection } from './inspect.ts';
import { BeyondReturn } from './result.ts';

export interface TakeOverDeps {
  readonly live: Live;
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly journal: WriteJournal;
  readonly schemaCheck: SchemaCheck | undefined;
}

/** What the new master takes over. */
export interface Estate {
  readonly before: Snapshot;
  readonly inspection: Inspection;
  readonly candidate: Reached;
}

/** Limit of each statement that is sent while writes are held. */
const heldStatementMs = 5_000;
/** After the promotion there is no way back: the verification is not cut shorter than this. */
const verifyAtLeastMs = 2_000;
const verifyPauseMs = 50;

/**
 * Proves by a real write and a real read on a new connection that the new master does what every session will ask of it,
 * in a history of its own.
 *
 * @throws BeyondReturn when it does not within the limit.
 */
export async function verifyNewMaster(deps: TakeOverDeps, estate: Estate, limitMs: number): Promise<Verified> {
  const { clock } = deps;
  const deadline = clock.now() + Math.max(verifyAtLeastMs, limitMs);
  for (;;) {
    const verified = await verifyOnce(deps, estate);
    const reason = refusalOf([verified]) || sameHistory(verified, estate.before);
    if (reason === '') return verified;
    if (clock.now() >= deadline) throw new BeyondReturn(`${estate.candidate.name} was promoted, but: ${reason}`);
    await pause(clock, verifyPauseMs);
  }
}

function verifyOnce({ dialect, clock, schemaCheck }: TakeOverDeps, estate: Estate): Promise<Verified> {
  const { settings } = estate.inspection;
  return verifySource(settings.sources[0], {
    dialect,
    clock,
    settings,
    clusterId: estate.before.topology.master.clusterId,
    schemaCheck,
    connectionsWanted: settings.maxOpenConnections,
    proveWrites: true,
    connectTimeoutMs: verifyAtLeastMs,
  });
}

function sameHistory({ reading }: Verified, before: Snapshot): string {
  const former = before.topology.master.timeline;
  const now = reading?.timeline ?? null;
  return former !== null && now !== null && now <= former ? `it is on timeline ${now} as before.` : '';
}

/**
 * Gives the new master what it lacks of the acknowledged writes, and makes the generation current in which it is the
 * master. The pools stay as they are.
 *
 * @returns the number of the generation.
 * @throws BeyondReturn when acknowledged writes are missing that nobody has, except on the emergency path.
 */
export async function takeOver(deps: TakeOverDeps, estate: Estate, verified: Verified): Promise<number> {
  const { before, inspection, candidate } = estate;
  const { settings, contacts } = inspection;
  const { name, connection } = candidate;
  await deps.dialect.adopt(connection, heldStatementMs);
  // Whoever has confirmed the emergency path was told what it may lose, and without a master there is no other way.
  const acceptsLoss = inspection.facts.emergency;
  const inheritance = new Inheritance(deps, { name, connection, timeoutMs: settings.queryTimeoutMs, acceptsLoss });
  const { floor, restartsJournal, carried } = await inherit(inheritance, before, verified);
  const others = [contacts.master, ...contacts.replicas];
  const all = settings.sources.map(({ source }, index) => {
    const known = others.find((one) => one.name === source.name);
    return known === undefined || index === 0 ? verified : asVerified(known, before.topology.master.name, settings);
  });
  const { loss } = inheritance;
  const next = { settings, pools: before.pools, verified: all, floor, restartsJournal, givesUp: loss !== undefined };
  const generation = publishGeneration(deps, next);
  inheritance.tell(carried);
  if (loss !== undefined) tellLoss(deps.live, { from: before.topology.master.name, to: name }, loss);
  return generation;
}

function tellLoss(live: Live, { from, to }: { from: string; to: string }, { givenUp, carriedOver }: Loss): void {
  live.report({
    kind: 'writes_given_up',
    severity: 'error',
    source: to,
    text: `${to} lacks writes that were acknowledged on ${from}, which is lost. ${givenUpText(givenUp)}`,
    detail: { from, given_up: givenUp, carried_over: carriedOver },
  });
}

async function inherit(
  inheritance: Inheritance,
  before: Snapshot,
  verified: Verified,
): Promise<Beginning & { readonly carried: CarryOverResult | undefined }> {
  try {
    await inheritance.prepare(before.topology);
    const carried = await inheritance.rest(heldStatementMs);
    return { ...(await inheritance.begin(heldStatementMs)), carried };
  } catch (error) {
    if (!(error instanceof Refused) || verified.reading === undefined) throw error;
    throw new BeyondReturn(error.message, { cause: error });
  }
}

/** What the contacts said before; the former master is fenced since, and says so with its next probe. */
function asVerified({ name, reading, failure }: Contact, former: string, settings: DatabaseSettings): Verified {
  const configured = settings.sources.find(({ source }) => source.name === name) ?? settings.sources[0];
  const { index, role } = configured;
  const report = { name, index, assigned_role: role, outcome: 'passed' as const, checks: [] };
  const isFenced = name === former && reading !== undefined;
  return { configured, report, failure, reading: isFenced ? { ...reading, role: 'read-only' } : reading };
}
