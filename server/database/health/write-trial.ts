import type { Clock } from '../clock.ts';
import type { DataSource } from '../data-source/data-source.ts';
import type { Connection, Dialect, Failure } from '../dialect/dialect.ts';

/** How long one write is waited for. The next one is sent only then: each may keep a session of the server busy. */
const patienceMs = 600_000;
/** How soon a write is expected to be over, connecting included, on a machine that does ten other things. */
const expectedMs = 2_000;
/** What says nothing about other writes: it could not be tried, or the trial of another server was in its way. */
const untold: ReadonlySet<Failure['kind']> = new Set(['unreachable', 'overload', 'timeout', 'conflict']);

export interface WriteTrialDeps {
  readonly source: DataSource;
  readonly dialect: Dialect;
  readonly clock: Clock;
  /** How long connecting may take. */
  readonly timeoutMs: number;
}

/**
 * Finds out by a real write whether writes end on a master that answers everything else. One that does not end is not
 * given up: it waits as everybody's do, and when it is through, so are they.
 */
export class WriteTrial {
  readonly #deps: WriteTrialDeps;
  #running: Promise<boolean> | undefined;
  #connection: Connection | undefined;

  constructor(deps: WriteTrialDeps) {
    this.#deps = deps;
  }

  /** Whether a write ends within the time: true also when it is refused. False while an earlier one is on its way. */
  async passes(): Promise<boolean> {
    if (this.#running !== undefined) return false;
    const running: Promise<boolean> = this.#write(() => this.#running !== running).finally(() => {
      if (this.#running === running) this.close();
    });
    this.#running = running;
    return new Promise((resolve) => {
      const cancel = this.#deps.clock.after(expectedMs, () => resolve(false));
      void running.then((ended) => {
        cancel();
        resolve(ended);
      });
    });
  }

  /** Gives it up. */
  close(): void {
    this.#running = undefined;
    this.#connection?.destroy();
    this.#connection = undefined;
  }

  /** Never throws. */
  async #write(isGivenUp: () => boolean): Promise<boolean> {
    const { source, dialect, timeoutMs } = this.#deps;
    const connector = dialect.connector(source, {
      connectTimeoutMs: timeoutMs,
      statementTimeoutMs: patienceMs,
      applicationName: 'holdfast write trial',
    });
    try {
      const connection = await connector.open();
      if (isGivenUp()) connection.destroy();
      else this.#connection = connection;
      await dialect.proveWritable(connection, patienceMs);
      return true;
    } catch (error) {
      return !untold.has(dialect.classify(error, false).kind);
    }
  }
}
