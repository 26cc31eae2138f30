import { fault, type RawHost, type Reading } from './finding.ts';

const ADDRESS = /^(tcp|tcp4|tcp6|unix)\(([^)]*)\)$/is;

/** The address in `tcp(host:port)` or `unix(/path)`. A socket has no port; `0` says so. */
const readAddress = (text: string): RawHost | undefined => {
  const match = ADDRESS.exec(text);
  if (match === null) return undefined;
  const address = match[2] ?? '';
  if (match[1]?.toLowerCase() === 'unix') return { host: address, port: '0' };
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::([^:]*))?$/s.exec(address) ?? [];
  const host = bracketed ?? plain;
  return host === undefined ? undefined : { host, port: port ?? '' };
};

const readOptions = (text: string): ReadonlyMap<string, string> | undefined => {
  const options = new Map<string, string>();
  for (const pair of text.split('&').filter((each) => each !== '')) {
    const equals = pair.indexOf('=');
    if (equals < 1) return undefined;
    try {
      options.set(pair.slice(0, equals).toLowerCase(), decodeURIComponent(pair.slice(equals + 1)));
    } catch {
      return undefined;
    }
  }
  return options;
};

/**
 * Reads the form of Go's MySQL driver, `user:password@tcp(host:port)/database?charset=utf8mb4,utf8`. Nothing but option
 * values is encoded, so the last `/` before the options and the last `@` before that decide, as in the driver.
 */
export const readGoMysql = (entry: string): Reading => {
  const text = entry.replace(/^(?:mysql|mariadb):\/\//i, '');
  const cut = /^(.*)\/([^/?]*)(?:\?(.*))?$/s.exec(text);
  if (cut === null) return fault('no-database', 'No database is named. Write user:password@tcp(host:port)/database.');
  const [, before = '', database = '', query = ''] = cut;
  const at = before.lastIndexOf('@');
  const host = readAddress(before.slice(at + 1));
  if (host === undefined) {
    return fault(
      'unparsable',
      'The address cannot be read. Write tcp(host:port), tcp([::1]:3306) or unix(/path), and encode / in options as %2F.',
    );
  }
  const options = readOptions(query);
  if (options === undefined) {
    return fault(
      'bad-option',
      'An option after the ? cannot be read. Write options as name=value&..., percent-encoded.',
    );
  }
  const credentials = before.slice(0, Math.max(at, 0));
  const colon = credentials.indexOf(':');
  return {
    parts: {
      driver: 'mysql',
      hosts: host.host === '' ? [] : [host],
      database,
      user: colon < 0 ? credentials : credentials.slice(0, colon),
      password: colon < 0 ? '' : credentials.slice(colon + 1),
      // The driver's default is plain text; the string says so by saying nothing.
      options: options.has('tls') ? options : new Map([...options, ['tls', 'false']]),
    },
  };
};
