import type mysql from 'mysql2';
import { systemClock } from '../clock.ts';
import type { Row } from '../row.ts';
import { assertCommitted } from './committed.ts';
import type { Call, Committed, Connection, DriverStatement, Position, ResultSet } from './connection.ts';
import { withoutValues } from './mysql-errors.ts';
import { gtidPositionOf, masterPosition, normalizeGtids, replicaPosition } from './mysql-positions.ts';
import { inOrder, type MysqlText, mysqlText, withValues } from './mysql-text.ts';

/** The driver's connection with the part of it that its published types leave out. */
export type MysqlDriver = mysql.Connection & { readonly stream: { destroy(): void } };

/** What the driver gives for a statement without rows. */
interface Header {
  readonly stateChanges?: {
    readonly systemVariables: Readonly<Record<string, string>>;
    readonly gtids: readonly string[];
  };
}

interface Field {
  readonly name: string;
  readonly columnType: number;
  readonly columnLength: number;
  readonly flags: number;
}

/** One answer, with the position that the server told along with it. */
interface Answer extends ResultSet {
  readonly position: Position | null;
}

const begin: DriverStatement = { text: 'START TRANSACTION' };
const commit: DriverStatement = { text: 'COMMIT' };
const rollback: DriverStatement = { text: 'ROLLBACK' };

const begins = /^\s*(?:BEGIN|START\s+TRANSACTION)\b/i;
const commits = /^\s*COMMIT\b/i;
const rollsBack = /^\s*ROLLBACK\b/i;

/** How long a goodbye may take: a silent server never answers it. */
const closeLimitMs = 1_000;
/** What a BOOLEAN column is; and a comparison: on MariaDB, on MySQL. */
const [tinyint, comparisonTypes] = [1, new Set([3, 8])];
/** Set on what was computed and not read from a column of integers. */
const binaryFlag = 128;
/** The server cannot keep one more prepared statement (all its connections share one limit). */
const tooManyPrepared = 'ER_MAX_PREPARED_STMT_COUNT_REACHED';

/**
 * A MySQL or MariaDB connection. The driver sends one statement at a time; what belongs together travels as one text
 * of several statements, of which the server executes none after one that fails.
 */
export class MysqlConnection implements Connection {
  readonly #driver: MysqlDriver;
  #usable = true;
  /** Units of work that wait for their turn: nobody may come between the parts of one. */
  #waiting = 0;
  #tail: Promise<unknown> = Promise.resolve();
  /** `failed`: a statement of the transaction did. The server would go on; we do not. */
  #transaction: 'none' | 'open' | 'failed' = 'none';

  constructor(driver: MysqlDriver) {
    this.#driver = driver;
    const lost = (): void => {
      this.#usable = false;
    };
    driver.on('error', lost);
    driver.on('end', lost);
  }

  get usable(): boolean {
    return this.#usable;
  }

  execute(statement: DriverStatement, values: readonly unknown[], timeoutMs: number): Promise<ResultSet> {
    return this.#inTurn(() => this.#one({ statement, values }, timeoutMs));
  }

  together<T>(send: () => T): T {
    return send();
  }

  write(call: Call, timeoutMs: number): Promise<Committed> {
    return this.#inTurn(async () => {
      const result = await this.#one(call, timeoutMs);
      return { results: [result], position: result.position ?? (await this.#masterPosition(timeoutMs)) };
    });
  }

