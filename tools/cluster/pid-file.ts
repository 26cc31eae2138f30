import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SYSTEM_V_SEGMENTS = '/proc/sysvipc/shm';

/** The lines of PostgreSQL's own pid file: [0] process id, [6] key and id of its shared memory, [7] status. Empty without one. */
export function readPidFile(dataDirectory: string): string[] {
  try {
    return readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

/**
 * Gives back the System V shared memory of a node that was killed. Each node has a small segment by which it knows whether
 * others are at its data. A killed one leaves it behind, for the next start on the same data; when the data are removed instead it
 * stays until the machine restarts, and there are 4,096 of them: then no PostgreSQL starts any more.
 */
export function releaseSharedMemory(dataDirectory: string): void {
  const [key, id] = (readPidFile(dataDirectory)[6] ?? '').trim().split(/\s+/);
  if (key === undefined || id === undefined || !mayExist(key, id)) return;
  try {
    execFileSync('ipcrm', ['-m', id], { stdio: 'ignore' });
  } catch {
    // It was given back meanwhile, or this machine has no such command.
  }
}

/** Where the system lists them, a segment must have the key, too: its id may be another one's by now. */
function mayExist(key: string, id: string): boolean {
  if (!existsSync(SYSTEM_V_SEGMENTS)) return true;
  return readFileSync(SYSTEM_V_SEGMENTS, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .some(([foundKey, foundId]) => foundId === id && (Number(foundKey) | 0) === (Number(key) | 0));
}
