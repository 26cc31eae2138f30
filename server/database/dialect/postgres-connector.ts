import knex from 'knex';
import pg from 'pg';
import type { DataSource, HostPort } from '../data-source/data-source.ts';
import { connectorOf } from './addresses.ts';
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

interface Address {
  readonly at: HostPort;
  readonly plain: boolean;
}

/** Certificates are read each time: they are replaced while the server runs. */
async function connect(source: DataSource, address: Address, options: ConnectorOptions): Promise<PostgresConnection> {
  const { tls } = source;
  const anyName = tls.mode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {};
  const ssl = address.plain ? false : { ...tlsSettings(tls), ...anyName };
  // Knex's client knows how to make and configure a connection of either engine; a set version spares it a query.
  const opener = knex({
    client: 'pg',
    version: '15',
    connection: { ...driverSettings(source, address.at, options), ssl },
    pool: { min: 0, max: 0 },
  }).client as { acquireRawConnection(): Promise<DriverClient> };
  return new PostgresConnection(await opener.acquireRawConnection(), options.onUnsafeCommit);
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

/** Opens connections to a data source: to its first host that answers and is of the wanted kind. */
export function postgresConnector(source: DataSource, options: ConnectorOptions): Connector {
  return connectorOf(source, {
    connect: (at, plain) => connect(source, { at, plain }, options),
    refusesTls: (error) => error instanceof Error && error.message.startsWith(refusesTls),
    assertWanted: (connection) => assertWanted(connection, source, options),
  });
}
