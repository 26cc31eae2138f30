import { Counter, Gauge, type Registry } from 'prom-client';
import { databaseMode, type DatabaseStatus, type DataSourceStatus, health } from '../../contract/index.ts';

/** Sets the gauges from a status; without one the last values stay. */
export type DatabaseGauges = (status: DatabaseStatus | undefined) => void;

/** Gauges of the database layer. Names of data sources are `host:port/database`: no secret in a label. */
export function createDatabaseGauges(registry: Registry): DatabaseGauges {
  const parts = [
    createSourceGauges(registry),
    createStateGauges(registry),
    createTrafficCounters(registry),
    createMattermostGauges(registry),
  ];
  return (status) => {
    if (status) for (const set of parts) set(status);
  };
}

type Setter = (status: DatabaseStatus) => void;

// One line per number of a data source. A source that has left the configuration leaves the page: hence the resets.
const sourceNumbers = [
  ['in_use', 'Connections in use.', (s) => s.in_use],
  ['idle', 'Idle connections.', (s) => s.idle],
  ['max', 'Most connections allowed.', (s) => s.max],
  ['waiting', 'Statements waiting for a connection.', (s) => s.waiting],
  ['in_flight', 'Statements being executed.', (s) => s.in_flight],
  ['lag_seconds', 'How far a replica is behind, in time. Absent while unknown.', (s) => s.lag_seconds],
  ['lag_bytes', 'How far a replica is behind, in bytes. Absent while unknown.', (s) => s.lag_bytes],
  ['database_bytes', 'Used by tables and indexes of the database.', (s) => s.disk.database_bytes],
  ['log_bytes', "Used by the server's log of changes. Absent while unknown.", (s) => s.disk.log_bytes],
  ['disk_total_bytes', 'Size of the disk of the data. Absent while unknown.', (s) => s.disk.space?.total_bytes ?? null],
  ['disk_free_bytes', 'Free on the disk of the data. Absent while unknown.', (s) => s.disk.space?.free_bytes ?? null],
  ['disk_warnings', 'Warnings about disk space that stand.', (s) => s.disk.warnings.length],
] as const satisfies readonly (readonly [string, string, (source: DataSourceStatus) => number | null])[];

const sourceTotals = [
  ['queries', 'Statements executed.', (s) => s.queries_total],
  ['reads', 'Reads executed.', (s) => s.reads_total],
  ['writes', 'Writes executed.', (s) => s.writes_total],
  ['errors', 'Statements failed.', (s) => s.errors_total],
] as const satisfies readonly (readonly [string, string, (source: DataSourceStatus) => number])[];

function createSourceGauges(registry: Registry): Setter {
  const labelNames = ['source', 'role'] as const;
  const gauges = sourceNumbers.map(([name, help, read]) => ({
    read,
    gauge: new Gauge({ name: `holdfast_database_source_${name}`, help, labelNames, registers: [registry] }),
  }));
  const counters = sourceTotals.map(([name, help, read]) => ({
    read,
    counter: new Counter({ name: `holdfast_database_source_${name}_total`, help, labelNames, registers: [registry] }),
  }));
  const healths = new Gauge({
    name: 'holdfast_database_source_health',
    help: '1 for the health that a data source has, 0 for the others.',
    labelNames: [...labelNames, 'health'],
    registers: [registry],
  });
  return ({ sources }) => {
    for (const metric of [healths, ...gauges.map((g) => g.gauge), ...counters.map((c) => c.counter)]) metric.reset();
    for (const source of sources) {
      const labels = { source: source.name, role: source.assigned_role };
      for (const { gauge, read } of gauges) setKnown(gauge, labels, read(source));
      for (const { counter, read } of counters) counter.inc(labels, read(source));
      for (const state of health.options) healths.set({ ...labels, health: state }, state === source.health ? 1 : 0);
    }
  };
}

function setKnown(gauge: Gauge<'source' | 'role'>, labels: { source: string; role: string }, value: number | null) {
  if (value !== null) gauge.set(labels, value);
}

