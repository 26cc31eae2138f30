import type { Clock } from '../clock.ts';
import type { Connection, Dialect } from '../dialect/dialect.ts';
import type { FailureKind } from '../errors.ts';
import type { ConnectionPool } from '../pool/index.ts';
import type { ConfiguredSource, DatabaseSettings } from '../settings/settings.ts';
import { withMaster } from '../settings/with-master.ts';
import { buildTopology } from '../topology/index.ts';
import { type Candidate, chooseMaster } from './failover/choose-master.ts';
import { type MarkStore, readMark } from './failover/epoch.ts';
import type { Snapshot } from './live.ts';
import { membersOf } from './members.ts';
import { type Verified, verifySource } from './verify.ts';

export interface StartDeps {
  readonly settings: DatabaseSettings;
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly openPool: (configured: ConfiguredSource) => ConnectionPool;
  /** Which database was the master when this server ran last. */
  readonly marks: MarkStore | undefined;
}

type Start = { readonly snapshot: Snapshot } | { readonly refusal: string; readonly kind: FailureKind };

/**
 * Verifies all sources in parallel and makes generation 1 of them, or says why no master can be used. The master need
 * not be the configured one: a database that took over while nobody was looking is followed, and a former master that
 * came back is never written to.
 */
export async function firstSnapshot(deps: StartDeps): Promise<Start> {
  const { settings } = deps;
  const verified = await verifyAll(deps, settings);
  const choice = chooseMaster(await candidatesOf(deps, verified), {
    mark: await deps.marks?.read(),
    follow: settings.followPromotion,
  });
  if ('refusal' in choice) {
    return { refusal: choice.refusal, kind: verified[0].failure?.kind ?? 'not-writable' };
  }
  if (choice.master === settings.sources[0].source.name) return generationOne(deps, settings, verified);
  const followed = withMaster(settings, choice.master);
  const again = await verifyAll(deps, followed);
  const fault = faultOf(again[0]);
  if (fault === '') return generationOne(deps, followed, again);
  return { refusal: `Master ${choice.master}: ${fault}`, kind: again[0].failure?.kind ?? 'not-writable' };
}

type AllVerified = readonly [Verified, ...Verified[]];

async function verifyAll({ dialect, clock }: StartDeps, settings: DatabaseSettings): Promise<AllVerified> {
  const context = {
    dialect,
    clock,
    settings,
    clusterId: null,
    schemaCheck: undefined,
    connectionsWanted: settings.maxOpenConnections,
    proveWrites: false,
    connectTimeoutMs: settings.connectTimeoutMs,
  };
  const [first, ...others] = settings.sources;
  const [master, ...replicas] = await Promise.all([first, ...others].map((one) => verifySource(one, context)));
  return [master as Verified, ...replicas];
}

const faultOf = ({ report }: Verified): string => report.checks.find(({ outcome }) => outcome === 'failed')?.text ?? '';

/** Epochs are asked for only where they can decide something: of several that accept writes. */
async function candidatesOf(deps: StartDeps, verified: AllVerified): Promise<[Candidate, ...Candidate[]]> {
  const writable = verified.filter(({ reading }) => reading?.role === 'master');
  const toCandidate = async (one: Verified): Promise<Candidate> => ({
    name: one.configured.source.name,
    reading: one.reading,
    isDown: one.failure?.kind === 'unreachable',
    fault: faultOf(one),
    epoch: writable.length > 1 && writable.includes(one) ? await epochOf(deps, one) : null,
  });
  const [first, ...others] = verified;
  return [await toCandidate(first), ...(await Promise.all(others.map(toCandidate)))];
}

async function epochOf({ dialect, settings }: StartDeps, { configured }: Verified): Promise<number | null> {
  const limitMs = settings.connectTimeoutMs;
  let connection: Connection | undefined;
  try {
    connection = await dialect
      .connector(configured.source, {
        connectTimeoutMs: limitMs,
        statementTimeoutMs: limitMs,
        applicationName: 'holdfast check',
      })
      .open();
    return (await readMark(connection, limitMs))?.epoch ?? null;
  } catch {
    // A database of before the table.
    return null;
  } finally {
    await connection?.close();
  }
}

function generationOne(deps: StartDeps, settings: DatabaseSettings, verified: AllVerified): Start {
  const { dialect, clock, openPool } = deps;
  const now = clock.now();
  const members = membersOf(verified, { dialect, settings, now, running: [], master: settings.sources[0].source.name });
  const topology = buildTopology(members, { generation: 1, since: now, masterSince: now });
  const pools = new Map(settings.sources.map((one) => [one.source.name, openPool(one)]));
  return { snapshot: { settings, pools, floor: null, topology } };
}
