import type { ClusterNode } from './node.ts';
import { withSession } from './session.ts';

const ASK_LIMIT_MS = 1_500;

/** One node as seen from outside and, where it answers, as it describes itself. */
export interface NodeStatus {
  readonly name: string;
  readonly port: number;
  readonly state: 'running' | 'frozen' | 'unready' | 'stopped' | 'unresponsive';
  readonly role: 'master' | 'replica' | 'none';
  readonly timeline: number | undefined;
  readonly pid: number | undefined;
  /** Replicas: whether log arrives. Master: undefined. */
  readonly receiving: boolean | undefined;
  /** Bytes received and not applied yet. */
  readonly unappliedBytes: number | undefined;
  readonly replayPaused: boolean | undefined;
  /** Milliseconds; 0 = none. */
  readonly applyDelayMs: number;
}

/** What a node is and does. Never fails; asks the node itself only when it runs, and for 1.5 s at most. */
export async function describeNode(node: ClusterNode): Promise<NodeStatus> {
  const exists = node.exists();
  const outside = {
    name: node.name,
    port: node.port,
    state: node.processState(),
    role: exists ? node.role() : ('none' as const),
    timeline: exists ? node.timeline() : undefined,
    pid: node.pid,
    receiving: undefined,
    unappliedBytes: undefined,
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

async function askReplica(
  node: ClusterNode,
): Promise<Pick<NodeStatus, 'receiving' | 'unappliedBytes' | 'replayPaused'>> {
  const [row] = await withSession(node.adminUrl(), (session) => session.query(REPLICA_QUESTION), ASK_LIMIT_MS);
  return {
    receiving: row?.['receiving'] === true,
    unappliedBytes: Math.max(0, Number(row?.['unapplied'] ?? 0)),
    replayPaused: row?.['paused'] === true,
  };
}
