import { constants, type Dirent } from 'node:fs';
import { copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { giveTo, type RunAs } from './run-as.ts';
import { type Session, withSession } from './session.ts';

// Their contents belong to the running original, or come by replication.
const EMPTIED_FOLDERS = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);
const LEFT_OUT = new Set([
  'postmaster.pid',
  'postmaster.opts',
  'standby.signal',
  'recovery.signal',
  'postgresql.auto.conf',
]);

/** What to copy, from which running node, to where. */
export interface OnlineCopy {
  /** A superuser's connection string for the running node. */
  readonly url: string;
  readonly from: string;
  /** Must not exist; left out again when the copy fails. */
  readonly to: string;
  readonly runAs: RunAs | undefined;
}

/**
 * Copies the data folder of a running node of this machine, so that a replica can start from it. The log written meanwhile is not
 * copied: the caller holds it with a replication slot made before.
 */
export async function copyOnline(copy: OnlineCopy): Promise<void> {
  try {
    const limitMs = 120_000;
    const copyBetweenMarks = async (session: Session): Promise<void> => {
      await session.query("SELECT pg_backup_start('rebuild', true)");
      await copyFolder(copy, copy.from);
      const [stopped] = await session.query('SELECT labelfile, spcmapfile FROM pg_backup_stop(false)');
      await writeOwn(copy, 'backup_label', String(stopped?.['labelfile']));
      const tablespaces = String(stopped?.['spcmapfile'] ?? '');
      if (tablespaces !== '') await writeOwn(copy, 'tablespace_map', tablespaces);
    };
    await withSession(copy.url, copyBetweenMarks, limitMs);
  } catch (error) {
    await rm(copy.to, { recursive: true, force: true });
    throw error;
  }
}

async function copyFolder(copy: OnlineCopy, folder: string): Promise<void> {
  const inner = relative(copy.from, folder);
  const target = join(copy.to, inner);
  await mkdir(target, { mode: 0o700 });
  giveTo(target, copy.runAs);
  const emptied = EMPTIED_FOLDERS.has(inner);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (inner === '' && LEFT_OUT.has(entry.name)) continue;
    // Their inner folders (such as pg_wal/archive_status) must be there, empty.
    if (entry.isDirectory() && (!emptied || inner === 'pg_wal')) await copyFolder(copy, join(folder, entry.name));
    else if (!emptied && !inner.startsWith('pg_wal')) await copyOne(copy, folder, entry);
  }
}

async function copyOne(copy: OnlineCopy, folder: string, entry: Dirent): Promise<void> {
  if (!entry.isFile()) return;
  const source = join(folder, entry.name);
  const target = join(copy.to, relative(copy.from, source));
  try {
    await copyFile(source, target, constants.COPYFILE_FICLONE);
  } catch (error) {
    // Dropped by the running node since the listing: the log tells the copy so too.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  giveTo(target, copy.runAs);
}

async function writeOwn(copy: OnlineCopy, name: string, text: string): Promise<void> {
  const path = join(copy.to, name);
  await writeFile(path, text, { mode: 0o600 });
  giveTo(path, copy.runAs);
}
