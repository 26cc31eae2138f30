const mask = '***';

/**
 * Places where a connection string, a header or a query carries a secret. Each match is replaced by its first group,
 * the mask and its second group.
 */
const secretPatterns: readonly RegExp[] = [
  // scheme://user:password@ - greedy to the last `@`, because unescaped passwords contain `@`, `/` and `:`;
  // it ends before a comma that starts the next data source.
  /([a-z][a-z0-9+.-]*:\/\/[^\s:@/"']*:)(?:(?!,\s*[a-z][a-z0-9+.-]*:\/\/)[^\s"'])*(@)/gi,
  // Go-MySQL: user:password@tcp(host:port)/db
  /([^\s:@,"'/]+:)[^\s"']*?(@(?:tcp|unix|tls)?\()/gi,
  // libpq key=value and URL options; a quoted value may contain spaces and escaped quotes
  /(\b(?:password|passwd|pwd|sslpassword|secret|access_token)\s*=\s*)(?:'(?:[^'\\]|\\.)*'|[^\s,;&"']+)()/gi,
  /(\b(?:bearer|token)\s+)[a-z0-9._~+/-]{8,}=*()/gi,
];

const secretKey = /pass(word|wd|phrase)?$|secret|token$|authorization|cookie|connectionstring|^datasources?$|^dsn$/i;

/** The text without the passwords of the connection strings and the bearer tokens that stand in it. */
export function redactText(text: string): string {
  let clean = text;
  for (const pattern of secretPatterns) clean = clean.replace(pattern, `$1${mask}$2`);
  return clean;
}

/**
 * A copy of `value` that is fit to be logged: strings redacted, members named like secrets masked, errors as objects.
 * Deeper than `depth` levels it prints `[deep]`, so a cycle ends.
 */
export function redactValue(value: unknown, depth = 5): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return value;
  if (depth === 0) return '[deep]';
  if (value instanceof Error) return redactError(value, depth - 1);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth - 1));
  return redactMembers(Object.entries(value), depth - 1);
}

function redactMembers(entries: readonly [string, unknown][], depth: number): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const [key, value] of entries) {
    clean[key] = secretKey.test(key) && value !== '' && value !== undefined ? mask : redactValue(value, depth);
  }
  return clean;
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  // A driver's error may carry the whole connection options: only what is known to be harmless is taken.
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    message: redactText(error.message),
    ...(typeof code === 'string' ? { code } : {}),
    stack: redactText(error.stack ?? ''),
    ...(error.cause === undefined ? {} : { cause: redactValue(error.cause, depth) }),
  };
}
