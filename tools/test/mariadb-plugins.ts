import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findMariadb } from '../cluster/mariadb/testing.ts';
import { makeShelter } from '../cluster/placement.ts';
import { mayInstall, unpackPackage } from './debian.ts';

/** Debian's package with the plugins. It is unpacked and not installed: that would start a server of the machine's own. */
const PACKAGE = 'mariadb-server';
const FOLDERS = ['lib/mysql/plugin', 'lib64/mysql/plugin', 'lib/plugin'];

/** Where the package is unpacked: the databases' user must be able to read it, whoever runs the tests. */
const shelter = (): string => makeShelter('mariadb-plugins');

/** The folder that holds MariaDB's plugin `disks`: the machine's own, or one unpacked here before. */
export function findPlugins(): string | undefined {
  const binaries = findMariadb();
  if (binaries === undefined) return undefined;
  const places = [join(binaries.share, '..', '..'), join(shelter(), 'usr')];
  return places
    .flatMap((place) => FOLDERS.map((folder) => join(place, folder)))
    .find((folder) => existsSync(join(folder, 'disks.so')));
}

/** Unpacks the plugins where we may (root and apt-get). Never fails: look afterwards whether they are there. */
export function providePlugins(print: (line: string) => void): void {
  if (findMariadb() === undefined || findPlugins() !== undefined || !mayInstall()) return;
  unpackPackage(PACKAGE, shelter(), print);
}

/** What to say where they are missing. */
export const PLUGINS_ADVICE = `MariaDB's plugin disks is missing. It comes with Debian's ${PACKAGE}; npm test unpacks it when root runs it.`;