  writeAll(calls: readonly Call[], timeoutMs: number): Promise<Committed> {
    return this.#inTurn(async () => {
      const whole = [{ statement: begin, values: [] }, ...calls, { statement: commit, values: [] }];
      const answers = await this.#orUndone(() => this.#many(whole, timeoutMs), timeoutMs);
      const position = answers.at(-1)?.position ?? (await this.#masterPosition(timeoutMs));
      return { results: answers.slice(1, -1), position };
    });
  }

  begin(timeoutMs: number): Promise<void> {
    return this.#inTurn(async () => void (await this.#one({ statement: begin, values: [] }, timeoutMs)));
  }

  commit(timeoutMs: number): Promise<Position | null> {
    return this.#inTurn(async () => {
      const answer = await this.#orUndone(() => this.#one({ statement: commit, values: [] }, timeoutMs), timeoutMs);
      assertCommitted(answer.command);
      return answer.position ?? (await this.#masterPosition(timeoutMs));
    });
  }

  rollback(timeoutMs: number): Promise<void> {
    return this.#inTurn(() => this.#undo(timeoutMs));
  }

  readAt(call: Call, timeoutMs: number): Promise<{ rows: Row[]; position: Position | null }> {
    return this.#inTurn(async () => {
      const [position, result] = await this.#many([{ statement: replicaPosition, values: [] }, call], timeoutMs);
      return { rows: result?.rows ?? [], position: gtidPositionOf(position?.rows ?? []) };
    });
  }

  async close(): Promise<void> {
    if (!this.#usable) return this.destroy();
    this.#usable = false;
    await new Promise<void>((resolve) => {
      const cancel = systemClock.after(closeLimitMs, resolve);
      this.#driver.end(() => {
        cancel();
        resolve();
      });
    });
    this.destroy();
  }

  destroy(): void {
    this.#usable = false;
    // The driver's own way ends the socket in good order, for which a silent server is waited for.
    this.#driver.stream.destroy();
  }

  /** Runs `work` after all work before it has ended, at once when there is none. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#waiting === 0 ? work() : this.#tail.then(work);
    this.#waiting += 1;
    const left = (): void => {
      this.#waiting -= 1;
    };
    this.#tail = turn.then(left, left);
    return turn;
  }

  /** What failed is told as it failed: undoing it on a connection that is lost says nothing of the outcome. */
  async #orUndone<T>(work: () => Promise<T>, timeoutMs: number): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await this.#undo(timeoutMs).catch(() => undefined);
      throw error;
    }
  }

  /** Leaves no transaction open on this connection, or no connection. */
  async #undo(timeoutMs: number): Promise<void> {
    try {
      await this.#one({ statement: rollback, values: [] }, timeoutMs);
    } catch (error) {
      this.destroy();
      throw error;
    }
  }

  /**
   * Where the master stands after a write of which the server told no position: one that changed nothing, since it was
   * done before, or one that answered rows. Whoever wrote what it found is covered.
   *
   * @throws Error as of a lost connection, whatever happened: the write itself is done.
   */
  async #masterPosition(timeoutMs: number): Promise<Position | null> {
    try {
      return gtidPositionOf((await this.#one({ statement: masterPosition, values: [] }, timeoutMs)).rows);
    } catch (cause) {
      this.destroy();
      const text = 'Connection lost after a write, before its position was known';
      throw Object.assign(new Error(text, { cause }), { code: 'PROTOCOL_CONNECTION_LOST' });
    }
  }

  async #one(call: Call, timeoutMs: number): Promise<Answer> {
    const { text } = call.statement;
    const failed = this.#transaction === 'failed';
    if (failed && commits.test(text)) {
      await this.#undo(timeoutMs);
      return { rows: [], command: 'ROLLBACK', position: null };
    }
    if (failed && !rollsBack.test(text))
      throw new Error('A statement of this transaction has failed before: roll it back.');
    try {
      const answer = await this.#send(call, timeoutMs);
      if (begins.test(text)) this.#transaction = 'open';
      else if (answer.command !== '') this.#transaction = 'none';
      return answer;
    } catch (error) {
      if (this.#transaction === 'open') this.#transaction = 'failed';
      throw error;
    }
  }

  async #send({ statement, values }: Call, timeoutMs: number): Promise<Answer> {
    const text = mysqlText(statement);
    if (statement.name === undefined) return this.#plain(text, values, timeoutMs);
    try {
      const [result, fields] = await this.#ask(
        'execute',
        { sql: text.prepared, values: inOrder(text, values) },
        timeoutMs,
      );
      return answerOf(text.prepared, result, fields as Field[]);
    } catch (error) {
      if ((error as { code?: unknown }).code !== tooManyPrepared) throw error;
      return this.#plain(text, values, timeoutMs);
    }
  }

  async #plain(text: MysqlText, values: readonly unknown[], timeoutMs: number): Promise<Answer> {
    const [result, fields] = await this.#ask('query', { sql: withValues(text, values) }, timeoutMs);
    return answerOf(text.prepared, result, fields as Field[]);
  }

  /** Several statements as one text. The server stops at the first that fails, and that error is all we get. */
  async #many(calls: readonly Call[], timeoutMs: number): Promise<Answer[]> {
    const texts = calls.map(({ statement, values }) => withValues(mysqlText(statement), values));
    const [results, fields] = await this.#ask('query', { sql: texts.join('\n;\n') }, timeoutMs);
    return (results as unknown[]).map((result, at) =>
      answerOf(calls[at]?.statement.text ?? '', result, (fields as Field[][])[at] ?? []),
    );
  }

  #ask(
    how: 'query' | 'execute',
    options: { sql: string; values?: unknown[] },
    timeoutMs: number,
  ): Promise<[result: unknown, fields: unknown]> {
    return new Promise((resolve, reject) => {
      // Not the driver's own limit: it does not cover the preparing of a statement.
      const cancel = systemClock.after(timeoutMs, () => {
        reject(Object.assign(new Error(`No answer within ${timeoutMs} ms`), { code: 'PROTOCOL_SEQUENCE_TIMEOUT' }));
        // The statement goes on in the server: what comes next would get its answer.
        this.destroy();
      });
      const done = (error: Error | null, result: unknown, fields: unknown): void => {
        cancel();
        if (error === null) resolve([result, fields]);
        else reject(this.#failed(error));
      };
      if (how === 'execute') this.#driver.execute(options.sql, options.values as mysql.ExecuteValues, done);
      else this.#driver.query(options.sql, done);
    });
  }

  #failed(error: Error & { fatal?: boolean }): Error {
    if (error.fatal === true) this.#usable = false;
    return withoutValues(error);
  }
}

