import { randomFillSync } from 'node:crypto';

/** Mattermost's alphabet: 32 letters and digits, five random bits each. */
const ALPHABET = Buffer.from('ybndrfg8ejkmcpqxot1uwisza345h769', 'latin1');
const LENGTH = 26;

// Asking the system for random bytes costs more than all the rest, so they are fetched for many ids at once.
const pool = Buffer.alloc(LENGTH * 256);
const letters = Buffer.alloc(LENGTH);
let used = pool.length;

/** A new id: 26 characters, 130 bits from the system's random source; good enough for a session's secret too. */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  for (let i = 0; i < LENGTH; i++) {
    letters[i] = ALPHABET[(pool[used + i] as number) & 31] as number;
  }
  // A used secret must not be found in the pool.
  pool.fill(0, used, used + LENGTH);
  used += LENGTH;
  return letters.toString('latin1');
}
