import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { ClusterError } from '../errors.ts';
import { giveTo, type RunAs } from '../run-as.ts';
import { APPLICATION_DATABASE, APPLICATION_USER, REPLICATION_USER, type Secrets, SUPERUSER } from '../state.ts';
import type { MariadbBinaries } from './binaries.ts';

/** What every node of a cluster is made of. */
export interface MariadbSetup {
  readonly binaries: MariadbBinaries;
  readonly runAs: RunAs | undefined;
  /** The folder that holds one folder of data per node. */
  readonly dataRoot: string;
  readonly secrets: Secrets;
  /** False: what a crash of the machine costs is of no interest. */
  readonly durable: boolean;
  /** Options of all nodes, over the launcher's own: `{ 'max-connections': '20' }`. */
  readonly options: Readonly<Record<string, string>>;
}

const SCRIPTS = [
  'mysql_system_tables.sql',
  'mysql_performance_tables.sql',
  'mysql_system_tables_data.sql',
  'mysql_sys_schema.sql',
];

const BOOTSTRAP_OPTIONS = [
  '--no-defaults',
  '--bootstrap',
  '--skip-log-bin',
  '--innodb-log-file-size=16M',
  '--innodb-buffer-pool-size=32M',
  '--innodb-flush-log-at-trx-commit=0',
];

/**
 * The users, with passwords, and the application's database. They are part of the data that all nodes begin with, so
 * that a node which follows a master from its first event has them, too.
 */
function usersSql({ superuser, application, replication }: Secrets): string[] {
  const privileges = `ON ${APPLICATION_DATABASE}.* TO ${APPLICATION_USER}@'%'`;
  return [
    'FLUSH PRIVILEGES;',
    `CREATE USER ${SUPERUSER}@'%' IDENTIFIED BY '${superuser}';`,
    `GRANT ALL PRIVILEGES ON *.* TO ${SUPERUSER}@'%' WITH GRANT OPTION;`,
    `CREATE USER ${REPLICATION_USER}@'%' IDENTIFIED BY '${replication}';`,
    `GRANT REPLICATION SLAVE ON *.* TO ${REPLICATION_USER}@'%';`,
    `CREATE USER ${APPLICATION_USER}@'%' IDENTIFIED BY '${application}';`,
    `GRANT ALL PRIVILEGES ${privileges};`,
    `GRANT ALL PRIVILEGES ON \`test\\_%\`.* TO ${APPLICATION_USER}@'%';`,
    // Without it, nobody can tell a replica whose link is down from a master.
    `GRANT SLAVE MONITOR ON *.* TO ${APPLICATION_USER}@'%';`,
    // What moves the master, as docs/guides/database-privileges.md says. A server in bootstrap mode has no user that
    // could make or grant a role.
    `INSERT INTO mysql.global_priv VALUES ('', 'holdfast_switch', '{"access":0,"is_role":true}');`,
    `INSERT INTO mysql.roles_mapping VALUES ('%', '${APPLICATION_USER}', 'holdfast_switch', 'N');`,
    'FLUSH PRIVILEGES;',
    'GRANT READ ONLY ADMIN, CONNECTION ADMIN, PROCESS, REPLICATION SLAVE ADMIN, RELOAD ON *.* TO holdfast_switch;',
    'DROP USER IF EXISTS root@localhost, mysql@localhost;',
    `CREATE DATABASE ${APPLICATION_DATABASE} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;`,
  ];
}

/**
 * Puts a data folder with nothing but system tables and users at `to`: a copy of one that is made once for all nodes. A node that is
 * built anew begins with it again.
 */
export async function copyEmptyData(to: string, setup: MariadbSetup): Promise<void> {
  const template = templateOf(setup);
  await makeTemplate(setup);
  // -a keeps the owner, which matters when root copies.
  await promisify(execFile)('cp', ['-a', template, to]);
}

const templateOf = ({ dataRoot }: MariadbSetup): string => join(dataRoot, 'template');

/** Makes what `copyEmptyData` copies, if it is not there. Not for two callers at once. */
export async function makeTemplate(setup: MariadbSetup): Promise<void> {
  const template = templateOf(setup);
  if (existsSync(template)) return;
  // Complete or not there at all, whatever happens meanwhile.
  const partial = `${template}.partial`;
  for (const folder of [partial, `${partial}.tmp`]) rmSync(folder, { recursive: true, force: true });
  await initialiseMariadb(partial, setup);
  rmSync(`${partial}.tmp`, { recursive: true, force: true });
  renameSync(partial, template);
}

/**
 * Makes a data folder with system tables and users. A server in bootstrap mode reads them from its input, which takes
 * half a second; `mariadb-install-db` takes six times that, and cannot do without root's files.
 */
async function initialiseMariadb(dataDirectory: string, setup: MariadbSetup): Promise<void> {
  mkdirSync(dataDirectory, { mode: 0o700 });
  giveTo(dataDirectory, setup.runAs);
  const tmpdir = makeTemporary(dataDirectory, setup);
  const { server, share } = setup.binaries;
  const child = spawn(server, [...BOOTSTRAP_OPTIONS, `--datadir=${dataDirectory}`, `--tmpdir=${tmpdir}`], {
    ...spawnOptions(setup),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr?.on('data', (data) => (complaint += String(data)));
  const ended = once(child, 'close');
  // A server that cannot even start closes its input; its exit tells why.
  child.stdin?.on('error', () => {});
  const tables = SCRIPTS.map((name) => readFileSync(join(share, name), 'utf8'));
  const first = ['create database mysql;', 'use mysql;', 'set @auth_root_socket=NULL;'];
  child.stdin?.end([...first, ...tables, ...usersSql(setup.secrets), ''].join('\n'));
  const [status] = (await ended) as [number | null];
  if (status === 0 && !/^ERROR/m.test(complaint)) return;
  throw new ClusterError(
    `MariaDB could not make its system tables:\n${complaint.trim().split('\n').slice(-8).join('\n')}`,
  );
}

/**
 * Makes the folder for a server's temporary tables. A server that starts removes all that it finds in there: two of
 * them must never share one.
 */
export function makeTemporary(dataDirectory: string, { runAs }: Pick<MariadbSetup, 'runAs'>): string {
  const folder = `${dataDirectory}.tmp`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  giveTo(folder, runAs);
  return folder;
}

/** Makes the folder for a server's logs, where there is none: beside its data, which know every folder as a database. */
export function makeLogFolder(folder: string, { runAs }: Pick<MariadbSetup, 'runAs'>): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  giveTo(folder, runAs);
}

/** Options under which MariaDB runs: its user, a folder it may be in, and nothing of our own environment. */
export function spawnOptions({ runAs, dataRoot }: Pick<MariadbSetup, 'runAs' | 'dataRoot'>): {
  cwd: string;
  env: Record<string, string>;
  uid?: number;
  gid?: number;
} {
  return { cwd: dataRoot, env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' }, ...runAs };
}
