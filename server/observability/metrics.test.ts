import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import type { DatabaseStatus, DataSourceStatus } from '../../contract/index.ts';
import { createMetrics } from './metrics.ts';

describe('createMetrics', () => {
  it('counts requests by route pattern and status', async () => {
    const metrics = createMetrics(quiet());
    metrics.observeRequest({ method: 'GET', route: '/posts/:post_id', status: 200, tookMs: 4 });
    metrics.observeRequest({ method: 'GET', route: '/posts/:post_id', status: 404, tookMs: 1 });
    const page = await metrics.render();
    expect(page).toContain('holdfast_http_requests_total{method="GET",route="/posts/:post_id",status="404"} 1');
    expect(page).toContain('holdfast_http_request_duration_seconds_count{method="GET",route="/posts/:post_id"} 2');
  });

  it('shows every data source with health, pool, lag and totals, and forgets those that left', async () => {
    let status = databaseStatus([
      source({ name: 'db1:5432/chat', assigned_role: 'master', in_use: 3, idle: 2, errors_total: 7, lag_bytes: 0 }),
      source({ name: 'db2:5432/chat', health: 'lagging', lag_seconds: 4.5, lag_bytes: 9_000, disk: fullDisk }),
    ]);
    const metrics = createMetrics({ ...quiet(), databaseStatus: () => status });
    const page = await metrics.render();
    expect(page).toContain('holdfast_database_source_in_use{source="db1:5432/chat",role="master"} 3');
    expect(page).toContain('holdfast_database_source_errors_total{source="db1:5432/chat",role="master"} 7');
    expect(page).toContain('holdfast_database_source_health{source="db2:5432/chat",role="replica",health="lagging"} 1');
    expect(page).toContain('holdfast_database_source_lag_seconds{source="db2:5432/chat",role="replica"} 4.5');
    expect(page).toContain('mattermost_db_master_connections_total 5');
    expect(page).toContain('mattermost_db_replica_lag_abs{node="db2:5432/chat"} 9000');
    expect(page).toContain('holdfast_database_source_disk_free_bytes{source="db2:5432/chat",role="replica"} 5');
    expect(page).toContain('holdfast_database_source_disk_warnings{source="db2:5432/chat",role="replica"} 1');
    expect(page).not.toContain('holdfast_database_source_disk_free_bytes{source="db1');
    expect(page).not.toContain('holdfast_database_source_lag_seconds{source="db1');
    expect(page).not.toContain('mattermost_db_replica_lag_abs{node="db1');

    status = databaseStatus([source({ name: 'db1:5432/chat', assigned_role: 'master' })]);
    const later = await metrics.render();
    expect(later).not.toContain('db2');
  });

  it('shows totals as they are, however often they are scraped', async () => {
    const metrics = createMetrics({ ...quiet(), databaseStatus: () => databaseStatus([]) });
    await metrics.render();
    const page = await metrics.render();
    expect(page).toContain('holdfast_database_reads_by_replicas_total 90');
    expect(page).toContain('holdfast_database_reads_by_master_total{reason="not_caught_up"} 4');
    expect(page).toContain('holdfast_database_mode{mode="read-only"} 1');
    expect(page).toContain('holdfast_database_gate_closed 1');
    expect(page).toContain('holdfast_database_gate_longest_wait_seconds 0.25');
  });

  it('shows the sockets', async () => {
    const metrics = createMetrics({
      ...quiet(),
      realtimeStats: () => ({
        sockets: { 'socket.io': 12 },
        detached: 3,
        eventsTotal: 10,
        deliveriesTotal: 99,
        droppedTotal: 1,
        slowTotal: 0,
        resumedTotal: 2,
      }),
    });
    const page = await metrics.render();
    expect(page).toContain('holdfast_realtime_sockets{transport="socket.io"} 12');
    expect(page).toContain('holdfast_realtime_deliveries_total 99');
  });
});

function quiet() {
  return {
    registry: new Registry(),
    databaseStatus: () => undefined,
    realtimeStats: () => undefined,
    processMetrics: false,
  };
}

const fullDisk: DataSourceStatus['disk'] = {
  ...source({}).disk,
  space: { total_bytes: 100, free_bytes: 5, source: 'df' },
  warnings: [{ kind: 'disk_low', severity: 'error', text: 'It is 95 % full.' }],
};

function source(over: Partial<DataSourceStatus>): DataSourceStatus {
  return {
    name: 'db:5432/chat',
    host: 'db',
    port: 5432,
    database: 'chat',
    user: 'chat',
    driver: 'postgres',
    assigned_role: 'replica',
    observed_role: 'replica',
    health: 'online',
    cause: '',
    taken_out: null,
    health_since: 0,
    generation: 1,
    in_use: 0,
    idle: 0,
    max: 8,
    waiting: 0,
    in_flight: 0,
    queries_total: 0,
    reads_total: 0,
    writes_total: 0,
    queries_per_second: 0,
    p95_ms: null,
    errors_total: 0,
    errors_per_minute: 0,
    lag_seconds: null,
    lag_bytes: null,
    position: null,
    server_version: null,
    checked_at: 0,
    next_check_in_ms: null,
    last_error: null,
    disk: {
      checked_at: null,
      failure: null,
      database_bytes: null,
      log_bytes: null,
      space: null,
      log_space: null,
      unknown: 'Not asked yet.',
      growth_bytes_per_hour: null,
      hours_left: null,
      times_master: null,
      warnings: [],
    },
    ...over,
  };
}

function databaseStatus(sources: DataSourceStatus[]): DatabaseStatus {
  return {
    generation: 4,
    generation_since: 0,
    mode: { mode: 'read-only', reason: 'no master', since: 0 },
    master_since: 0,
    sources,
    draining: [],
    gate: {
      state: 'closed',
      waiting: 2,
      longest_wait_ms: 250,
      last_hold_ms: null,
      released_total: 5,
      expired_total: 0,
    },
    reads: {
      replica_total: 90,
      master_total: 10,
      retried_total: 1,
      behind_total: 0,
      master_by_reason: { latest: 6, not_caught_up: 4 },
    },
    writes: { acknowledged_total: 40, unknown_total: 1, resolved_total: 1 },
    connection_budget: { planned: 24, allowed: null, source: null },
    durability: { mode: 'asynchronous', text: '' },
  };
}
