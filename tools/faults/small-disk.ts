import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A folder that lies on a disk of its own, of a size that can be used up. */
export interface SmallDisk {
  readonly totalBytes: number;
  /** Leaves no byte free, and goes on taking what others give back: writes that need room fail with ENOSPC until `free`. */
  fill(): void;
  /** Gives the room back. */
  free(): void;
  /** Puts the folder back where it was, with what is on the disk now. Nobody may have files open on it. */
  remove(): void;
}

const BALLAST = 'ballast-of-a-drill';
const CHUNK_BYTES = 1024 * 1024;
/** A database that starts anew removes old files; it must not find that room. */
const REFILL_MS = 20;

/** Why no small disk can be made here, and what to do; undefined when it can. */
export function whyNoSmallDisk(): string | undefined {
  if (process.platform !== 'linux') return 'A disk of a fixed size (tmpfs) can be made on Linux only.';
  if (process.getuid?.() !== 0) return 'Only root may mount a disk of a fixed size: run as root to try a full disk.';
  return mountRefusal();
}

/** Root of a container may lack the right to mount. */
function mountRefusal(): string | undefined {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', '-o', 'size=64k', 'none', '/mnt'], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    const why = (error as { stderr?: Buffer }).stderr?.toString().trim() || String(error);
    return `This machine does not let root mount a disk of a fixed size: ${why}`;
  }
}

/**
 * Moves a folder, which nobody may be using, to a new disk that is mounted in its place. Owner and mode stay.
 *
 * @param room megabytes that are free on it at first; memory is taken as it is used.
 */
export function putOnSmallDisk(folder: string, room: number): SmallDisk {
  const { mode, uid, gid } = statSync(folder);
  const original = `${folder}.original`;
  renameSync(folder, original);
  mkdirSync(folder);
  const megabytes = usedMegabytes(original) + room;
  const owner = `mode=${(mode & 0o777).toString(8)},uid=${uid},gid=${gid}`;
  const putBack = (): void => {
    rmSync(folder, { recursive: true });
    renameSync(original, folder);
  };
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,${owner}`, 'none', folder], { stdio: 'pipe' });
  } catch (error) {
    putBack();
    throw error;
  }
  // A mount outlives its maker, and nobody could remove the folder under it.
  const abandon = (): void => unmount(folder);
  process.prependOnceListener('exit', abandon);
  const leave = (): void => {
    unmount(folder);
    process.off('exit', abandon);
    putBack();
  };
  try {
    copy(`${original}/.`, folder);
  } catch (error) {
    leave();
    throw error;
  }
  const ballast = join(folder, BALLAST);
  let refill: NodeJS.Timeout | undefined;
  const free = (): void => {
    clearInterval(refill);
    rmSync(ballast, { force: true });
  };
  return {
    totalBytes: megabytes * 1024 ** 2,
    fill: () => {
      fill(ballast);
      clearInterval(refill);
      refill = setInterval(() => fill(ballast), REFILL_MS).unref();
    },
    free,
    remove: () => {
      free();
      rmSync(original, { recursive: true });
      copy(folder, original);
      leave();
    },
  };
}

function copy(from: string, to: string): void {
  execFileSync('cp', ['-a', from, to]);
}

function usedMegabytes(folder: string): number {
  return Number.parseInt(execFileSync('du', ['-sm', folder], { encoding: 'utf8' }), 10);
}

function unmount(folder: string): void {
  // Lazily: a process that is just ending may still hold a file.
  execFileSync('umount', ['--lazy', folder]);
}

function fill(ballast: string): void {
  const file = openSync(ballast, 'a');
  try {
    for (let size = CHUNK_BYTES; size >= 1; size = Math.floor(size / 16)) writeUntilFull(file, Buffer.alloc(size));
  } finally {
    closeSync(file);
  }
}

function writeUntilFull(file: number, chunk: Buffer): void {
  try {
    // A write that finds less room than it needs is cut short; the next one is refused.
    for (;;) writeSync(file, chunk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
