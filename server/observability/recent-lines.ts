/** The last lines of the log, for the console. */
export interface RecentLines {
  add(line: string): void;
  /** Oldest first; at most `limit` of the newest. */
  list(limit?: number): string[];
}

/** Keeps the last `capacity` lines in a ring; nothing is moved when one is added. */
export function createRecentLines(capacity = 1_000): RecentLines {
  const ring: string[] = [];
  let added = 0;
  return {
    add(line) {
      ring[added % capacity] = line;
      added += 1;
    },
    list(limit = capacity) {
      const count = Math.min(limit, ring.length);
      return Array.from({ length: count }, (_, i) => ring[(added - count + i) % capacity] ?? '');
    },
  };
}
