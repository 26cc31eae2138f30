import { describe, expect, test } from 'vitest';
import type { DatabaseStatus, DataSourceStatus } from '../../../../../contract/index.ts';
import { candidatesOf, isMasterLost, masterOf } from './candidates.ts';

type Change = Partial<Omit<DataSourceStatus, 'disk'>> & { readonly times?: number | null };

/** As far as the wizard looks at it. */
function source(name: string, { times = null, ...change }: Change = {}): DataSourceStatus {
  return {
    name,
    assigned_role: 'replica',
    observed_role: 'replica',
    health: 'online',
    cause: '',
    lag_seconds: 0,
    server_version: '18.1',
    disk: { times_master: times },
    ...change,
  } as DataSourceStatus;
}

const master = (change: Change = {}): DataSourceStatus =>
  source('pg-a', { assigned_role: 'master', observed_role: 'master', ...change });
const statusOf = (...sources: DataSourceStatus[]): DatabaseStatus => ({ sources }) as DatabaseStatus;
const order = (...sources: DataSourceStatus[]): string[] =>
  candidatesOf(statusOf(master(), ...sources)).map(({ source: { name } }) => name);

describe('the candidates', () => {
  test('are all but the master, search replicas too', () => {
    expect(order(source('pg-b'), source('pg-s', { assigned_role: 'search-replica' }))).toEqual(['pg-b', 'pg-s']);
  });

  test('come by lag, then by disk, then by version, then by name', () => {
    expect(order(source('pg-b', { lag_seconds: 4 }), source('pg-c', { lag_seconds: 0.3 }))).toEqual(['pg-c', 'pg-b']);
    expect(order(source('pg-b', { times: 1 }), source('pg-c', { times: 3.4 }))).toEqual(['pg-c', 'pg-b']);
    expect(order(source('pg-b', { server_version: '17.2' }), source('pg-c'))).toEqual(['pg-c', 'pg-b']);
    expect(order(source('pg-c'), source('pg-b'))).toEqual(['pg-b', 'pg-c']);
  });

  test('do not change places for a few milliseconds of lag, and an unknown lag counts as a long one', () => {
    expect(order(source('pg-b', { lag_seconds: 0.05 }), source('pg-c', { lag_seconds: 0.01 }))).toEqual([
      'pg-b',
      'pg-c',
    ]);
    expect(order(source('pg-b', { lag_seconds: null }), source('pg-c', { lag_seconds: 900 }))).toEqual([
      'pg-c',
      'pg-b',
    ]);
  });

  test('that cannot become the master come last, with the reason', () => {
    const found = candidatesOf(
      statusOf(
        master(),
        source('pg-b', { health: 'offline' }),
        source('pg-c', { observed_role: 'master' }),
        source('pg-d', { observed_role: 'read-only' }),
        source('pg-e', { health: 'draining' }),
        source('pg-f', { health: 'lagging', lag_seconds: 30 }),
      ),
    );
    expect(found.map(({ source: { name }, unfit }) => [name, unfit])).toEqual([
      ['pg-f', undefined],
      ['pg-c', 'role'],
      ['pg-d', 'role'],
      ['pg-b', 'offline'],
      ['pg-e', 'draining'],
    ]);
  });
});

describe('the master', () => {
  test('is lost when it does not answer or refuses writes, and only then', () => {
    expect(isMasterLost(statusOf(master(), source('pg-b', { health: 'offline' })))).toBe(false);
    expect(isMasterLost(statusOf(master({ health: 'suspect' })))).toBe(false);
    expect(isMasterLost(statusOf(master({ health: 'offline', observed_role: 'unknown' })))).toBe(true);
    expect(isMasterLost(statusOf(master({ observed_role: 'read-only' })))).toBe(true);
    expect(masterOf(statusOf(source('pg-b'), master()))?.name).toBe('pg-a');
  });
});
