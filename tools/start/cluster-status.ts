import type { NodeStatus } from '../cluster/index.ts';

/** A table of the nodes for a terminal. */
export function renderStatus(nodes: readonly NodeStatus[]): string {
  const rows = nodes.map((node) => [
    node.name,
    node.role,
    node.state,
    String(node.port),
    String(node.pid ?? '-'),
    describeReplication(node),
  ]);
  return renderTable(['NAME', 'ROLE', 'STATE', 'PORT', 'PID', 'REPLICATION'], rows);
}

function describeReplication(node: NodeStatus): string {
  if (node.role === 'master') return node.superseded ? 'superseded: rebuild it' : (node.position ?? '-');
  if (node.role === 'none') return '-';
  if (node.state !== 'running') return node.applyDelayMs > 0 ? `applies ${node.applyDelayMs} ms late` : '-';
  const remarks = [node.receiving ? 'receiving' : 'receives nothing'];
  if (node.superseded) remarks.push(`still on ${node.position}`);
  if (node.unapplied !== undefined) remarks.push(`${node.unapplied} not applied yet`);
  if (node.replayPaused) remarks.push('replay paused');
  if (node.applyDelayMs > 0) remarks.push(`applies ${node.applyDelayMs} ms late`);
  return remarks.join(', ');
}

function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
