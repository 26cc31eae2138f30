import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Debian's packages for a cluster under Patroni. */
export const PATRONI_PACKAGES = ['patroni', 'etcd-server', 'postgresql'];

/** What to say where they are missing. */
export const PATRONI_ADVICE = `No Patroni found. Install it (Debian: apt-get install ${PATRONI_PACKAGES.join(' ')}).`;

/** The programs of a cluster under Patroni. */
export interface PatroniPrograms {
  readonly patroni: string;
  readonly patronictl: string;
  readonly etcd: string;
  /** Folder of a PostgreSQL with all its tools. */
  readonly binDir: string;
}

const POSTGRES = '/usr/lib/postgresql';

/** The machine's own Patroni with all that it needs, or undefined. */
export function findPatroni(): PatroniPrograms | undefined {
  const versions = existsSync(POSTGRES) ? readdirSync(POSTGRES).toSorted((a, b) => Number(b) - Number(a)) : [];
  const binDir = versions
    .map((version) => join(POSTGRES, version, 'bin'))
    .find((path) => existsSync(join(path, 'pg_basebackup')) && existsSync(join(path, 'postgres')));
  const [patroni, patronictl, etcd] = ['patroni', 'patronictl', 'etcd'].map((name) => join('/usr/bin', name));
  if (patroni === undefined || patronictl === undefined || etcd === undefined || binDir === undefined) return undefined;
  return [patroni, patronictl, etcd].every((path) => existsSync(path))
    ? { patroni, patronictl, etcd, binDir }
    : undefined;
}
