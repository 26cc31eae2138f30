import knex from 'knex';
import type { DataSource, HostPort } from '../data-source/data-source.ts';
import { connectorOf } from './addresses.ts';
import type { Connector } from './connection.ts';
import type { ConnectorOptions } from './dialect.ts';
import { MysqlConnection, type MysqlDriver } from './mysql-connection.ts';
import { tlsSettings } from './tls-settings.ts';

/** Prepared statements that one connection keeps; the server has one limit (16,382) for all of them together. */
const preparedLimit = 256;
/** How long a statement waits for a row that another transaction has locked. */
const lockWaitSeconds = 10;

const sqlMode = [
  'ANSI_QUOTES',
  'PIPES_AS_CONCAT',
  'STRICT_ALL_TABLES',
  'NO_ZERO_IN_DATE',
  'NO_ZERO_DATE',
  'ERROR_FOR_DIVISION_BY_ZERO',
  'NO_ENGINE_SUBSTITUTION',
].join(',');

/**
 * What every session runs with, whatever the server's own defaults are. Bad values are refused and not bent; times are
 * UTC; statements see what is committed, as on PostgreSQL; the GTID of a write comes with its answer. Each engine
 * passes over what is marked for the other (see `mysql-positions.ts`).
 */
function sessionText({ statementTimeoutMs }: ConnectorOptions): string {
  const seconds = statementTimeoutMs / 1_000;
  const mariadb = [
    `max_statement_time = ${seconds}`,
    `idle_transaction_timeout = ${Math.ceil(seconds)}`,
    "tx_isolation = 'READ-COMMITTED'",
    "session_track_system_variables = 'last_gtid'",
  ];
  const mysql = [
    `max_execution_time = ${Math.ceil(statementTimeoutMs)}`,
    "transaction_isolation = 'READ-COMMITTED'",
    "session_track_system_variables = ''",
    'session_track_gtids = OWN_GTID',
  ];
  return `SET SESSION sql_mode = '${sqlMode}', time_zone = '+00:00', autocommit = 1,
    innodb_lock_wait_timeout = ${lockWaitSeconds}, group_concat_max_len = 4194304
    /*M! , ${mariadb.join(', ')} *//*!80000 , ${mysql.join(', ')} */`;
}

function driverSettings(source: DataSource, address: HostPort, options: ConnectorOptions): Record<string, unknown> {
  const { host, port } = address;
  return {
    ...(host.startsWith('/') ? { socketPath: host } : { host, port }),
    database: source.database,
    user: source.user,
    password: source.password.reveal(),
    connectAttributes: { program_name: options.applicationName },
    connectTimeout: options.connectTimeoutMs,
    enableKeepAlive: true,
    keepAliveInitialDelay: 5_000,
    // Byte by byte, as PostgreSQL compares: two names that look alike are two names.
    charset: 'UTF8MB4_BIN',
    timezone: 'Z',
    // A server must not be able to ask for files of ours. FOUND_ROWS, on by default, counts rows as PostgreSQL does.
    flags: ['-LOCAL_FILES'],
    multipleStatements: true,
    maxPreparedStatements: preparedLimit,
    decimalNumbers: true,
    jsonStrings: true,
  };
}

interface Address {
  readonly at: HostPort;
  readonly plain: boolean;
}

/** Certificates are read each time: they are replaced while the server runs. */
async function connect(source: DataSource, address: Address, options: ConnectorOptions): Promise<MysqlConnection> {
  const { tls } = source;
  const ssl = address.plain ? {} : { ssl: { ...tlsSettings(tls), verifyIdentity: tls.mode === 'verify-full' } };
  // Knex's client knows how to make a connection of either engine; a set version spares it a query.
  const opener = knex({
    client: 'mysql2',
    version: '8.0.0',
    connection: { ...driverSettings(source, address.at, options), ...ssl },
    pool: { min: 0, max: 0 },
  }).client as { acquireRawConnection(): Promise<MysqlDriver> };
  const connection = new MysqlConnection(await opener.acquireRawConnection());
  try {
    await connection.execute({ text: sessionText(options) }, [], options.connectTimeoutMs);
    return connection;
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

/** Opens connections to a data source, each with a session as it is wanted. */
export function mysqlConnector(source: DataSource, options: ConnectorOptions): Connector {
  return connectorOf(source, {
    connect: (at, plain) => connect(source, { at, plain }, options),
    refusesTls: (error) => (error as { code?: unknown }).code === 'HANDSHAKE_NO_SSL_SUPPORT',
  });
}
