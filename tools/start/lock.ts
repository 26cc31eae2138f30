import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { processBegan } from '../cluster/index.ts';

/** Who has the lock. */
export interface LockHolder {
  readonly pid: number;
  /** When that process began, in the system's own notation: process ids are used again. */
  readonly began: string;
}

/** Takes the lock for this process. Gives the living process that has it, or undefined when it is ours now. */
export function takeLock(path: string): LockHolder | undefined {
  mkdirSync(dirname(path), { recursive: true });
  const mine: LockHolder = { pid: process.pid, began: processBegan(process.pid) ?? '' };
  for (;;) {
    try {
      writeFileSync(path, `${JSON.stringify(mine)}\n`, { flag: 'wx' });
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = readLock(path);
    if (holder !== undefined) return holder;
    rmSync(path, { force: true });
  }
}

/** The living process that has the lock, if any. */
export function readLock(path: string): LockHolder | undefined {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as LockHolder;
    return processBegan(holder.pid) === holder.began ? holder : undefined;
  } catch {
    return undefined;
  }
}

/** Gives up a lock that this process took. */
export function releaseLock(path: string): void {
  rmSync(path, { force: true });
}
