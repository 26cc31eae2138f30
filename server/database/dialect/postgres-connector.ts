import knex from 'knex';
import pg from 'pg';
import type { DataSource, HostPort } from '../data-source/data-source.ts';
import type { Connection, Connector } from './connection.ts';
import type { ConnectorOptions } from './dialect.ts';
import { type DriverClient, PostgresConnection } from './postgres-connection.ts';
import { tlsSettings } from './tls-settings.ts';

/** int8 (BIGINT, COUNT) as a number: every BIGINT of ours is a time or a counter, far below 2^53. */
const int8 = 20;
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === int8 && format !== 'binary' ? Number : (pg.types.getTypeParser(oid, format) as (value: string) => unknown),
};

const refusesTls = 'The server does not support SSL connections';

function driverSettings(source: DataSource, address: HostPort, options: ConnectorOptions): Record<string, unknown> {
  return {
    host: address.host,
    port: address.port,
    database: source.database,
    user: source.user,
    password: source.password.reveal(),
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

/** What libpq's `target_session_attrs` asks of a server; undefined when any will do. */
const wantedSession: Readonly<Record<string, string>> = {
  'read-write': "NOT pg_is_in_recovery() AND current_setting('default_transaction_read_only') = 'off'",
  'read-only': "pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on'",
  primary: 'NOT pg_is_in_recovery()',
  standby: 'pg_is_in_recovery()',
};

/** One address of a data source. */
class Address {
  readonly #source: DataSource;
  readonly #address: HostPort;
  readonly #options: ConnectorOptions;
  /** `sslmode=prefer`: the server has said that it does not speak TLS. */
  #plain: boolean;

  constructor(source: DataSource, address: HostPort, options: ConnectorOptions) {
    this.#source = source;
    this.#address = address;
    this.#options = options;
    this.#plain = source.tls.mode === 'disable';
  }

  async open(): Promise<PostgresConnection> {
    const plain = this.#plain;
    try {
      return await this.#connect(plain);
    } catch (error) {
      // By this attempt's own way, not by what another one has learnt meanwhile: many open at the same time.
      const mayBePlain = this.#source.tls.mode === 'prefer' && !plain;
      if (!mayBePlain || !(error instanceof Error) || !error.message.startsWith(refusesTls)) throw error;
      this.#plain = true;
      return this.#connect(true);
    }
  }

  /** Certificates are read each time: they are replaced while the server runs. */
  async #connect(plain: boolean): Promise<PostgresConnection> {
    const { tls } = this.#source;
    const anyName = tls.mode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {};
    const ssl = plain ? false : { ...tlsSettings(tls), ...anyName };
    // Knex's client knows how to make and configure a connection of either engine; a set version spares it a query.
    const opener = knex({
      client: 'pg',
      version: '15',
      connection: { ...driverSettings(this.#source, this.#address, this.#options), ssl },
      pool: { min: 0, max: 0 },
    }).client as { acquireRawConnection(): Promise<DriverClient> };
    return new PostgresConnection(await opener.acquireRawConnection(), this.#options.onUnsafeCommit);
  }
}

/** @throws Error when the server is not of the kind that `target_session_attrs` asks for. */
async function assertWanted(connection: Connection, source: DataSource, options: ConnectorOptions): Promise<void> {
  const wanted = source.options['target_session_attrs'] ?? 'any';
  const condition = wantedSession[wanted];
  if (condition === undefined) return;
  const { rows } = await connection.execute({ text: `SELECT ${condition} AS fits` }, [], options.connectTimeoutMs);
  if (rows[0]?.['fits'] === true) return;
  await connection.close();
  throw Object.assign(new Error(`No host of ${source.name} is ${wanted}.`), { code: '57P03', severity: 'FATAL' });
}

/**
 * Opens connections to a data source: to its first host that answers and is of the wanted kind. Handing connections
 * out is ours (pool/): knex's pool cannot drain, and validates asynchronously on every query.
 */
export function postgresConnector(source: DataSource, options: ConnectorOptions): Connector {
  const addresses = source.hosts.map((address) => new Address(source, address, options));
  return {
    async open() {
      let lastError: unknown;
      for (const address of addresses) {
        try {
          const connection = await address.open();
          await assertWanted(connection, source, options);
          return connection;
        } catch (error) {
          lastError = error;
        }
      }
      throw lastError;
    },
  };
}
