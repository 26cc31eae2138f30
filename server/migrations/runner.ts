import { setTimeout as delay } from 'node:timers/promises';
import { type Logger, silentLogger } from '../observability/index.ts';
import { withMigrationLock } from './lock.ts';
import { type Migration, type MigrationConnection, type MigrationDriver, MigrationError } from './migration.ts';

export interface MigrateOptions {
  /** The steps of this server, in order, contiguous from 1. */
  readonly steps: readonly Migration[];
  /** Limit of each statement of a step: `settings.migrationTimeoutMs`. */
  readonly statementTimeoutMs: number;
  /** How long to wait for another server that is migrating. Default 60 s. */
  readonly lockWaitMs?: number;
  readonly logger?: Logger;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
  readonly pause?: (ms: number) => Promise<void>;
}

export interface MigrationReport {
  /** The version of the schema before and after. */
  readonly from: number;
  readonly to: number;
  /** Names of the steps that were executed. */
  readonly applied: readonly string[];
}

const CREATE_LEDGER = `CREATE TABLE IF NOT EXISTS db_migrations (
  version INTEGER NOT NULL PRIMARY KEY,
  name VARCHAR(64) NOT NULL,
  appliedat BIGINT NOT NULL
)`;
const READ_LEDGER = 'SELECT version, name FROM db_migrations ORDER BY version';
const RECORD_STEP = 'INSERT INTO db_migrations (version, name, appliedat) VALUES ($1, $2, $3)';

/**
 * Brings the schema of the master to the version of this server. Servers that start together wait for each other;
 * every step is recorded when it is done (on PostgreSQL in its own transaction), so an interrupted run goes on where it
 * stopped.
 *
 * @throws MigrationError when the schema is newer than this server, has other steps than this server knows, or a step
 * fails. Steps before the failing one stay applied.
 */
export async function migrate(connection: MigrationConnection, options: MigrateOptions): Promise<MigrationReport> {
  const lock = {
    waitMs: options.lockWaitMs ?? 60_000,
    now: options.now ?? Date.now,
    pause: options.pause ?? ((ms: number) => delay(ms).then(() => undefined)),
  };
  return withMigrationLock(connection, lock, async () => {
    await connection.execute(CREATE_LEDGER);
    const from = checkLedger(await connection.execute(READ_LEDGER), options.steps);
    const pending = options.steps.slice(from);
    for (const step of pending) {
      await applyStep(connection, step, options);
    }
    return { from, to: from + pending.length, applied: pending.map((step) => step.name) };
  });
}

/** How many of the steps are applied, after the proof that they are the first of ours and nothing else. */
function checkLedger(rows: readonly Record<string, unknown>[], steps: readonly Migration[]): number {
  for (const [index, row] of rows.entries()) {
    const expected = steps[index];
    if (expected === undefined) {
      throw new MigrationError(
        `The database's schema is at version ${String(rows.at(-1)?.['version'])}, this server knows ${steps.length}. ` +
          'Start the newer server that has migrated it, or restore a backup made before.',
      );
    }
    if (Number(row['version']) !== expected.version || row['name'] !== expected.name) {
      throw new MigrationError(
        `The database's schema has step ${String(row['version'])} "${String(row['name'])}" where this server has ` +
          `step ${expected.version} "${expected.name}". It belongs to another program or another branch of this one.`,
      );
    }
  }
  return rows.length;
}

/** What a failed step has left. */
const leftBy: Readonly<Record<MigrationDriver, string>> = {
  postgres: 'Nothing of this step was changed.',
  mysql: 'What it had done before is kept, and passed over when the server is started again.',
};

async function applyStep(connection: MigrationConnection, step: Migration, options: MigrateOptions): Promise<void> {
  const statements = step.statements[connection.driver];
  if (statements === undefined) {
    throw new MigrationError(`Step ${step.version} "${step.name}" has no text for ${connection.driver} yet.`);
  }
  const started = Date.now();
  await connection.execute('BEGIN');
  try {
    await limitStatements(connection, options.statementTimeoutMs);
    for (const text of statements) {
      await connection.execute(text);
    }
    await connection.execute(RECORD_STEP, [step.version, step.name, (options.now ?? Date.now)()]);
    await connection.execute('COMMIT');
  } catch (error) {
    await connection.execute('ROLLBACK').catch(() => undefined);
    throw new MigrationError(
      `Step ${step.version} "${step.name}" of the database migrations failed: ${messageOf(error)}. ` +
        leftBy[connection.driver],
      error,
    );
  }
  (options.logger ?? silentLogger).info('migration_applied', {
    version: step.version,
    name: step.name,
    took_ms: Date.now() - started,
  });
}

/** Only for this transaction: the connection goes back to a pool with its own limit. MySQL has no limit for DDL. */
async function limitStatements(connection: MigrationConnection, ms: number): Promise<void> {
  if (connection.driver === 'postgres') {
    await connection.execute(`SET LOCAL statement_timeout = ${Math.trunc(ms)}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
