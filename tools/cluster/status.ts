import type { ClusterNode } from './node.ts';
import type { NodeStatus } from './node-status.ts';
import { withSession } from './session.ts';

const ASK_LIMIT_MS = 1_500;

/** What each node is and does. Never fails; asks the nodes themselves only when they run, and for 1.5 s at most. */
export function describeNodes(nodes: readonly ClusterNode[]): Promise<NodeStatus[]> {
  const timelines = new Map(nodes.filter((node) => node.exists()).map((node) => [node, node.timeline()]));
  const newest = Math.max(...timelines.values());
  return Promise.all(nodes.map((node) => describeNode(node, timelines.get(node), newest)));
}

async function describeNode(node: ClusterNode, timeline: number | undefined, newest: number): Promise<NodeStatus> {
  const exists = node.exists();
  const outside = {
    name: node.name,
    port: node.port,
    state: node.processState(),
    role: exists ? node.role() : ('none' as const),
    position: timeline === undefined ? undefined : `timeline ${timeline}`,
    superseded: timeline !== undefined && timeline < newest,
    pid: node.pid,
    receiving: undefined,
    unapplied: undefined,
    replayPaused: undefined,
    applyDelayMs: exists ? node.applyDelay() : 0,
  };
  if (outside.state !== 'running' || outside.role !== 'replica') return outside;
  try {
    return { ...outside, ...(await askReplica(node)) };
  } catch {
    return { ...outside, state: 'unresponsive' };
  }
}

const REPLICA_QUESTION = `
  SELECT EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming') AS receiving,
         coalesce(pg_last_wal_receive_lsn() - pg_last_wal_replay_lsn(), 0)::float8 AS unapplied,
         pg_is_wal_replay_paused() AS paused`;

async function askReplica(node: ClusterNode): Promise<Pick<NodeStatus, 'receiving' | 'unapplied' | 'replayPaused'>> {
  const [row] = await withSession(node.adminUrl(), (session) => session.query(REPLICA_QUESTION), ASK_LIMIT_MS);
  const bytes = Math.max(0, Number(row?.['unapplied'] ?? 0));
  return {
    receiving: row?.['receiving'] === true,
    unapplied: bytes === 0 ? undefined : `${bytes} bytes`,
    replayPaused: row?.['paused'] === true,
  };
}
