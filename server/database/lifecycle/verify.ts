import type { Clock } from '../clock.ts';
import type { Connection, Dialect, Failure, Position, ProbeReading } from '../dialect/dialect.ts';
import type { WriteJournal } from '../query/journal.ts';
import type { AssignedRole, ConfiguredSource, DatabaseSettings } from '../settings/settings.ts';
import { masterServes, type Topology } from '../topology/index.ts';
import { clockCheck, measureClockSkew } from './clock-skew.ts';
import { descentOf, judgeDescent } from './descent.ts';

export interface Check {
  readonly name: string;
  readonly outcome: 'passed' | 'warning' | 'failed' | 'skipped';
  readonly text: string;
  readonly took_ms: number | null;
  /**
   * Of a failed check that a person may override: what is accepted with it, in words. Where nothing can work, or the data are
   * wrong, there is nothing to accept (docs/adr/0019-override-of-a-red-check.md).
   */
  readonly accepting?: string;
}

/** What was found out about one data source. `failed` keeps a recycle from going on, `warning` does not. */
export interface SourceReport {
  readonly name: string;
  readonly index: number;
  readonly assigned_role: AssignedRole;
  readonly outcome: 'passed' | 'warning' | 'failed';
  readonly checks: Check[];
}

export interface Verified {
  readonly configured: ConfiguredSource;
  readonly report: SourceReport;
  /** Absent when it could not be reached. */
  readonly reading: ProbeReading | undefined;
  readonly failure: Failure | undefined;
}

/** Compares a database's schema with what this program wants; given by whoever owns the migrations. */
export type SchemaCheck = (execute: (sql: string) => Promise<Record<string, unknown>[]>) => Promise<{
  readonly ok: boolean;
  readonly text: string;
  /** Of one that is not ok: nothing can work with it. */
  readonly unusable?: boolean;
}>;

export interface VerifyContext {
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly settings: DatabaseSettings;
  /** The cluster that the running pools belong to; null at the start. */
  readonly clusterId: string | null;
  readonly schemaCheck: SchemaCheck | undefined;
  /** Connections that we will add to each server at most, for its head-room. */
  readonly connectionsWanted: number;
  /** Also compare its clock with ours; default false. */
  readonly comparesClocks?: boolean;
  /** Also make a real write on the master. */
  readonly proveWrites: boolean;
  readonly connectTimeoutMs: number;
  /** What a coming master is compared with: it should have every acknowledged write. Default: the master stays. */
  readonly heritage?: { readonly topology: Topology; readonly journal: WriteJournal };
}

/**
 * How long each step of a verification may take. More than a pool grants for a connect: a busy machine is no reason to
 * refuse a recycle.
 */
export const verifyLimitMs = 10_000;

/** The check whose override gives up acknowledged writes. */
export const historyCheck = 'History';

