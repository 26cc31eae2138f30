import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type ByteSource,
  checkKey,
  type FileStorage,
  StorageFailure,
  StorageMissing,
  TooLarge,
} from './file-storage.ts';

/** Not a possible first segment of a key: no object ever lies in it. */
const TEMPORARY = '.incoming';
const OWNER_ONLY = 0o700;

/**
 * A folder of this machine, or one that all servers share. Files are written under a temporary name in the same folder
 * tree, brought to the disk, and given their name at last: under its own name a file is always whole.
 */
export function createLocalStorage(root: string): FileStorage {
  const pathOf = (key: string): string => join(root, ...checkKey(key).split('/'));

  return {
    write: (key, source, maxBytes) => write({ root, path: pathOf(key) }, source, maxBytes),
    async open(key, range) {
      const handle = await open(pathOf(key), 'r').catch((error: unknown) => refuse(error, key));
      return handle.createReadStream(range && { start: range.first, end: range.last });
    },
    size: (key) => sizeOf(pathOf(key)),
    async asLocalFile(key, work) {
      if ((await sizeOf(pathOf(key))) === undefined) throw new StorageMissing(key);
      return work(pathOf(key));
    },
    remove: (key) => orFail(rm(pathOf(key), { recursive: true, force: true })),
    append: (key, source, maxBytes) => append(pathOf(key), source, maxBytes),
    async move(from, to) {
      const [source, target] = [pathOf(from), pathOf(to)];
      await orFail(makeFolder(dirname(target)));
      try {
        await rename(source, target);
      } catch (error) {
        if (!isMissing(error) || (await sizeOf(target)) === undefined) throw new StorageFailure(error);
      }
      await orFail(syncFolder(dirname(target)));
    },
    sweep: (before) => orFail(sweep(join(root, TEMPORARY), before)),
  };
}

async function write(
  { root, path }: { readonly root: string; readonly path: string },
  source: ByteSource,
  maxBytes: number,
): Promise<number> {
  const temporary = join(root, TEMPORARY, randomUUID());
  await orFail(makeFolder(dirname(temporary)));
  try {
    const handle = await orFail(open(temporary, 'wx', 0o600));
    const size = await receive({ handle, source, at: 0, maxBytes });
    await orFail(makeFolder(dirname(path)));
    await orFail(rename(temporary, path));
    await orFail(syncFolder(dirname(path)));
    return size;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function append(path: string, source: ByteSource, maxBytes: number): Promise<number> {
  await orFail(makeFolder(dirname(path)));
  const handle = await orFail(open(path, 'a', 0o600));
  const at = (await orFail(handle.stat())).size;
  return receive({ handle, source, at, maxBytes });
}

interface Reception {
  readonly handle: FileHandle;
  readonly source: ByteSource;
  /** How many bytes are there already. */
  readonly at: number;
  readonly maxBytes: number;
}

/** Writes each piece before it asks for the next one, so no more than a piece is held in memory. Closes the file. */
async function receive({ handle, source, at, maxBytes }: Reception): Promise<number> {
  let size = at;
  try {
    for await (const piece of source) {
      const room = maxBytes - size;
      const fitting = piece.length > room ? piece.subarray(0, Math.max(room, 0)) : piece;
      await orFail(handle.writeFile(fitting));
      size += fitting.length;
      if (piece.length > room) throw new TooLarge();
    }
    return size;
  } finally {
    await orFail(bringToDisk(handle));
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new StorageFailure(error);
  }
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: OWNER_ONLY });
}

/** And closes it, whatever happens. */
async function bringToDisk(handle: FileHandle): Promise<void> {
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A new name is in its folder for good only when the folder has been written too. */
async function syncFolder(path: string): Promise<void> {
  await bringToDisk(await open(path, 'r'));
}

async function sweep(folder: string, before: number): Promise<number> {
  let swept = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    // Another server may be writing into the same folder at this moment.
    if (found === undefined || found.mtimeMs >= before) continue;
    await rm(path, { force: true });
    swept += 1;
  }
  return swept;
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function refuse(error: unknown, key: string): never {
  throw isMissing(error) ? new StorageMissing(key) : new StorageFailure(error);
}

async function orFail<T>(step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    throw new StorageFailure(error);
  }
}
