import type { Row } from '../row.ts';
import { assertCommitted } from './committed.ts';
import type { Call, Committed, Connection, DriverStatement, Position, ResultSet } from './connection.ts';
import { masterPosition, positionOf, replicaPosition } from './postgres-positions.ts';

const begin: DriverStatement = { name: 'holdfast.begin', text: 'BEGIN' };
const commit: DriverStatement = { name: 'holdfast.commit', text: 'COMMIT' };
const rollback: DriverStatement = { name: 'holdfast.rollback', text: 'ROLLBACK' };

/**
 * What PostgreSQL's pipeline makes of statements that belong together: one packet, whatever their number. The server
 * ignores everything between a failed statement and the end of its transaction, so that all can be sent at once.
 */
export abstract class PipelinedConnection implements Connection {
  abstract get usable(): boolean;
  abstract execute(statement: DriverStatement, values: readonly unknown[], timeoutMs: number): Promise<ResultSet>;
  abstract together<T>(send: () => T): T;
  abstract close(): Promise<void>;
  abstract destroy(): void;

  // The position *after* the commit, in the same packet: one read inside of the transaction will not do.
  async write({ statement, values }: Call, timeoutMs: number): Promise<Committed> {
    const [result, position] = await this.together(() =>
      Promise.all([this.execute(statement, values, timeoutMs), this.execute(masterPosition, [], timeoutMs)]),
    );
    return { results: [result], position: positionOf(position.rows) };
  }

  async writeAll(calls: readonly Call[], timeoutMs: number): Promise<Committed> {
    const send = (statement: DriverStatement, values: readonly unknown[] = []) =>
      this.execute(statement, values, timeoutMs);
    const [, ...answers] = await this.together(() =>
      settleAll([
        send(begin),
        ...calls.map(({ statement, values }) => send(statement, values)),
        send(commit),
        send(masterPosition),
      ]),
    );
    assertCommitted(answers.at(-2)?.command);
    return { results: answers.slice(0, -2), position: positionOf(answers.at(-1)?.rows ?? []) };
  }

  async begin(timeoutMs: number): Promise<void> {
    await this.execute(begin, [], timeoutMs);
  }

  async commit(timeoutMs: number): Promise<Position | null> {
    const [committed, position] = await this.together(() =>
      Promise.all([this.execute(commit, [], timeoutMs), this.execute(masterPosition, [], timeoutMs)]),
    );
    assertCommitted(committed.command);
    return positionOf(position.rows);
  }

  async rollback(timeoutMs: number): Promise<void> {
    await this.execute(rollback, [], timeoutMs);
  }

  async readAt({ statement, values }: Call, timeoutMs: number): Promise<{ rows: Row[]; position: Position | null }> {
    const [position, result] = await this.together(() =>
      Promise.all([this.execute(replicaPosition, [], timeoutMs), this.execute(statement, values, timeoutMs)]),
    );
    return { rows: result.rows, position: positionOf(position.rows) };
  }
}

/**
 * Waits for all answers, then throws the first refusal: the later statements of a failed transaction are refused for
 * its sake only, and none of them may be left unheard.
 */
async function settleAll<T>(answers: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(answers);
  const failed = settled.find((answer) => answer.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return settled.map((answer) => (answer as PromiseFulfilledResult<T>).value);
}
