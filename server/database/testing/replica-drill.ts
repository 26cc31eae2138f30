import { expect } from 'vitest';
import type { LedgerLoad } from './ledger.ts';
import { type Replicated, until } from './replicated.ts';

/** A fault of a replica: how to make it and undo it, and what the status must say while it lasts. */
export interface ReplicaFault {
  readonly make: () => unknown;
  readonly undo: () => unknown;
  readonly cause: RegExp;
}

/**
 * Makes a fault of a replica under load, waits until it has left with the expected cause, undoes the fault, and
 * waits for its return. Its events must tell all of that.
 *
 * @param replica its name in the cluster of the test.
 */
export async function drillReplica(
  { source, events }: Pick<Replicated<unknown>, 'source' | 'events'>,
  load: LedgerLoad,
  fault: ReplicaFault,
  replica = 'pg-b',
): Promise<void> {
  await until('it serves', () => source(replica).health === 'online');
  const from = events.length;
  await fault.make();
  await until('it left', () => source(replica).health !== 'online');
  await until(`the cause is told: ${fault.cause}`, () => fault.cause.test(source(replica).cause));
  await load.more(500);
  await fault.undo();
  await until('it returned', () => source(replica).health === 'online');
  await load.more(500);
  const mine = events.slice(from).filter((event) => event.source === source(replica).name);
  expect(mine.map((event) => event.kind)).toContain('left_rotation');
  expect(mine.some((event) => fault.cause.test(event.text))).toBe(true);
  expect(mine.at(-1)).toMatchObject({ kind: 'returned' });
}