/** The command tag that PostgreSQL would give, as far as anybody asks for it. */
function commandOf(text: string): string {
  if (commits.test(text)) return 'COMMIT';
  return rollsBack.test(text) ? 'ROLLBACK' : '';
}

function answerOf(text: string, result: unknown, fields: readonly Field[] | undefined): Answer {
  if (Array.isArray(result)) return { rows: withBooleans(result as Row[], fields ?? []), command: '', position: null };
  return { rows: [], command: commandOf(text), position: trackedPosition(result as Header) };
}

/** The GTID that the statement was given, which both engines tell along with their answer when they are asked to. */
function trackedPosition({ stateChanges }: Header): Position | null {
  const told = stateChanges?.systemVariables['last_gtid'] ?? stateChanges?.gtids.join(',');
  return told === undefined || told === '' ? null : normalizeGtids(told);
}

/**
 * MySQL's booleans are integers of one digit: BOOLEAN columns, and comparisons, EXISTS and the like. Nothing tells the latter
 * from a literal 0 or 1; other digits, and integers that are merely shown with one digit, stay numbers.
 */
function withBooleans(rows: Row[], fields: readonly Field[]): Row[] {
  const flags = fields.filter((field) => isBoolean(field, rows));
  if (flags.length === 0) return rows;
  for (const row of rows) {
    for (const { name } of flags) {
      const value = row[name];
      if (typeof value === 'number') row[name] = value !== 0;
    }
  }
  return rows;
}

function isBoolean({ name, columnLength, columnType, flags }: Field, rows: readonly Row[]): boolean {
  if (columnLength !== 1) return false;
  if (columnType === tinyint) return true;
  if (!comparisonTypes.has(columnType) || (flags & binaryFlag) === 0) return false;
  return rows.every((row) => row[name] === 0 || row[name] === 1 || row[name] === null);
}
