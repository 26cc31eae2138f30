import { readFileSync } from 'node:fs';
import knex from 'knex';
import type { Client } from 'pg';
import pg from 'pg';
import type { DataSource, HostPort, TlsOptions } from '../data-source/data-source.ts';
import type { Row } from '../row.ts';
import type { Connection, Connector, DriverStatement, ResultSet } from './connection.ts';
import type { ConnectorOptions } from './dialect.ts';

/** int8 (BIGINT, COUNT) as a number: every BIGINT of ours is a time or a counter, far below 2^53. */
const int8 = 20;
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === int8 && format !== 'binary' ? Number : (pg.types.getTypeParser(oid, format) as (value: string) => unknown),
};

interface TimedQuery {
  name?: string;
  text: string;
  values: unknown[];
  query_timeout: number;
}

interface DriverResult {
  rows: Row[];
  command: string;
}

/** The driver's client with the parts of it that its published types leave out. */
type DriverClient = Omit<Client, 'query'> & {
  query(config: TimedQuery, callback: (error: Error | null, result: DriverResult) => void): void;
  readonly connection: { readonly stream: { destroy(): void; cork(): void; uncork(): void } };
};

/** Everything but an ordinary refusal by the server (SQLSTATE, severity ERROR) leaves the socket dead or out of step. */
function endsConnection(error: Error & { severity?: string }): boolean {
  return error.severity !== 'ERROR';
}

/** A PostgreSQL connection in pipeline mode: what is sent without waiting travels together. */
class PostgresConnection implements Connection {
  readonly #client: DriverClient;
  #usable = true;

  constructor(client: DriverClient, onUnsafeCommit: ((text: string) => void) | undefined) {
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
    return new Promise((resolve, reject) => {
      this.#client.query({ ...statement, values: values as unknown[], query_timeout: timeoutMs }, (error, result) => {
        if (error) {
          if (endsConnection(error)) this.#usable = false;
          reject(error);
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
    await this.#client.end().catch(() => undefined);
  }

  destroy(): void {
    this.#usable = false;
    this.#client.connection.stream.destroy();
  }
}

function tlsSettings(tls: TlsOptions): false | Record<string, unknown> {
  if (tls.mode === 'disable' || tls.mode === 'prefer') return false;
  const read = (path: string | undefined): string | undefined =>
    path === undefined ? undefined : readFileSync(path, 'utf8');
  return {
    rejectUnauthorized: tls.mode !== 'require',
    ...(tls.mode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
    ca: read(tls.rootCertificate),
    cert: read(tls.certificate),
    key: read(tls.key),
  };
}

function driverSettings(source: DataSource, address: HostPort, options: ConnectorOptions): Record<string, unknown> {
  return {
    host: address.host,
    port: address.port,
    database: source.database,
    user: source.user,
    password: source.password.reveal(),
    ssl: tlsSettings(source.tls),
    application_name: source.options.application_name ?? options.applicationName,
    options: source.options.options,
    connectionTimeoutMillis: options.connectTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    idle_in_transaction_session_timeout: options.statementTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
    pipeline: true,
    types,
  };
}

/**
 * Opens connections through knex: its dialect client knows how to make and configure a connection of either engine.
 * Handing connections out is ours (pool/): knex's pool cannot drain, and validates asynchronously on every query.
 */
export function postgresConnector(source: DataSource, options: ConnectorOptions): Connector {
  const openers = source.hosts.map(
    (address) =>
      knex({
        client: 'pg',
        // A set version spares a `select version()` on every connect.
        version: '15',
        connection: driverSettings(source, address, options),
        pool: { min: 0, max: 0 },
      }).client as { acquireRawConnection(): Promise<DriverClient> },
  );
  return {
    async open() {
      let lastError: unknown;
      for (const opener of openers) {
        try {
          return new PostgresConnection(await opener.acquireRawConnection(), options.onUnsafeCommit);
        } catch (error) {
          lastError = error;
        }
      }
      throw lastError;
    },
  };
}
