import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { ClusterError } from '../errors.ts';

/** Where MariaDB's server and the scripts of its system tables lie. */
export interface MariadbBinaries {
  readonly server: string;
  /** The folder with `mysql_system_tables.sql` and its kin. */
  readonly share: string;
}

/** Debian's packages that bring them. */
export const MARIADB_PACKAGES = ['mariadb-server-core'];

const FOLDERS = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

/** Finds MariaDB: the folder named by HOLDFAST_MARIADB_BIN, then the system's usual places. Undefined when there is none. */
export function findMariadb(environment: NodeJS.ProcessEnv = process.env): MariadbBinaries | undefined {
  const named = environment['HOLDFAST_MARIADB_BIN'];
  for (const folder of named === undefined || named === '' ? FOLDERS : [named]) {
    const server = join(folder, 'mariadbd');
    const share = ['mysql', 'mariadb'].map((name) => join(dirname(folder), 'share', name)).find(holdsScripts);
    if (existsSync(server) && share !== undefined) return { server, share };
  }
  return undefined;
}

/** What to say where MariaDB is missing. */
export const MARIADB_ADVICE = `No MariaDB found. Install it (Debian, Ubuntu: apt-get install ${MARIADB_PACKAGES.join(' ')}; macOS: brew install mariadb) or set HOLDFAST_MARIADB_BIN to the folder that holds mariadbd.`;

/** @throws ClusterError that says what to install. */
export function requireMariadb(): MariadbBinaries {
  const found = findMariadb();
  if (found === undefined) throw new ClusterError(MARIADB_ADVICE);
  return found;
}

function holdsScripts(folder: string): boolean {
  return existsSync(join(folder, 'mysql_system_tables.sql'));
}
