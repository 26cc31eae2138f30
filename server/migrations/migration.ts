/** The engines that a step can be written for. */
export type MigrationDriver = 'postgres' | 'mysql';

/**
 * The statements of one step for one engine, executed in order. On PostgreSQL they are one transaction. On MySQL each change
 * of the schema is committed by itself: every statement passes over what a run that was cut short has done.
 */
export type StepStatements = readonly string[];

/**
 * One step of the schema. It is never edited after it landed: a correction is a new step. Steps expand first
 * (new tables, new columns with a default) and contract at least one release later, so that two versions of the server
 * can share a database during a rolling restart.
 */
export interface Migration {
  /** Contiguous from 1; the file is named `NNNN-name.ts` after it. */
  readonly version: number;
  /** Lower-case words joined by hyphens, at most 64 characters. It is recorded, so it never changes either. */
  readonly name: string;
  /** An engine that a step has no text for cannot be migrated past it: the runner says so and changes nothing. */
  readonly statements: Readonly<Record<MigrationDriver, StepStatements | undefined>>;
}

/** One connection to the master on which the session's locks and transactions hold from call to call. */
export interface MigrationConnection {
  readonly driver: MigrationDriver;
  /** Executes one statement with `$1`, `$2`, ... placeholders and returns its rows. */
  execute(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
}

/** The schema cannot be brought to this server's version. The message says why and what the operator can do. */
export class MigrationError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'MigrationError';
  }
}
