import { createHash } from 'node:crypto';
import { accessSync, chmodSync, constants, mkdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { giveTo, mayEnter, type RunAs } from './run-as.ts';

/**
 * Chooses and makes the folder for the nodes' data: below `directory` when the databases' user may enter it. Otherwise, as when root
 * starts from a folder below /root, a folder of its own below /var/lib, or below the temporary folder where that cannot be written.
 */
export function chooseDataRoot(directory: string, runAs: RunAs | undefined): string {
  makeOpenFolder(directory);
  const here = realpathSync(directory);
  const root = join(mayEnter(here, runAs) ? here : shelterFor(here), 'nodes');
  makeOpenFolder(root);
  giveTo(root, runAs);
  return realpathSync(root);
}

/** A folder that every user may enter, always the same one for the same `directory`. */
export function shelterFor(directory: string): string {
  const tag = createHash('sha256').update(directory).digest('hex').slice(0, 8);
  return join(isWritable('/var/lib') ? '/var/lib' : tmpdir(), `holdfast-${tag}`);
}

/** Makes a folder, and the missing ones above it, that everybody may enter whatever the umask says. */
export function makeOpenFolder(folder: string): void {
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
