import type { NodeStatus } from '../node-status.ts';
import { type History, isPartOf, positionOf, sequenceOf } from './history.ts';
import type { MariadbNode } from './node.ts';
import type { MariadbRow } from './session.ts';

const ASK_LIMIT_MS = 1_500;

/** What each node is and does. Never fails; asks the nodes themselves only when they run, and for 1.5 s at most. */
export function describeMariadbNodes(
  nodes: readonly MariadbNode[],
  master: MariadbNode | undefined,
): Promise<NodeStatus[]> {
  // The master's history is read last: what a replica has from it since then is in it.
  const present = nodes.filter((node) => node.exists()).toSorted((a, b) => Number(a === master) - Number(b === master));
  const histories = new Map(present.map((node) => [node, node.history()]));
  const newest = master === undefined ? undefined : histories.get(master);
  return Promise.all(nodes.map((node) => describeNode(node, histories.get(node), newest)));
}

async function describeNode(
  node: MariadbNode,
  history: History | undefined,
  master: History | undefined,
): Promise<NodeStatus> {
  const { name, port, pid } = node;
  const outside = {
    ...{ name, port, pid, state: node.processState() },
    role: history === undefined ? ('none' as const) : node.role(),
    position: history === undefined ? undefined : `GTID ${positionOf(history) || 'none'}`,
    superseded: isSuperseded(node, history, master),
    receiving: undefined,
    unapplied: undefined,
    replayPaused: undefined,
    applyDelayMs: 0,
  };
  if (outside.state !== 'running' || outside.role !== 'replica') return outside;
  try {
    return { ...outside, ...describeLink(await node.link(ASK_LIMIT_MS), await node.position(ASK_LIMIT_MS)) };
  } catch {
    return { ...outside, state: 'unresponsive' };
  }
}

/** A writable node that is not the master was one before; a replica may have what the master never got. */
function isSuperseded(node: MariadbNode, history: History | undefined, master: History | undefined): boolean {
  if (history === undefined || master === undefined || history === master) return false;
  return node.role() === 'master' || !isPartOf(history, master);
}

function describeLink(
  link: MariadbRow | undefined,
  applied: bigint,
): Pick<NodeStatus, 'receiving' | 'unapplied' | 'replayPaused' | 'applyDelayMs'> {
  const received = sequenceOf(String(link?.['Gtid_IO_Pos'] ?? ''));
  const count = received > applied ? received - applied : 0n;
  return {
    receiving: link?.['Slave_IO_Running'] === 'Yes',
    unapplied: count === 0n ? undefined : `${count} transaction${count === 1n ? '' : 's'}`,
    replayPaused: link?.['Slave_SQL_Running'] === 'No',
    applyDelayMs: 1_000 * Number(link?.['SQL_Delay'] ?? 0),
  };
}
