import type { Clock } from '../clock.ts';
import type { Dialect } from '../dialect/dialect.ts';
import type { FailureKind } from '../errors.ts';
import type { ConnectionPool } from '../pool/index.ts';
import type { ConfiguredSource, DatabaseSettings } from '../settings/settings.ts';
import { buildTopology } from '../topology/index.ts';
import type { Snapshot } from './live.ts';
import { membersOf } from './members.ts';
import { verifySource } from './verify.ts';

export interface StartDeps {
  readonly settings: DatabaseSettings;
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly openPool: (configured: ConfiguredSource) => ConnectionPool;
}

/** Verifies all sources in parallel and makes generation 1 of them, or says why the master cannot be used. */
export async function firstSnapshot(
  deps: StartDeps,
): Promise<{ readonly snapshot: Snapshot } | { readonly refusal: string; readonly kind: FailureKind }> {
  const { settings, dialect, clock } = deps;
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
  const verified = await Promise.all(settings.sources.map((source) => verifySource(source, context)));
  const [master] = verified;
  const failed = master?.report.checks.find((check) => check.outcome === 'failed');
  if (master === undefined || failed !== undefined) {
    const name = settings.sources[0].source.name;
    return { refusal: `Master ${name}: ${failed?.text ?? ''}`, kind: master?.failure?.kind ?? 'not-writable' };
  }
  const now = clock.now();
  const members = membersOf(verified, { dialect, settings, now, running: [], master: settings.sources[0].source.name });
  const topology = buildTopology(members, { generation: 1, since: now, masterSince: now });
  const pools = new Map(settings.sources.map((one) => [one.source.name, deps.openPool(one)]));
  return { snapshot: { settings, pools, floor: null, topology } };
}
