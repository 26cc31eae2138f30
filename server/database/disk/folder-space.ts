import { stat, statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DiskReading, DiskSpace } from '../dialect/disk-reading.ts';

/**
 * The reading with the space of a data folder on this machine in place of what the database could tell.
 *
 * @param folder the data folder of that database, seen from here.
 */
export async function withFolderSpace(reading: DiskReading, folder: string): Promise<DiskReading> {
  try {
    const space = await spaceAt(folder);
    return { ...reading, space, logSpace: await logSpaceAt(folder, resolve(folder, reading.logFolder)) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const unknown = `SqlSettings.DataFolders names ${folder}, which cannot be asked on this machine: ${why}.`;
    return { ...reading, space: { unknown }, logSpace: null };
  }
}

async function spaceAt(folder: string): Promise<DiskSpace> {
  const { bsize, blocks, bfree, bavail } = await statfs(folder);
  return {
    usedBytes: (blocks - bfree) * bsize,
    freeBytes: bavail * bsize,
    source: `the folder ${folder} on this machine`,
  };
}

/** Null when the log is on the same disk, or in a folder that is closed to us. */
async function logSpaceAt(folder: string, logFolder: string): Promise<DiskSpace | null> {
  try {
    const [data, log] = await Promise.all([stat(folder), stat(logFolder)]);
    return data.dev === log.dev ? null : await spaceAt(logFolder);
  } catch {
    return null;
  }
}
