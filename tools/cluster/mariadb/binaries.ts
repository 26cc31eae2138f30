import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

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

function holdsScripts(folder: string): boolean {
  return existsSync(join(folder, 'mysql_system_tables.sql'));
}
