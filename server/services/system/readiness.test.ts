import { describe, expect, it } from 'vitest';
import type { DatabaseMode, DataSourceStatus } from '../../../contract/index.ts';
import { readinessOf } from './readiness.ts';

const mode = (name: DatabaseMode['mode'], reason = ''): DatabaseMode => ({ mode: name, reason, since: 7 });
const master = (over: Partial<DataSourceStatus> = {}) => ({
  sources: [
    { name: 'db2:5432/chat', assigned_role: 'replica', health: 'offline', observed_role: 'unknown', cause: '' },
    { name: 'db1:5432/chat', assigned_role: 'master', health: 'online', observed_role: 'master', cause: '', ...over },
  ] as DataSourceStatus[],
});
const normal = mode('normal');

describe('readinessOf', () => {
  it('is ready while the master is, whatever a replica does', () => {
    expect(readinessOf({ isServing: true, mode: normal, status: master() }, true)).toEqual({
      status: 'OK',
      mode: 'normal',
      since: 7,
      reasons: [],
    });
  });

  it('is ready during a switch, which holds writes and refuses none', () => {
    const facts = { isServing: true, mode: mode('switching'), status: master({ health: 'offline' }) };
    expect(readinessOf(facts, true).status).toBe('OK');
  });

  it.each([
    ['starting', { isServing: false, mode: normal, status: master() }, 'The server is starting or stopping.'],
    [
      'read-only mode',
      { isServing: true, mode: mode('read-only', 'db1 is fenced'), status: master() },
      'The server is in read-only mode: db1 is fenced',
    ],
    [
      'a lost master',
      { isServing: true, mode: normal, status: master({ health: 'offline', cause: 'connection refused' }) },
      'The master is unreachable: db1:5432/chat: connection refused',
    ],
    [
      'a master in recovery',
      { isServing: true, mode: normal, status: master({ observed_role: 'replica', cause: 'in recovery' }) },
      'The master accepts no writes: db1:5432/chat: in recovery',
    ],
    ['no master', { isServing: true, mode: normal, status: { sources: [] } }, 'There is no master.'],
  ])('is not ready: %s', (_name, facts, reason) => {
    expect(readinessOf(facts, true)).toMatchObject({ status: 'UNHEALTHY', reasons: [reason] });
    expect(readinessOf(facts, false).reasons.join()).not.toContain('db1');
  });
});
