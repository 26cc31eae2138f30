import type { NodeStatus } from '../cluster/index.ts';

/** A table of the nodes for a terminal. */
export function renderStatus(nodes: readonly NodeStatus[]): string {
  const newest = Math.max(...nodes.map((node) => node.timeline ?? 0));
  const rows = nodes.map((node) => [
    node.name,
    node.role,
    node.state,
    String(node.port),
    String(node.pid ?? '-'),
    describeReplication(node, newest),
  ]);
  return renderTable(['NAME', 'ROLE', 'STATE', 'PORT', 'PID', 'REPLICATION'], rows);
}

function describeReplication(node: NodeStatus, newest: number): string {
  const isBehind = node.timeline !== undefined && node.timeline < newest;
  if (node.role === 'master') return isBehind ? 'superseded: rebuild it' : `timeline ${node.timeline}`;
  if (node.role === 'none') return '-';
  if (node.state !== 'running') return node.applyDelayMs > 0 ? `applies ${node.applyDelayMs} ms late` : '-';
  const remarks = [node.receiving ? 'receiving' : 'receives nothing'];
  if (isBehind) remarks.push(`still on timeline ${node.timeline}`);
  if ((node.unappliedBytes ?? 0) > 0) remarks.push(`${node.unappliedBytes} bytes not applied yet`);
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
