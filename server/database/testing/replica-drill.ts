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
 * Makes a fault of the replica `pg-b` under load, waits until it has left with the expected cause, undoes the fault, and
 * waits for its return. Its events must tell all of that.
 */
export async function drillReplica(it3: Replicated, load: LedgerLoad, fault: ReplicaFault): Promise<void> {
  const { source, events } = it3;
  await until('it serves', () => source('pg-b').health === 'online');
  const from = events.length;
  await fault.make();
  await until('it left', () => source('pg-b').health !== 'online');
  await until(`the cause is told: ${fault.cause}`, () => fault.cause.test(source('pg-b').cause));
  await load.more(500);
  await fault.undo();
  await until('it returned', () => source('pg-b').health === 'online');
  await load.more(500);
  const mine = events.slice(from).filter((event) => event.source === source('pg-b').name);
  expect(mine.map((event) => event.kind)).toContain('left_rotation');
  expect(mine.some((event) => fault.cause.test(event.text))).toBe(true);
  expect(mine.at(-1)).toMatchObject({ kind: 'returned' });
}
