import { createHash } from 'node:crypto';
import type { DataSource, HostPort } from './data-source.ts';
import { fault, type Finding, type RawHost, type RawParts } from './finding.ts';
import { createSecret, MASK } from './secret.ts';
import { readTls, TLS_OPTIONS } from './tls.ts';

const DEFAULT_PORT = { postgres: 5432, mysql: 3306 } as const;

const WHOLE_NUMBERS: ReadonlySet<string> = new Set([
  ...['connect_timeout', 'keepalives_idle', 'keepalives_interval', 'keepalives_count', 'tcp_user_timeout'],
]);
/** Options that would carry a secret in plain sight and that no driver here uses. */
const SECRET_OPTIONS: ReadonlySet<string> = new Set([
  ...['sslpassword', 'scram_client_key', 'scram_server_key', 'oauth_client_secret'],
]);

const isSocket = (host: string): boolean => host.startsWith('/');

const checkHost = ({ host }: RawHost): Finding[] => {
  if (host === '') return [fault('no-host', 'A host is empty. Name the host of the database server.').finding];
  if (isSocket(host) || /^[^\s@/?#,()[\]]+$/.test(host)) return [];
  return [fault('bad-host', 'A host contains characters that no host name has. Check commas, quotes and @.').finding];
};

const checkPort = ({ host, port }: RawHost): Finding[] => {
  if (port === '' || (port === '0' && isSocket(host))) return [];
  if (/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535) return [];
  return [fault('bad-port', 'A port is not a whole number from 1 to 65535.').finding];
};

const checkAddress = ({ hosts, database, user, driver }: RawParts): Finding[] => {
  const findings = hosts.flatMap((host) => [...checkHost(host), ...checkPort(host)]);
  const example = driver === 'postgres' ? 'postgres://user@host:5432/database' : 'user@tcp(host:3306)/database';
  if (hosts.length === 0) findings.push(fault('no-host', `No host is named. Write it as in ${example}.`).finding);
  if (database === '') {
    findings.push(fault('no-database', `No database is named. Write it as in ${example}.`).finding);
  }
  if (user === '') findings.push(fault('no-user', `No user is named. Write it as in ${example}.`).finding);
  return findings;
};

const checkOptions = (options: ReadonlyMap<string, string>): Finding[] =>
  [...options].flatMap(([name, value]) => {
    if (WHOLE_NUMBERS.has(name) && !/^\d{1,9}$/.test(value)) {
      return [fault('bad-option', `${name} is not a whole number.`).finding];
    }
    if (SECRET_OPTIONS.has(name)) {
      return [fault('bad-option', `${name} is not supported. Use a user with a password or a key file.`).finding];
    }
    return [];
  });

const toHostPort = (raw: RawHost, parts: RawParts): HostPort =>
  Object.freeze({
    // Host names know no case; a socket's path does.
    host: isSocket(raw.host) ? raw.host : raw.host.toLowerCase(),
    port: raw.port === '' ? DEFAULT_PORT[parts.driver] : Number(raw.port),
  });

/** `host:port`, an IPv6 address in brackets; the path alone for a MySQL socket, which has no port. */
export const formatHost = ({ host, port }: HostPort): string => {
  if (port === 0) return host;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
};

const fingerprint = (source: Omit<DataSource, 'fingerprint' | 'name'>): string => {
  const { driver, hosts, database, user, password, tls, options } = source;
  const sorted = Object.entries(options).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const { mode, rootCertificate, certificate, key } = tls;
  const everything = [
    ...[driver, hosts.map(formatHost), database, user, password.reveal()],
    ...[mode, rootCertificate ?? null, certificate ?? null, key ?? null, sorted],
  ];
  return createHash('sha256').update(JSON.stringify(everything)).digest('hex');
};

/** Checks the parts and makes the data source of them, or says everything that is wrong. */
export const buildDataSource = (
  parts: RawParts,
): { readonly source: DataSource } | { readonly findings: readonly Finding[] } => {
  const tls = readTls(parts);
  const findings = [...checkAddress(parts), ...checkOptions(parts.options)];
  if ('finding' in tls) return { findings: [...findings, tls.finding] };
  const [first, ...rest] = parts.hosts.map((host) => toHostPort(host, parts));
  if (findings.length > 0 || first === undefined) return { findings };
  const source = {
    driver: parts.driver,
    hosts: Object.freeze([first, ...rest] as const),
    database: parts.database,
    user: parts.user,
    password: createSecret(parts.password),
    tls: tls.tls,
    options: Object.freeze(Object.fromEntries([...parts.options].filter(([name]) => !TLS_OPTIONS.has(name)))),
  };
  const name = `${formatHost(first)}/${parts.database}`;
  return { source: Object.freeze({ ...source, name, fingerprint: fingerprint(source) }) };
};

/** A data source as an operator may see it: `postgres://user:••••@host:port,host:port/database`. */
export const describeDataSource = ({ driver, user, hosts, database }: DataSource): string =>
  `${driver}://${user}:${MASK}@${hosts.map(formatHost).join(',')}/${database}`;
