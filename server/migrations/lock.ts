import type { MigrationConnection } from './migration.ts';
import { MigrationError } from './migration.ts';

/** Any number that no other user of the database is likely to lock. */
const LOCK_KEY = 7_463_520_918;

const LOCK_PAUSE_MS = 100;

/** The engine's lock that belongs to a session, not to a transaction: it spans all steps. */
const lockStatements = {
  postgres: {
    acquire: `SELECT pg_try_advisory_lock(${LOCK_KEY}) AS locked`,
    release: `SELECT pg_advisory_unlock(${LOCK_KEY})`,
  },
  // The name counts for the whole server, of at most 64 characters; the lock is for one database.
  mysql: {
    acquire: `SELECT GET_LOCK(CONCAT('holdfast.', MD5(DATABASE())), 0) AS locked`,
    release: `SELECT RELEASE_LOCK(CONCAT('holdfast.', MD5(DATABASE())))`,
  },
} as const;

export interface LockOptions {
  /** How long another server may take for its migrations before this one gives up. */
  readonly waitMs: number;
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

/**
 * Runs `work` while no other server migrates this database. Polls instead of waiting in the database, so that the
 * bound holds whatever lock timeouts the database is configured with.
 *
 * @throws MigrationError when the lock was not free within `waitMs`.
 */
export async function withMigrationLock<T>(
  connection: MigrationConnection,
  options: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  await acquire(connection, options);
  try {
    return await work();
  } finally {
    // A connection that is gone has lost its lock already; the first error is the one to report.
    await connection.execute(lockStatements[connection.driver].release).catch(() => undefined);
  }
}

async function acquire(connection: MigrationConnection, options: LockOptions): Promise<void> {
  const deadline = options.now() + options.waitMs;
  while (!(await tryLock(connection))) {
    if (options.now() >= deadline) {
      throw new MigrationError(
        `Another server has been migrating this database for more than ${options.waitMs} ms. ` +
          'Wait for it to finish, or end its connection, and start again.',
      );
    }
    await options.pause(LOCK_PAUSE_MS);
  }
}

async function tryLock(connection: MigrationConnection): Promise<boolean> {
  const [row] = await connection.execute(lockStatements[connection.driver].acquire);
  return row?.['locked'] === true || row?.['locked'] === 1;
}
