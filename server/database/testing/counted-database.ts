import type { Database } from '../index.ts';

const calls = ['read', 'readLatest', 'readStale', 'write', 'writeAll', 'transaction'] as const;
export type DatabaseCall = (typeof calls)[number];

/** The same database, which tells of each call: each of them is a round trip, a transaction is as many as it makes. */
export function countedDatabase(database: Database, note: (call: DatabaseCall) => void): Database {
  const wrapped = Object.fromEntries(
    calls.map((name) => [
      name,
      (...values: unknown[]) => {
        note(name);
        return (database[name] as (...given: unknown[]) => unknown).apply(database, values);
      },
    ]),
  );
  return Object.defineProperty(wrapped, 'latestToken', { get: () => database.latestToken }) as unknown as Database;
}
