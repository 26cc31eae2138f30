import { parseDataSource } from '../data-source/index.ts';
import type { AssignedRole, ConfiguredSource } from '../settings/settings.ts';
import type { Snapshot } from '../lifecycle/live.ts';
import type { ConnectionPool } from '../pool/index.ts';
import { buildTopology, type Member, newMember } from '../topology/index.ts';
import { testSettings } from './test-settings.ts';

/** A configured source named `<host>:5432/chat`. */
export function configured(host: string, role: AssignedRole, index = 0): ConfiguredSource {
  const parsed = parseDataSource(`postgres://chat:secret@${host}:5432/chat`, 'postgres');
  if (!('source' in parsed) || parsed.source === undefined) throw new Error('The test data source does not parse.');
  return { source: parsed.source, role, index };
}

/** A member that serves, with what a test wants different. */
export function member(host: string, role: AssignedRole, changes: Partial<Member> = {}): Member {
  return {
    ...newMember(configured(host, role), 0),
    health: 'online',
    cause: '',
    observed: role === 'master' ? 'master' : 'replica',
    position: '0000000000000100',
    timeline: 1,
    clusterId: '7001',
    instance: 'first',
    sharedUpTo: role === 'master' ? null : '0000000000000100',
    lagMs: 0,
    lagBytes: 0,
    ...changes,
  };
}

/** A snapshot of these members, generation 1, without pools unless some are given. */
export function snapshotOf(
  members: readonly Member[],
  pools: ReadonlyMap<string, ConnectionPool> = new Map(),
): Snapshot {
  const list = members.map(({ source }) => `postgres://chat:secret@${source.hosts[0].host}:5432/chat`);
  return {
    topology: buildTopology(members, { generation: 1, since: 0, masterSince: 0 }),
    settings: testSettings(list.join(',')),
    pools,
    floor: null,
  };
}
