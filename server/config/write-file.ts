import { randomBytes } from 'node:crypto';
import { access, chmod, constants, copyFile, open, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** The file holds passwords: only its owner may read it. */
const OWNER_ONLY = 0o600;

const isMissing = (cause: unknown): boolean => (cause as NodeJS.ErrnoException).code === 'ENOENT';

/** Follows a symbolic link, so that the link stays and its target is replaced. */
const resolveTarget = async (path: string): Promise<{ target: string; exists: boolean }> => {
  try {
    return { target: await realpath(path), exists: true };
  } catch (cause) {
    if (isMissing(cause)) return { target: path, exists: false };
    throw cause;
  }
};

const writeSynced = async (path: string, content: string | Uint8Array): Promise<void> => {
  const file = await open(path, 'wx', OWNER_ONLY);
  try {
    await file.writeFile(content, 'utf8');
    await file.sync();
  } finally {
    await file.close();
  }
};

/** Makes the rename itself survive a loss of power. */
const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

/**
 * Replaces the file by `content` in one step: a reader sees the old content or the new, whatever fails meanwhile. The old
 * content is kept as `<name>.bak`. Both get mode 0600. Throws the system's error.
 */
export const writeConfigFile = async (path: string, content: string | Uint8Array): Promise<void> => {
  const { target, exists } = await resolveTarget(path);
  if (exists) {
    await copyFile(target, `${target}.bak`);
    await chmod(`${target}.bak`, OWNER_ONLY);
  }
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeSynced(temporary, content);
    await rename(temporary, target);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  }
  await syncFolder(dirname(target));
};

/** May the server replace the file? It needs the right to write both the file and its folder. */
export const isWritable = async (path: string): Promise<boolean> => {
  try {
    const { target, exists } = await resolveTarget(path);
    if (exists) await access(target, constants.W_OK);
    await access(dirname(target), constants.W_OK);
    return true;
  } catch {
    return false;
  }
};
