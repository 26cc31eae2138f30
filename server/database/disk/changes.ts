import type { LayerEvent } from '../events.ts';
import type { DiskWarning } from './judge.ts';

const same = (a: DiskWarning, b: DiskWarning): boolean =>
  a.kind === b.kind && a.source === b.source && a.about === b.about;

/**
 * What to tell when the warnings have become others: of each that is new, or whose severity has changed, and of each
 * that is over. Figures in a text may move without anybody being told.
 *
 * @param present names of the members; what left with its member is not over.
 */
export function diskEvents(
  before: readonly DiskWarning[],
  after: readonly DiskWarning[],
  present: ReadonlySet<string>,
): Omit<LayerEvent, 'at'>[] {
  const raised = after.filter((one) => before.find((other) => same(one, other))?.severity !== one.severity);
  const over = before.filter((one) => present.has(one.source) && !after.some((other) => same(one, other)));
  return [
    ...raised.map(({ kind, severity, source, about, text }) => ({ kind, severity, source, text, detail: { about } })),
    ...over.map(({ kind, source, about, text }) => ({
      kind: 'disk_recovered',
      severity: 'info' as const,
      source,
      text: `No longer so: ${text}`,
      detail: { warning: kind, about },
    })),
  ];
}