function createStateGauges(registry: Registry): Setter {
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `holdfast_database_${name}`, help, registers: [registry] });
  const generation = gauge('generation', 'Number of the live generation of pools.');
  const closed = gauge('gate_closed', '1 while the gate holds writes.');
  const waiting = gauge('gate_waiting', 'Writes that wait at the gate.');
  const longest = gauge('gate_longest_wait_seconds', 'The longest wait of those at the gate.');
  const draining = gauge('draining_pools', 'Pools of earlier generations with work in flight.');
  const mode = new Gauge({
    name: 'holdfast_database_mode',
    help: '1 for the mode that the server is in, 0 for the others.',
    labelNames: ['mode'],
    registers: [registry],
  });
  return (status) => {
    generation.set(status.generation);
    closed.set(status.gate.state === 'closed' ? 1 : 0);
    waiting.set(status.gate.waiting);
    longest.set(status.gate.longest_wait_ms / 1_000);
    draining.set(status.draining.length);
    for (const name of databaseMode.shape.mode.options) mode.set({ mode: name }, name === status.mode.mode ? 1 : 0);
  };
}

const totals = [
  ['gate_released', 'Writes released by the gate.', (s) => s.gate.released_total],
  ['gate_expired', 'Writes refused because they waited too long at the gate.', (s) => s.gate.expired_total],
  ['reads_by_replicas', 'Reads served by replicas.', (s) => s.reads.replica_total],
  ['reads_retried', 'Reads sent again to another data source.', (s) => s.reads.retried_total],
  ['reads_behind', 'Reads without a master that may lack the newest rows.', (s) => s.reads.behind_total],
  ['writes_acknowledged', 'Writes whose commit was verified.', (s) => s.writes.acknowledged_total],
  ['writes_unknown', 'Writes whose outcome was unknown at first.', (s) => s.writes.unknown_total],
  ['writes_resolved', 'Unknown outcomes that were settled.', (s) => s.writes.resolved_total],
] as const satisfies readonly (readonly [string, string, (status: DatabaseStatus) => number])[];

function createTrafficCounters(registry: Registry): Setter {
  const counters = totals.map(([name, help, read]) => ({
    read,
    counter: new Counter({ name: `holdfast_database_${name}_total`, help, registers: [registry] }),
  }));
  const byReason = new Counter({
    name: 'holdfast_database_reads_by_master_total',
    help: 'Reads served by the master, by the reason why no replica served them.',
    labelNames: ['reason'],
    registers: [registry],
  });
  return (status) => {
    for (const { counter, read } of counters) {
      counter.reset();
      counter.inc(read(status));
    }
    byReason.reset();
    for (const [reason, count] of Object.entries(status.reads.master_by_reason)) byReason.inc({ reason }, count);
  };
}

// Under Mattermost's names, so that the dashboards and alerts which people already have go on working.
function createMattermostGauges(registry: Registry): Setter {
  const roles = [
    ['master', 'master'],
    ['read_replica', 'replica'],
    ['search_replica', 'search-replica'],
  ] as const;
  const connections = roles.map(([name, role]) => ({
    role,
    gauge: new Gauge({
      name: `mattermost_db_${name}_connections_total`,
      help: `Open connections to the ${role}, summed.`,
      registers: [registry],
    }),
  }));
  const lag = (name: string, help: string) => new Gauge({ name, help, labelNames: ['node'], registers: [registry] });
  const lagTime = lag('mattermost_db_replica_lag_time', 'Seconds that a replica is behind.');
  const lagBytes = lag('mattermost_db_replica_lag_abs', 'Bytes that a replica is behind.');
  return ({ sources }) => {
    for (const { role, gauge } of connections) {
      const ofRole = sources.filter((source) => source.assigned_role === role);
      gauge.set(ofRole.reduce((sum, source) => sum + source.in_use + source.idle, 0));
    }
    lagTime.reset();
    lagBytes.reset();
    for (const { name, assigned_role, lag_seconds, lag_bytes } of sources) {
      if (assigned_role === 'master') continue;
      if (lag_seconds !== null) lagTime.set({ node: name }, lag_seconds);
      if (lag_bytes !== null) lagBytes.set({ node: name }, lag_bytes);
    }
  };
}
