import { fault, type Finding, type RawHost, type Reading } from './finding.ts';
import { postgresParts } from './postgres-parts.ts';

interface UrlParts {
  readonly user: string;
  readonly password: string;
  readonly hosts: readonly RawHost[];
  readonly database: string;
  readonly options: ReadonlyMap<string, string>;
}
type Failed = { readonly finding: Finding };

const BAD_ENCODING = fault(
  'bad-encoding',
  'A % is not followed by two hexadecimal digits that make sense. Write a literal % as %25.',
);
const RAW_CHARACTER = fault(
  'unparsable',
  'An @ stands after the first / or ?. Percent-encode these characters in the user name, password and database: ' +
    '/ as %2F, ? as %3F, @ as %40. A second data source must be written in full, with its scheme.',
);

const decode = (text: string): string | undefined => {
  try {
    const decoded = decodeURIComponent(text);
    return decoded.includes('\0') ? undefined : decoded;
  } catch {
    return undefined;
  }
};

const readHost = (text: string): RawHost | Failed => {
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::([^:]*))?$/s.exec(text);
  if (match === null) return fault('bad-host', 'A host cannot be read. Write an IPv6 address in brackets: [::1]:5432.');
  const host = decode(match[1] ?? match[2] ?? '');
  return host === undefined ? BAD_ENCODING : { host: host.trim(), port: (match[3] ?? '').trim() };
};

const readHosts = (text: string): readonly RawHost[] | Failed => {
  if (text === '') return [];
  const hosts: RawHost[] = [];
  for (const part of text.split(',')) {
    const host = readHost(part);
    if ('finding' in host) return host;
    hosts.push(host);
  }
  return hosts;
};

const readOptions = (text: string): ReadonlyMap<string, string> | Failed => {
  const options = new Map<string, string>();
  for (const pair of text.split('&').filter((each) => each !== '')) {
    const equals = pair.indexOf('=');
    if (equals < 1) return fault('bad-option', 'An option after the ? has no `name=`. Write options as name=value&...');
    const name = decode(pair.slice(0, equals));
    const value = decode(pair.slice(equals + 1));
    if (name === undefined || value === undefined) return BAD_ENCODING;
    options.set(name.toLowerCase(), value);
  }
  return options;
};

const readDatabase = (text: string): string | Failed => {
  if (text.includes('@')) return RAW_CHARACTER;
  if (/[/,]/.test(text)) {
    return fault(
      'bad-database',
      'The database name contains a / or a comma. Write them as %2F and %2C; begin a second data source with its scheme.',
    );
  }
  return decode(text) ?? BAD_ENCODING;
};

const readCredentials = (text: string): { user: string; password: string } | Failed => {
  const colon = text.indexOf(':');
  const user = decode(colon < 0 ? text : text.slice(0, colon));
  const password = decode(colon < 0 ? '' : text.slice(colon + 1));
  return user === undefined || password === undefined ? BAD_ENCODING : { user, password };
};

/**
 * `scheme://user:password@host:port,host:port/database?option=value&...`, each part percent-encoded. Written by hand
 * because the WHATWG parser knows no list of hosts and because it would put the whole text into its errors.
 */
const readUrl = (entry: string): UrlParts | Failed => {
  const rest = entry.slice(entry.indexOf('://') + 3);
  const authority = /^[^/?]*/.exec(rest)?.[0] ?? '';
  const [, path = '', query = ''] = /^\/?([^?]*)\??(.*)$/s.exec(rest.slice(authority.length)) ?? [];
  const at = authority.lastIndexOf('@');
  if (at < 0 && rest.includes('@') && !/[?&]user=/i.test(rest)) return RAW_CHARACTER;
  const credentials = readCredentials(authority.slice(0, Math.max(at, 0)));
  if ('finding' in credentials) return credentials;
  const hosts = readHosts(authority.slice(at + 1));
  if ('finding' in hosts) return hosts;
  const database = readDatabase(path);
  if (typeof database !== 'string') return database;
  const options = readOptions(query);
  if ('finding' in options) return options;
  return { ...credentials, hosts, database, options };
};

/** Reads `postgres://` and `postgresql://`; as in libpq, options can name host, port, user, password and dbname too. */
export const readPostgresUrl = (entry: string): Reading => {
  const url = readUrl(entry);
  if ('finding' in url) return url;
  const pairs = new Map([['user', url.user], ['password', url.password], ['dbname', url.database], ...url.options]);
  if (url.options.has('host') || url.options.has('hostaddr')) {
    if (url.options.get('port') === undefined) pairs.set('port', url.hosts.map((each) => each.port).join(','));
    return postgresParts(pairs);
  }
  const read = postgresParts(pairs);
  if ('finding' in read) return read;
  const port = url.options.get('port') ?? '';
  return { parts: { ...read.parts, hosts: url.hosts.map((each) => ({ ...each, port: each.port || port })) } };
};

/** Reads `mysql://user:password@host:port/database?...`; one host only. */
export const readMysqlUrl = (entry: string): Reading => {
  const url = readUrl(entry);
  if ('finding' in url) return url;
  if (url.hosts.length > 1) {
    return fault('bad-host', 'A MySQL data source names one host. Write each server as a data source of its own.');
  }
  return { parts: { driver: 'mysql', ...url } };
};
