import { parseDataSource } from '../data-source/index.ts';
import type { AssignedRole, ConfiguredSource } from '../settings/settings.ts';
import { type Member, newMember } from '../topology/index.ts';

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
    lagMs: 0,
    lagBytes: 0,
    ...changes,
  };
}
