import { execFileSync } from 'node:child_process';
import { chownSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

import { ClusterError } from './errors.ts';

/** The system user that the databases run as. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

// PostgreSQL and MariaDB refuse to run as root, and initdb wants a user with an entry in the user list. `nobody` is there on every system.
const UNPRIVILEGED_USERS = ['postgres', 'nobody'] as const;

/**
 * The user to give to spawned databases, or undefined when this process is not root and so runs them as itself.
 *
 * @throws ClusterError when root finds none of the known unprivileged users.
 */
export function chooseRunAs(): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const user of UNPRIVILEGED_USERS) {
    const found = lookUp(user);
    if (found !== undefined) return found;
  }
  throw new ClusterError(
    `The databases do not run as root, and this system has neither of the users ${UNPRIVILEGED_USERS.join(', ')}. Start as a plain user.`,
  );
}

function lookUp(user: string): RunAs | undefined {
  try {
    return { uid: numericId('-u', user), gid: numericId('-g', user) };
  } catch {
    return undefined;
  }
}

function numericId(which: '-u' | '-g', user: string): number {
  return Number(execFileSync('id', [which, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim());
}

/** Whether `runAs` may enter (search) every folder of the path, the last one included. Undefined stands for this process: always true. */
export function mayEnter(path: string, runAs: RunAs | undefined): boolean {
  if (runAs === undefined) return true;
  const parent = dirname(path);
  return hasPermission(path, runAs, 1) && (parent === path || mayEnter(parent, runAs));
}

/** Whether `runAs` may read the file or folder and enter all folders above it. */
export function mayRead(path: string, runAs: RunAs | undefined): boolean {
  if (runAs === undefined) return true;
  return hasPermission(path, runAs, 4) && mayEnter(dirname(path), runAs);
}

// By mode bits alone: spawned databases get no supplementary groups, and access control lists on such folders are rare.
function hasPermission(path: string, runAs: RunAs, bit: 1 | 4): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  if (found.uid === runAs.uid) return (found.mode & (bit << 6)) !== 0;
  if (found.gid === runAs.gid) return (found.mode & (bit << 3)) !== 0;
  return (found.mode & bit) !== 0;
}

/** Gives a path to the database user; nothing to do when that is this process's own user. */
export function giveTo(path: string, runAs: RunAs | undefined): void {
  if (runAs !== undefined) chownSync(path, runAs.uid, runAs.gid);
}
