import type { Row } from '../row.ts';
import type { Connection } from './connection.ts';
import { bytesOf, type DiskReading, type DiskSpace, type UnknownSpace } from './disk-reading.ts';

// `holdfast_disk` shows in the routines of those who may execute it, and only of those.
const factsText = `
SELECT DATABASE() AS db,
       CURRENT_USER() AS account,
       VERSION() AS version,
       (SELECT SUM(data_length + index_length) FROM information_schema.tables WHERE table_schema = DATABASE())
         AS databasebytes,
       @@datadir AS datafolder,
       @@log_bin_basename AS logname,
       (SELECT COUNT(*) FROM information_schema.plugins WHERE plugin_name = 'DISKS' AND plugin_status = 'ACTIVE') AS plugins,
       (SELECT COUNT(*) FROM information_schema.routines
         WHERE routine_schema = DATABASE() AND routine_name = 'holdfast_disk' AND routine_type = 'FUNCTION') AS functions`;

const functionText = 'SELECT holdfast_disk() AS disks';
const disksText = 'SELECT Path AS path, Used AS used, Available AS available FROM information_schema.DISKS';

/** A mounted file system as the server lists it: kilobytes. */
export interface Mount {
  readonly path: string;
  readonly used: number;
  readonly available: number;
}

/** Bytes used by our database and by the binary logs, and room by the plugin `disks`. Slots are PostgreSQL's. */
export async function readMysqlDisk(connection: Connection, timeoutMs: number): Promise<DiskReading> {
  const ask = async (text: string): Promise<Row[]> => (await connection.execute({ text }, [], timeoutMs)).rows;
  /** What the privileges hide is not there; a lost connection is a failure. */
  const askIfAllowed = async (text: string): Promise<Row[] | undefined> => {
    try {
      return await ask(text);
    } catch (error) {
      if (connection.usable) return undefined;
      throw error;
    }
  };
  const [facts = {}] = await ask(factsText);
  const logs = typeof facts.logname === 'string' ? await askIfAllowed('SHOW BINARY LOGS') : undefined;
  return {
    databaseBytes: bytesOf(facts.databasebytes),
    logBytes: logs === undefined ? null : logs.reduce((sum, row) => sum + Number(row.File_size), 0),
    logFolder: typeof facts.logname === 'string' ? folderOf(facts.logname) : '.',
    slots: [],
    ...spacesOf(facts, await mountsOf(facts, askIfAllowed)),
  };
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

async function mountsOf(
  facts: Row,
  ask: (text: string) => Promise<Row[] | undefined>,
): Promise<readonly Mount[] | undefined> {
  if (Number(facts.functions) > 0) {
    const [row] = (await ask(functionText)) ?? [];
    if (row !== undefined) return parseMounts(row.disks);
  }
  return Number(facts.plugins) > 0 ? (await ask(disksText))?.map(mountOfRow) : undefined;
}

const mountOfRow = ({ path, used, available }: Row): Mount => ({
  path: String(path),
  used: Number(used),
  available: Number(available),
});

/** A driver hands JSON over as a text or as the value it stands for. */
function parseMounts(disks: unknown): readonly Mount[] {
  const value: unknown = typeof disks === 'string' ? JSON.parse(disks) : disks;
  return Array.isArray(value) ? (value as Row[]).map(mountOfRow) : [];
}

/**
 * Finds the disks of the data and of the log among the mounts.
 *
 * @param mounts undefined when there is no plugin to ask; empty when it told nothing, which it does without an error
 *   to whoever lacks the privilege FILE.
 */
export function spacesOf(facts: Row, mounts: readonly Mount[] | undefined): Pick<DiskReading, 'space' | 'logSpace'> {
  const found = mounts === undefined ? undefined : mountBelow(String(facts.datafolder), mounts);
  if (found === undefined) return { space: whyUnknown(facts, mounts), logSpace: null };
  const ofLog = typeof facts.logname === 'string' ? mountBelow(folderOf(facts.logname), mounts ?? []) : undefined;
  const apart = ofLog !== undefined && ofLog.path !== found.path;
  return { space: spaceOf(found), logSpace: apart ? spaceOf(ofLog) : null };
}

function whyUnknown(facts: Row, mounts: readonly Mount[] | undefined): UnknownSpace {
  const isMariadb = String(facts.version).includes('MariaDB');
  if (!isMariadb) return { unknown: 'MySQL tells nobody: see docs/guides/disk-space.md for what helps.' };
  const run = `Run config/setup/mariadb-disk.sql once, as root, in the database ${String(facts.db)} of each server.`;
  if (mounts === undefined) return { unknown: run };
  if (mounts.length > 0) return { unknown: `The plugin disks lists no disk that holds ${String(facts.datafolder)}.` };
  return {
    unknown: `${String(facts.account)} may not read information_schema.DISKS, which needs the privilege FILE. ${run}`,
  };
}

const spaceOf = ({ path, used, available }: Mount): DiskSpace => ({
  usedBytes: used * 1024,
  freeBytes: available * 1024,
  source: `the plugin disks (${path})`,
});

/** The mount that holds `path`: the longest one that is a folder above it. Of two at one place the later one covers. */
export function mountBelow(path: string, mounts: readonly Mount[]): Mount | undefined {
  const withSlash = (folder: string): string => (folder.endsWith('/') ? folder : `${folder}/`);
  return mounts
    .filter((mount) => withSlash(path).startsWith(withSlash(mount.path)))
    .reduce<Mount | undefined>(
      (best, mount) => (mount.path.length >= (best?.path.length ?? 0) ? mount : best),
      undefined,
    );
}
