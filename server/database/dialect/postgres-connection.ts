import type { Client } from 'pg';
import { systemClock } from '../clock.ts';
import type { Row } from '../row.ts';
import type { DriverStatement, ResultSet } from './connection.ts';
import { PipelinedConnection } from './pipelined-connection.ts';

interface TimedQuery {
  name: string | undefined;
  text: string;
  values: unknown[];
  query_timeout: number;
}

interface DriverResult {
  rows: Row[];
  command: string;
}

/** The driver's client with the parts of it that its published types leave out. */
export type DriverClient = Omit<Client, 'query'> & {
  query(config: TimedQuery, callback: (error: Error | null, result: DriverResult) => void): void;
  readonly connection: { readonly stream: { destroy(): void; cork(): void; uncork(): void } };
};

/** How long a goodbye may take: a silent server never answers it. */
const closeLimitMs = 1_000;

/** Everything but an ordinary refusal by the server (SQLSTATE, severity ERROR) leaves the socket dead or out of step. */
function endsConnection(error: ServerError): boolean {
  return error.severity !== 'ERROR';
}

/** An error of the driver, with what the server said when it came from there. */
type ServerError = Error & { severity?: string; detail?: string; where?: string };

/** The server quotes rows and values in these; an error is logged with everything that is in it. */
function withoutRows(error: ServerError): ServerError {
  delete error.detail;
  delete error.where;
  return error;
}

/** A PostgreSQL connection in pipeline mode: what is sent without waiting travels together. */
export class PostgresConnection extends PipelinedConnection {
  readonly #client: DriverClient;
  #usable = true;

  constructor(client: DriverClient, onUnsafeCommit: ((text: string) => void) | undefined) {
    super();
    this.#client = client;
    const lost = (): void => {
      this.#usable = false;
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notice', (notice) => {
      // 01000 while waiting for a synchronous replica: the commit is local only (research/database-layer.md 0.2).
      if (notice.code === '01000' && /synchronous replication/.test(notice.message ?? '')) {
        onUnsafeCommit?.(notice.message ?? '');
      }
    });
  }

  get usable(): boolean {
    return this.#usable;
  }

  execute(statement: DriverStatement, values: readonly unknown[], timeoutMs: number): Promise<ResultSet> {
    // Named one by one: what a spread begins has a hidden class of its own, and the driver reads it slowly.
    const query = { name: statement.name, text: statement.text, values: values as unknown[], query_timeout: timeoutMs };
    return new Promise((resolve, reject) => {
      this.#client.query(query, (error, result) => {
        if (error) {
          if (endsConnection(error)) this.#usable = false;
          reject(withoutRows(error));
        } else resolve(result);
      });
    });
  }

  together<T>(send: () => T): T {
    const { stream } = this.#client.connection;
    stream.cork();
    try {
      return send();
    } finally {
      stream.uncork();
    }
  }

  async close(): Promise<void> {
    if (!this.#usable) return this.destroy();
    this.#usable = false;
    const cancel = systemClock.after(closeLimitMs, () => this.destroy());
    await this.#client.end().catch(() => undefined);
    cancel();
  }

  destroy(): void {
    this.#usable = false;
    this.#client.connection.stream.destroy();
  }
}
