import type { Connection, Connector } from '../dialect/dialect.ts';
import { PipelinedConnection } from '../dialect/pipelined-connection.ts';

/** A connection without a server: it opens when told, and can be broken. */
export class ScriptedConnection extends PipelinedConnection {
  usable = true;
  closed = false;
  readonly number: number;
  /** What closing it takes. */
  closing: () => Promise<void> = () => Promise.resolve();

  constructor(number: number) {
    super();
    this.number = number;
  }

  execute(): Promise<never> {
    return Promise.reject(new Error('A scripted connection answers nothing.'));
  }

  together<T>(send: () => T): T {
    return send();
  }

  async close(): Promise<void> {
    this.usable = false;
    this.closed = true;
    await this.closing();
  }

  destroy(): void {
    this.usable = false;
  }
}

/** A connector that counts; `refuse` makes the next openings fail. */
export class ScriptedConnector implements Connector {
  readonly opened: ScriptedConnection[] = [];
  refuse: Error | undefined;
  /** How many of the next connections break at once. */
  breaking = 0;
  closing: () => Promise<void> = () => Promise.resolve();

  async open(): Promise<Connection> {
    if (this.refuse !== undefined) throw this.refuse;
    const connection = new ScriptedConnection(this.opened.length + 1);
    connection.closing = this.closing;
    if (this.breaking > 0) connection.usable = false;
    this.breaking -= 1;
    this.opened.push(connection);
    return connection;
  }
}
