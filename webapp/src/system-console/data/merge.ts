import type { DatabaseEvent, Operation } from '../../../../contract/index.ts';

const eventsKept = 1_000;

/** Events stay in the order of their ids, each once: an answer and the socket may both bring one. */
export function withEvent(events: readonly DatabaseEvent[], added: DatabaseEvent): DatabaseEvent[] {
  const others = events.filter((event) => event.id !== added.id);
  const at = others.findLastIndex((event) => event.id < added.id) + 1;
  return [...others.slice(0, at), added, ...others.slice(at)].slice(-eventsKept);
}

/** Newest first. An update that comes after the end (an answer overtaken by the socket) changes nothing. */
export function withOperation(operations: readonly Operation[], updated: Operation): Operation[] {
  const known = operations.find((operation) => operation.id === updated.id);
  if (known === undefined) return [updated, ...operations];
  return operations.map((operation) => (operation === known ? newerOperation(known, updated) : operation));
}

export function newerOperation(known: Operation, updated: Operation): Operation {
  return known.outcome !== 'running' && updated.outcome === 'running' ? known : updated;
}
