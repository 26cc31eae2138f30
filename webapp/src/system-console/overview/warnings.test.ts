import { describe, expect, test } from 'vitest';
import type { ConfigStatus, DatabaseStatus, DataSourceStatus } from '../../../../contract/index.ts';
import { warningsOf } from './warnings.ts';

function source(name: string, changes: Partial<DataSourceStatus> = {}): DataSourceStatus {
  return {
    name,
    host: name,
    port: 5432,
    database: 'holdfast',
    user: 'holdfast',
    driver: 'postgres',
    assigned_role: name === 'pg-a' ? 'master' : 'replica',
    observed_role: name === 'pg-a' ? 'master' : 'replica',
    health: 'online',
    cause: 'answers',
    taken_out: null,
    health_since: 0,
    generation: 1,
    in_use: 0,
    idle: 0,
    max: 10,
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
    ...changes,
  };
}

function status(changes: Partial<DatabaseStatus> = {}): DatabaseStatus {
  return {
    generation: 1,
    generation_since: 0,
    mode: { mode: 'normal', reason: '', since: 0 },
    master_since: 0,
    sources: [source('pg-a'), source('pg-b'), source('pg-c')],
    draining: [],
    gate: { state: 'open', waiting: 0, longest_wait_ms: 0, last_hold_ms: null, released_total: 0, expired_total: 0 },
    reads: { replica_total: 0, master_total: 0, retried_total: 0, behind_total: 0, master_by_reason: {} },
    writes: { acknowledged_total: 0, unknown_total: 0, resolved_total: 0 },
    connection_budget: { planned: 30, allowed: 97, source: 'pg-a' },
    durability: { mode: 'synchronous', text: '' },
    ...changes,
  };
}

const layer = { version: 1, sha: 'a', at: 0 };

function config(changes: Partial<ConfigStatus> = {}): ConfigStatus {
  return {
    file: { path: 'config.json', size: 1, modified_at: 0, writable: true, valid: true, problems: [] },
    layers: { on_disk: layer, running: layer, live: { ...layer, generation: 1 } },
    changes: [],
    environment: [],
    recycle_needed: false,
    last_reload: null,
    kept_versions: [],
    history: [],
    ...changes,
  };
}

const keysOf = (databases: DatabaseStatus, file: ConfigStatus | undefined = config()): string[] =>
  warningsOf(databases, file).map(({ key }) => key);

describe('warnings', () => {
  test('a healthy server has none, also before its configuration is known', () => {
    expect(keysOf(status())).toEqual([]);
    expect(keysOf(status(), undefined)).toEqual([]);
  });

  test('what hurts most comes first', () => {
    const sources = [source('pg-a', { health: 'offline' }), source('pg-b', { health: 'lagging' }), source('pg-c')];
    const mode = { mode: 'read-only', reason: 'the master is lost', since: 0 } as const;
    expect(keysOf(status({ mode, sources }), config({ recycle_needed: true }))).toEqual([
      'mode',
      'source pg-a',
      'source pg-b',
      'recycle',
    ]);
  });

  test('no fit replica is said once more for all', () => {
    const lagging = { health: 'lagging' } as const;
    const sources = [source('pg-a'), source('pg-b', lagging), source('pg-c', lagging)];
    expect(keysOf(status({ sources }))).toEqual(['source pg-b', 'source pg-c', 'replicas']);
    expect(keysOf(status({ sources: [source('pg-a')] }))).toEqual([]);
  });

  test('an edited file asks for a reload, an invalid one for a correction', () => {
    const layers = { ...config().layers, on_disk: { ...layer, sha: 'b' } };
    expect(keysOf(status(), config({ layers }))).toEqual(['reload']);
    expect(keysOf(status(), config({ layers, file: { ...config().file, valid: false } }))).toEqual(['file']);
  });

  test('disks come before the file, full ones first', () => {
    const disk = (severity: 'warning' | 'error') => ({
      disk: { ...source('').disk, warnings: [{ kind: 'disk_low' as const, severity, text: severity }] },
    });
    const sources = [source('pg-a', disk('warning')), source('pg-b', disk('error'))];
    expect(keysOf(status({ sources }), config({ recycle_needed: true }))).toEqual([
      'disk error',
      'disk warning',
      'recycle',
    ]);
    expect(warningsOf(status({ sources }), undefined).map(({ tone }) => tone)).toEqual(['bad', 'warning']);
  });

  test('the budget counts only where the limit is known; asynchronous replication only where there is a replica', () => {
    const over = { planned: 300, allowed: 97, source: 'pg-a' };
    expect(keysOf(status({ connection_budget: over }))).toEqual(['budget']);
    expect(keysOf(status({ connection_budget: { ...over, allowed: null } }))).toEqual([]);
    const durability = { mode: 'asynchronous', text: 'writes may be lost' } as const;
    expect(keysOf(status({ durability }))).toEqual(['durability']);
    expect(keysOf(status({ durability, sources: [source('pg-a')] }))).toEqual([]);
  });

  test('a promotion that is switched on and would not happen is told', () => {
    const promotion = { state: 'ineffective', text: 'Switched on, and does nothing.' } as const;
    expect(keysOf(status({ automatic_promotion: promotion }))).toEqual(['promotion']);
    for (const state of ['off', 'ready'] as const) {
      expect(keysOf(status({ automatic_promotion: { ...promotion, state } }))).toEqual([]);
    }
  });
});
