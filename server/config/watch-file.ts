import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

export interface WatchOptions {
  /** Milliseconds between two looks at the file, for file systems that report nothing. */
  readonly pollMs: number;
  /** Milliseconds of quiet before a change is reported: an editor writes in several steps. */
  readonly settleMs: number;
}

const signatureOf = async (path: string): Promise<string> => {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return 'missing';
  }
};

/** Watches the folder, because an atomic write puts another file in place of the watched one. */
const watchFolder = (path: string, onHint: () => void): FSWatcher | undefined => {
  try {
    const watcher = watch(dirname(path), { persistent: false }, (_, name) => {
      if (name === null || name === basename(path)) onHint();
    });
    // The folder was removed, or the system has no more watches: polling goes on.
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
};

/**
 * Calls `onChange` when the file was written, replaced, removed or made, soon after it has come to rest. Never keeps the
 * process alive. The answer stops it.
 */
export const watchFile = (path: string, onChange: () => void, options: WatchOptions): (() => void) => {
  let stopped = false;
  let settling: NodeJS.Timeout | undefined;
  let known: string | undefined;
  const look = async (): Promise<void> => {
    const signature = await signatureOf(path);
    if (stopped || signature === known) return;
    const first = known === undefined;
    known = signature;
    if (first) return;
    clearTimeout(settling);
    settling = setTimeout(onChange, options.settleMs).unref();
  };
  const hint = (): void => void look();
  const watcher = watchFolder(path, hint);
  const poll = setInterval(hint, options.pollMs).unref();
  hint();
  return () => {
    stopped = true;
    clearTimeout(settling);
    clearInterval(poll);
    watcher?.close();
  };
};