/** Collects the checks of one source, each with its time. */
class Checklist {
  readonly checks: Check[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(name: string, outcome: Check['outcome'], text: string): void {
    this.checks.push({ name, outcome, text, took_ms: null });
  }

  /** A failed check that a person may override, and what is accepted with it. */
  doubt(name: string, text: string, accepting: string): void {
    this.checks.push({ name, outcome: 'failed', text, took_ms: null, accepting });
  }

  /** Runs `work`, which answers with its verdict. */
  async timed<T>(name: string, work: () => Promise<T>, tell: (value: T) => string): Promise<T> {
    const startedAt = this.#clock.now();
    const value = await work();
    this.checks.push({
      name,
      outcome: 'passed',
      text: tell(value),
      took_ms: Math.round((this.#clock.now() - startedAt) * 10) / 10,
    });
    return value;
  }

  get outcome(): SourceReport['outcome'] {
    if (this.checks.some((check) => check.outcome === 'failed')) return 'failed';
    return this.checks.some((check) => check.outcome === 'warning') ? 'warning' : 'passed';
  }
}

function judgeVersion(list: Checklist, reading: ProbeReading, { dialect }: VerifyContext): void {
  const oldest = dialect.oldestVersion(reading.version);
  if (reading.versionNumber >= oldest.number) return list.note('Version', 'passed', reading.version);
  const text = `The server is ${reading.version}; ${oldest.name} or later is needed.`;
  list.doubt('Version', text, 'Statements may fail, and a server that starts refuses it.');
}

function judgeIdentity(list: Checklist, role: AssignedRole, reading: ProbeReading, { clusterId }: VerifyContext): void {
  if (clusterId === null || clusterId === reading.clusterId) {
    return list.note('Cluster', 'passed', `Cluster ${reading.clusterId}.`);
  }
  const text = 'It belongs to another database cluster than the running master: its data is not the same.';
  const way = role === 'master' ? ' To move to another cluster, restart the server.' : '';
  list.note('Cluster', 'failed', `${text}${way}`);
}

function judgeRole(list: Checklist, role: AssignedRole, reading: ProbeReading): void {
  if (role === 'master') {
    if (reading.role === 'master') return list.note('Role', 'passed', 'It accepts writes.');
    const text =
      reading.role === 'replica'
        ? 'It is a replica and refuses writes. Promote it first.'
        : `It refuses writes. ${reading.remark ?? ''}`.trim();
    return list.note('Role', 'failed', text);
  }
  if (reading.role !== 'replica') {
    const text = 'It accepts writes of its own: it is no replica. It joins out of rotation until it is rebuilt.';
    return list.note('Role', 'warning', text);
  }
  if (!reading.receiving) {
    return list.note('Role', 'warning', 'It is a replica, but its replication link is down. It joins out of rotation.');
  }
  list.note('Role', 'passed', 'It is a replica and receives changes.');
}

function judgeRoom(list: Checklist, reading: ProbeReading, wanted: number): void {
  const free = reading.connectionsAllowed - reading.connectionsUsed;
  const text = `${reading.connectionsUsed} of ${reading.connectionsAllowed} connections are in use, up to ${wanted} more are wanted.`;
  list.note('Head-room', free >= wanted ? 'passed' : 'warning', text);
}

async function judgeSchema(list: Checklist, connection: Connection, context: VerifyContext): Promise<void> {
  if (context.schemaCheck === undefined) return;
  const execute = async (sql: string) => (await connection.execute({ text: sql }, [], verifyLimitMs)).rows;
  const verdict = await context.schemaCheck(execute);
  if (verdict.ok || verdict.unusable === true) {
    return list.note('Schema', verdict.ok ? 'passed' : 'failed', verdict.text);
  }
  list.doubt('Schema', verdict.text, 'Statements that its schema does not know fail.');
}

async function judgeClock(list: Checklist, connection: Connection, { dialect, clock }: VerifyContext): Promise<void> {
  const { name, outcome, text } = clockCheck(
    await measureClockSkew(connection, { dialect, clock, timeoutMs: verifyLimitMs }),
  );
  list.note(name, outcome, text);
}

/** Whether it can have every acknowledged write, as far as that can be told while writes go on. */
async function judgeHistory(
  list: Checklist,
  connection: Connection,
  coming: { readonly name: string; readonly reading: ProbeReading; readonly newest: Position },
  { dialect, heritage, clusterId }: VerifyContext,
): Promise<void> {
  const { name, reading, newest } = coming;
  if (heritage === undefined || clusterId !== reading.clusterId) return;
  const { topology, journal } = heritage;
  const fork = await dialect.forkPosition(connection, verifyLimitMs);
  const descent = descentOf(topology, { name, reading, fork });
  const { text, lacking } = judgeDescent(descent, journal, dialect.reached(reading.position, newest));
  if (lacking === undefined) return list.note(historyCheck, 'passed', text);
  const { master } = topology;
  const alive =
    descent.kind !== 'same' && masterServes(topology)
      ? ` ${master.name} is still there and has them all: rebuild ${name} from it if that can wait.`
      : '';
  list.doubt(historyCheck, text, `${lacking.loss}${alive}`);
}

/** At the start, the master is marked before anybody is compared with it. */
async function adopted(
  connection: Connection,
  reading: ProbeReading,
  { role }: ConfiguredSource,
  { dialect, clusterId }: VerifyContext,
): Promise<ProbeReading> {
  if (clusterId !== null || role !== 'master' || reading.role !== 'master') return reading;
  await dialect.adopt(connection, verifyLimitMs);
  return reading.clusterId === '0' ? dialect.probe(connection, verifyLimitMs) : reading;
}

async function examine(
  list: Checklist,
  connection: Connection,
  configured: ConfiguredSource,
  context: VerifyContext,
): Promise<ProbeReading> {
  const newest = context.heritage?.journal.newest ?? '';
  const found = await list.timed(
    'Read',
    () => context.dialect.probe(connection, verifyLimitMs),
    () => 'A real query was answered.',
  );
  if (context.comparesClocks === true) await judgeClock(list, connection, context);
  const reading = await adopted(connection, found, configured, context);
  judgeVersion(list, reading, context);
  judgeIdentity(list, configured.role, reading, context);
  judgeRole(list, configured.role, reading);
  judgeRoom(list, reading, context.connectionsWanted);
  await judgeSchema(list, connection, context);
  if (configured.role !== 'master' || reading.role !== 'master') return reading;
  await judgeHistory(list, connection, { name: configured.source.name, reading, newest }, context);
  if (context.proveWrites) {
    await list.timed(
      'Write',
      () => context.dialect.proveWritable(connection, verifyLimitMs),
      () => 'A real write was flushed.',
    );
  }
  return reading;
}

/** A replica that cannot be reached joins as offline; anything that is a mistake in the file is refused. */
function noteFailure(list: Checklist, role: AssignedRole, failure: Failure): void {
  const tolerated = role !== 'master' && failure.kind === 'unreachable';
  const suffix = tolerated ? ' It joins out of rotation and is tried again and again.' : '';
  list.note('Connect', tolerated ? 'warning' : 'failed', `${failure.text}.${suffix}`.replace('..', '.'));
}

/** Opens a fresh connection to one data source and finds out all that matters. Never throws. */
export async function verifySource(configured: ConfiguredSource, context: VerifyContext): Promise<Verified> {
  const { dialect, clock } = context;
  const list = new Checklist(clock);
  const { source, role, index } = configured;
  const finish = (reading: ProbeReading | undefined, failure: Failure | undefined): Verified => ({
    configured,
    reading,
    failure,
    report: { name: source.name, index, assigned_role: role, outcome: list.outcome, checks: list.checks },
  });
  let connection: Connection | undefined;
  try {
    const connector = dialect.connector(source, {
      connectTimeoutMs: context.connectTimeoutMs,
      statementTimeoutMs: verifyLimitMs,
      applicationName: 'holdfast check',
    });
    connection = await list.timed(
      'Connect',
      () => connector.open(),
      () => `Connected and signed in as ${source.user}.`,
    );
    return finish(await examine(list, connection, configured, context), undefined);
  } catch (error) {
    const failure = dialect.classify(error, false);
    noteFailure(list, role, failure);
    return finish(undefined, failure);
  } finally {
    await connection?.close();
  }
}

/** A check that failed, and of which data source. */
export interface RedCheck extends Check {
  readonly source: string;
  readonly role: AssignedRole;
}

/** The checks that keep these sources from being used. */
export function redChecks(verified: readonly Verified[]): RedCheck[] {
  return verified.flatMap(({ report: { name: source, assigned_role: role, checks } }) =>
    checks.filter(({ outcome }) => outcome === 'failed').map((check) => ({ ...check, source, role })),
  );
}

/**
 * The first reason for which these sources cannot be used, naming the data source; empty when they can. One that nobody may
 * override comes before the others.
 *
 * @param overrides what a person may override is no reason; default false.
 */
export function refusalOf(verified: readonly Verified[], overrides = false): string {
  const red = redChecks(verified);
  const first = red.find(({ accepting }) => accepting === undefined) ?? (overrides ? undefined : red[0]);
  return first === undefined ? '' : `${first.source} (${first.role}): ${first.text}`;
}
