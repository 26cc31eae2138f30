import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { Binaries } from './binaries.ts';
import { ClusterError } from './errors.ts';
import { clusterParameters, type Parameters, renderParameters, slotName } from './parameters.ts';
import { giveTo, type RunAs } from './run-as.ts';
import { withSession } from './session.ts';
import { APPLICATION_DATABASE, APPLICATION_USER, REPLICATION_USER, type Secrets, SUPERUSER } from './state.ts';

const run = promisify(execFile);

/** Everything that making a node's data folder needs. */
export interface InitialiseOptions {
  readonly binaries: Binaries;
  readonly runAs: RunAs | undefined;
  readonly dataRoot: string;
  readonly secrets: Secrets;
  readonly durable: boolean;
  readonly parameters: Parameters;
}

/** Makes a new, never started data folder. */
export async function initialiseData(dataDirectory: string, options: InitialiseOptions): Promise<void> {
  const { binaries, runAs, secrets, durable } = options;
  const passwordFile = `${dataDirectory}.password`;
  writeFileSync(passwordFile, secrets.superuser, { mode: 0o600 });
  giveTo(passwordFile, runAs);
  try {
    const locale = localeArguments(await majorVersion(binaries));
    const identity = [`--username=${SUPERUSER}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    const form = ['--encoding=UTF8', ...locale, ...identity];
    // Half of its time would go into waiting for the disk: see `syncData`.
    await run(binaries.initdb, ['-D', dataDirectory, ...form, '--no-sync'], spawnOptions(options));
  } catch (error) {
    rmSync(dataDirectory, { recursive: true, force: true });
    throw new ClusterError(`initdb failed: ${(error as { stderr?: string }).stderr?.trim() ?? String(error)}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  appendFileSync(
    join(dataDirectory, 'postgresql.conf'),
    renderParameters(clusterParameters(durable, options.parameters)),
  );
}

/** Options under which PostgreSQL's programs run: their user, a folder they may be in, and nothing of our own environment. */
export function spawnOptions({ runAs, dataRoot }: Pick<InitialiseOptions, 'runAs' | 'dataRoot'>): {
  cwd: string;
  env: Record<string, string>;
  uid?: number;
  gid?: number;
} {
  // PG* variables of the person who starts us would reach the replication connections.
  const { PATH = '/usr/bin:/bin', TZ } = process.env;
  return { cwd: dataRoot, env: { PATH, LC_ALL: 'C', ...(TZ === undefined ? {} : { TZ }) }, ...runAs };
}

/** Waits until a new data folder is safely on disk, beside the node's work; its own later writes PostgreSQL takes care of. */
export async function syncData(dataDirectory: string, options: InitialiseOptions): Promise<void> {
  await run(options.binaries.initdb, ['-D', dataDirectory, '--sync-only'], spawnOptions(options));
}

async function majorVersion(binaries: Binaries): Promise<number> {
  const { stdout } = await run(binaries.postgres, ['--version']);
  return Number(/(\d+)/.exec(stdout)?.[1]);
}

// Lower and upper case of all letters on every system, and the same order on every system: an order by a system's own locale
// changes with its C library and breaks indexes. Before version 17 only the operating system offers such a locale.
function localeArguments(major: number): string[] {
  return major >= 17
    ? ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
    : [process.platform === 'darwin' ? '--no-locale' : '--locale=C.UTF-8'];
}

/**
 * Copies a never started data folder. Nodes made so share the system identifier and stream everything from the first byte of the log,
 * which takes a tenth of the time of a base backup.
 */
export async function copyUnstarted(from: string, to: string): Promise<void> {
  if (existsSync(join(from, 'postmaster.pid'))) throw new ClusterError(`${from} was started: it cannot be copied raw.`);
  // -a keeps the owner, which matters when root copies.
  await run('cp', ['-a', from, to]);
}

/** Makes the roles, the database and the replication slots on the first master. */
export async function prepareFirstMaster(
  url: (database: string) => string,
  secrets: Secrets,
  replicas: readonly string[],
): Promise<void> {
  await withSession(url('postgres'), async (session) => {
    await session.query(`CREATE ROLE ${REPLICATION_USER} LOGIN REPLICATION PASSWORD '${secrets.replication}'`);
    // What docs/guides/database-privileges.md asks for. REPLICATION lets it make the slots of re-pointed replicas.
    await session.query(
      `CREATE ROLE ${APPLICATION_USER} LOGIN REPLICATION PASSWORD '${secrets.application}' IN ROLE pg_monitor, pg_signal_backend`,
    );
    await session.query(
      `GRANT ALTER SYSTEM ON PARAMETER default_transaction_read_only, primary_conninfo TO ${APPLICATION_USER}`,
    );
    for (const replica of replicas) {
      await session.query('SELECT pg_create_physical_replication_slot($1, true)', [slotName(replica)]);
    }
    await session.query(`CREATE DATABASE ${APPLICATION_DATABASE} OWNER ${APPLICATION_USER}`);
  });
  await withSession(url(APPLICATION_DATABASE), (session) =>
    // Function rights are kept per database. The server needs these for a planned switchover.
    session.query(`GRANT EXECUTE ON FUNCTION pg_promote(boolean, integer), pg_reload_conf() TO ${APPLICATION_USER}`),
  );
}
