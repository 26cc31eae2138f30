import type { Clock } from '../clock.ts';
import type { DiskStatus, DiskWatcher } from '../disk/index.ts';
import type { PatroniStatus } from '../patroni/patroni-watcher.ts';
import type { ConnectionPool } from '../pool/index.ts';
import type { WriteJournal } from '../query/journal.ts';
import type { ReadCounters } from '../query/reads.ts';
import type { WriteCounters } from '../query/writes.ts';
import type { Member } from '../topology/index.ts';
import { type Durability, durabilityOf } from './durability.ts';
import type { WriteGate } from './gate.ts';
import type { Live, Snapshot } from './live.ts';
import { poolOf } from './live.ts';
import type { Mode, ModeKeeper } from './mode.ts';
import type { AutomaticPromotionStatus } from './promotion/readiness.ts';

/** One data source as the console shows it. No secret. Rates of the last 10 s, p95 of the last minute. */
export interface SourceStatus {
  name: string;
  host: string;
  port: number;
  database: string;
  user: string;
  driver: string;
  assigned_role: Member['role'];
  observed_role: Member['observed'];
  health: Member['health'];
  cause: string;
  health_since: number;
  taken_out: { by: string; at: number } | null;
  generation: number;
  in_use: number;
  idle: number;
  max: number;
  waiting: number;
  in_flight: number;
  queries_total: number;
  reads_total: number;
  writes_total: number;
  queries_per_second: number;
  p95_ms: number | null;
  errors_total: number;
  errors_per_minute: number;
  lag_seconds: number | null;
  lag_bytes: number | null;
  position: string | null;
  server_version: string | null;
  checked_at: number;
  next_check_in_ms: number | null;
  last_error: string | null;
  disk: DiskStatus;
}

/** A pool of an earlier generation with work in flight. */
export interface DrainingPool {
  readonly pool: ConnectionPool;
  readonly generation: number;
  readonly deadlineAt: number;
}

/** All that is known about the databases at one moment; the shape that goes over the wire as it is. */
export interface LayerStatus {
  generation: number;
  generation_since: number;
  mode: Mode;
  master_since: number;
  sources: SourceStatus[];
  draining: { name: string; generation: number; in_flight: number; deadline_at: number }[];
  gate: {
    state: 'open' | 'closed';
    waiting: number;
    longest_wait_ms: number;
    last_hold_ms: number | null;
    released_total: number;
    expired_total: number;
  };
  reads: {
    replica_total: number;
    master_total: number;
    retried_total: number;
    behind_total: number;
    master_by_reason: Record<string, number>;
  };
  writes: { acknowledged_total: number; unknown_total: number; resolved_total: number };
  connection_budget: { planned: number; allowed: number | null; source: string | null };
  durability: Durability;
  automatic_promotion: AutomaticPromotionStatus;
  patroni: PatroniStatus;
}

const round = (value: number): number => Math.round(value * 10) / 10;

function sourceStatus(
  snapshot: Snapshot,
  member: Member,
  now: number,
): Omit<SourceStatus, 'disk' | 'next_check_in_ms'> {
  const pool = poolOf(snapshot, member);
  const counts = pool.counts();
  const { statistics } = pool;
  const [address] = member.source.hosts;
  return {
    name: member.name,
    host: address.host,
    port: address.port,
    database: member.source.database,
    user: member.source.user,
    driver: member.source.driver,
    assigned_role: member.role,
    observed_role: member.observed,
    health: member.health,
    cause: member.cause,
    health_since: Math.round(member.healthSince),
    taken_out: member.role === 'master' ? null : member.takenOut,
    generation: snapshot.topology.generation,
    in_use: counts.inUse,
    idle: counts.idle,
    max: counts.max,
    waiting: counts.waiting,
    in_flight: counts.inFlight,
    queries_total: statistics.queries,
    reads_total: statistics.reads,
    writes_total: statistics.writes,
    queries_per_second: round(statistics.queriesPerSecond(now)),
    p95_ms: statistics.p95(now) === null ? null : round(statistics.p95(now) ?? 0),
    errors_total: statistics.errors,
    errors_per_minute: statistics.errorsPerMinute(now),
    lag_seconds: member.lagMs === null ? null : round(member.lagMs / 1_000),
    lag_bytes: member.lagBytes,
    position: member.position,
    server_version: member.version,
    checked_at: Math.round(member.checkedAt),
    last_error: statistics.lastError,
  };
}

/** What our pools may open on the server that allows the least. */
function connectionBudget(snapshot: Snapshot): LayerStatus['connection_budget'] {
  const planned = snapshot.settings.maxOpenConnections * snapshot.topology.members.length;
  const known = snapshot.topology.members.filter((member) => member.connectionsAllowed !== null);
  const [first, ...others] = known;
  if (first === undefined) return { planned, allowed: null, source: null };
  const tightest = others.reduce((a, b) => ((b.connectionsAllowed ?? 0) < (a.connectionsAllowed ?? 0) ? b : a), first);
  return { planned, allowed: tightest.connectionsAllowed, source: tightest.name };
}

export interface StatusDeps {
  readonly live: Live;
  readonly clock: Clock;
  readonly gate: WriteGate;
  readonly mode: ModeKeeper;
  readonly disks: Pick<DiskWatcher, 'status'>;
  /** Milliseconds until a source is checked again; null when it is not watched. */
  readonly nextCheckIn: (name: string) => number | null;
  readonly reads: ReadCounters;
  readonly writes: WriteCounters;
  readonly patroni: () => PatroniStatus;
  readonly automaticPromotion: () => AutomaticPromotionStatus;
  readonly journal: Pick<WriteJournal, 'countBeyond'>;
  readonly draining: () => readonly DrainingPool[];
}

/** Builds the status. Cheap enough for twice a second. */
export function layerStatus(deps: StatusDeps): LayerStatus {
  const snapshot = deps.live.current;
  const { topology } = snapshot;
  const now = deps.clock.now();
  const gate = deps.gate.counts();
  return {
    generation: topology.generation,
    generation_since: Math.round(topology.since),
    mode: deps.mode.mode,
    master_since: Math.round(topology.masterSince),
    sources: topology.members.map((member) => ({
      ...sourceStatus(snapshot, member, now),
      next_check_in_ms: deps.nextCheckIn(member.name),
      disk: deps.disks.status(member),
    })),
    draining: deps.draining().map(({ pool, generation, deadlineAt }) => ({
      name: pool.name,
      generation,
      in_flight: pool.inFlight,
      deadline_at: Math.round(deadlineAt),
    })),
    gate: {
      state: gate.state,
      waiting: gate.waiting,
      longest_wait_ms: Math.round(gate.longestWaitMs),
      last_hold_ms: gate.lastHoldMs === null ? null : Math.round(gate.lastHoldMs),
      released_total: gate.releasedTotal,
      expired_total: gate.expiredTotal,
    },
    reads: {
      replica_total: deps.reads.replicaTotal,
      master_total: deps.reads.masterTotal,
      retried_total: deps.reads.retriedTotal,
      behind_total: deps.reads.behindTotal,
      master_by_reason: { ...deps.reads.masterByReason },
    },
    writes: {
      acknowledged_total: deps.writes.acknowledgedTotal,
      unknown_total: deps.writes.unknownTotal,
      resolved_total: deps.writes.resolvedTotal,
    },
    connection_budget: connectionBudget(snapshot),
    durability: durabilityOf(topology, deps.journal),
    automatic_promotion: deps.automaticPromotion(),
    patroni: deps.patroni(),
  };
}
