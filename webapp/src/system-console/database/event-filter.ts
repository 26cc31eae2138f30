import type { DatabaseEvent } from '../../../../contract/index.ts';

/** Which events to show; an empty string lets all pass. */
export interface EventFilter {
  /** Found in the text, the data source, the actor or the kind, whatever the case of its letters. */
  readonly words: string;
  readonly kind: string;
  readonly severity: string;
}

export const noFilter: EventFilter = { words: '', kind: '', severity: '' };

/** The events that pass, newest first. */
export function filterEvents(
  events: readonly DatabaseEvent[],
  { words, kind, severity }: EventFilter,
): DatabaseEvent[] {
  const wanted = words.trim().toLowerCase();
  return events
    .filter(
      (event) =>
        (kind === '' || event.kind === kind) &&
        (severity === '' || event.severity === severity) &&
        (wanted === '' || searchable(event).includes(wanted)),
    )
    .reverse();
}

const searchable = ({ text, source, actor, kind }: DatabaseEvent): string =>
  [text, source, actor, kind].join('\n').toLowerCase();

/** The kinds that occur, in the order of the alphabet. */
export function kindsOf(events: readonly DatabaseEvent[]): string[] {
  return [...new Set(events.map((event) => event.kind))].sort();
}
