import { ConfigError } from '../config/index.ts';
import { DatabaseError, type FailureKind } from '../database/index.ts';
import { MigrationError } from '../migrations/index.ts';
import { redactText } from '../observability/index.ts';

const FIRST_ENTRY = 'the first entry of SqlSettings.DataSource';

/** What to do about a master that cannot be used; its own message names it and the cause. */
const DATABASE_ADVICE: Partial<Readonly<Record<FailureKind, string>>> = {
  unreachable: `Start that database, or correct host and port in ${FIRST_ENTRY}.`,
  timeout: `The database is too slow to answer or not reachable from here. Check it, and host and port in ${FIRST_ENTRY}.`,
  'not-writable': `${FIRST_ENTRY.replace('the', 'The')} must be the master: a supported version that accepts writes.`,
  misconfigured: `Correct user, password, database or TLS options in ${FIRST_ENTRY}.`,
  overload: 'The database has no connection left. Raise its max_connections, or lower SqlSettings.MaxOpenConns.',
  disk: 'The database reports a fault of its disk. Repair that first.',
  statement: 'The database rejected a statement. Check that the user owns the database and may create tables in it.',
};

interface ListenError extends NodeJS.ErrnoException {
  readonly address?: string;
  readonly port?: number;
}

const addressOf = ({ address, port }: ListenError): string =>
  [address, port].filter((part) => part !== undefined).join(':') || 'The address';

/** Failures of `listen`, by the system's code. */
const LISTEN: Readonly<Record<string, (where: string) => string>> = {
  EADDRINUSE: (where) => `${where} is in use by another program. Stop it, or choose another port in`,
  EACCES: (where) => `${where} may not be opened by this user. Ports below 1024 are reserved; choose another in`,
  EADDRNOTAVAIL: (where) => `${where} is no address of this machine. Name one of its addresses in`,
  ENOTFOUND: (where) => `The host name of ${where} is unknown. Correct it in`,
};

const listenFailure = (error: ListenError): string | undefined => {
  const { code, syscall } = error;
  const text = LISTEN[code ?? ''];
  if (text === undefined || !(syscall === 'listen' || syscall === 'bind' || syscall === 'getaddrinfo'))
    return undefined;
  return `${text(addressOf(error))} ServiceSettings.ListenAddress (MM_SERVICESETTINGS_LISTENADDRESS).`;
};

/**
 * Why the server did not start, in words for its operator: what failed, its cause and what to do. Contains no secret.
 * Only what nobody foresaw comes with its stack.
 */
export const describeStartupFailure = (error: unknown): string => {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof DatabaseError) {
    return [redactText(error.message), DATABASE_ADVICE[error.kind]].filter((line) => line !== undefined).join('\n');
  }
  if (error instanceof MigrationError) return redactText(error.message);
  if (!(error instanceof Error)) return redactText(String(error));
  return listenFailure(error) ?? redactText(error.stack ?? error.message);
};
