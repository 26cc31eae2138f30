import { createHash } from 'node:crypto';
import { accessSync, chmodSync, constants, lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { ClusterError } from './errors.ts';
import { giveTo, mayEnter, type RunAs } from './run-as.ts';

/**
 * Chooses and makes the folder for the nodes' data: below `directory` when the databases' user may enter it. Otherwise, as when root
 * starts from a folder below /root, a folder of its own below /var/lib, or below the temporary folder where that cannot be written.
 */
export function chooseDataRoot(directory: string, runAs: RunAs | undefined): string {
  makeOpenFolder(directory);
  const here = realpathSync(directory);
  const root = join(mayEnter(here, runAs) ? here : makeShelter(here), 'nodes');
  makeOpenFolder(root);
  giveTo(root, runAs);
  return realpathSync(root);
}

/**
 * Makes a folder of ours that every user may enter, always the same one for the same `origin`.
 *
 * @throws ClusterError when the folder belongs to somebody else, who could put anything into it.
 */
export function makeShelter(origin: string): string {
  const tag = createHash('sha256').update(origin).digest('hex').slice(0, 8);
  const shelter = join(isWritable('/var/lib') ? '/var/lib' : tmpdir(), `holdfast-${tag}`);
  makeOpenFolder(shelter);
  if (lstatSync(shelter).uid === process.getuid?.()) return shelter;
  throw new ClusterError(
    `${shelter} belongs to another user. Remove it, or set HOLDFAST_DATA_DIR to a folder that all users may enter.`,
  );
}

/** Makes a folder, and the missing ones above it, that everybody may enter whatever the umask says. */
function makeOpenFolder(folder: string): void {
  const first = mkdirSync(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) chmodSync(made, 0o755);
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
