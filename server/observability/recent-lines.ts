/** A kept line; ids rise by one from 0. */
export interface RecentLine {
  readonly id: number;
  readonly line: string;
}

/** The last lines of the log, for the console. */
export interface RecentLines {
  add(line: string): void;
  /** The kept lines with a higher id, oldest first; without `after` all of them. */
  list(after?: number): RecentLine[];
}

/** Keeps the last `capacity` lines in a ring; nothing is moved when one is added. */
export function createRecentLines(capacity = 2_000): RecentLines {
  const ring: string[] = [];
  let added = 0;
  return {
    add(line) {
      ring[added % capacity] = line;
      added += 1;
    },
    list(after = -1) {
      const first = Math.max(added - ring.length, after + 1);
      return Array.from({ length: Math.max(0, added - first) }, (_, i) => ({
        id: first + i,
        line: ring[(first + i) % capacity] ?? '',
      }));
    },
  };
}
