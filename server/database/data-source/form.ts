import type { DriverName } from './data-source.ts';

/** The ways to write a data source. */
export type Form = 'postgres-url' | 'libpq' | 'mysql-url' | 'go-mysql';

/** Keywords of libpq: a comma followed by one of them and `=` can start a new data source. */
const LIBPQ_KEYWORD =
  /^(?:host|hostaddr|port|dbname|user|password|passfile|service|sslmode|sslrootcert|sslcert|sslkey|sslcrl|connect_timeout|application_name|fallback_application_name|options|keepalives|keepalives_idle|keepalives_interval|keepalives_count|tcp_user_timeout|target_session_attrs|channel_binding|gssencmode|client_encoding|require_auth|load_balance_hosts)\s*=/i;

const POSTGRES_SCHEME = /^postgres(?:ql)?:\/\//i;
const MYSQL_SCHEME = /^(?:mysql|mariadb):\/\//i;
const GO_ADDRESS = /(?:^|@)(?:tcp|tcp4|tcp6|unix)\(/i;

/** `user:password@tcp(`; a user name holds none of the characters that options and addresses are made of. */
const GO_START = /^(?:[^\s:@/,&=?()]+(?::.*?)?@|@)?(?:tcp|tcp4|tcp6|unix)\(/is;
/** The address is closed and the `/` before the database name has been seen. */
const GO_COMPLETE = /(?:^|@)(?:tcp|tcp4|tcp6|unix)\([^)]*\)\//i;
const GO_USER = /^[^\s:@/,&=?()]+:/;

/** The form of an entry, or undefined when it is none that we know. Expects no white space at the ends. */
export const formOf = (entry: string): Form | undefined => {
  if (POSTGRES_SCHEME.test(entry)) return 'postgres-url';
  // Mattermost's own documentation puts `mysql://` before the Go form.
  if (MYSQL_SCHEME.test(entry)) return GO_COMPLETE.test(entry) ? 'go-mysql' : 'mysql-url';
  if (/^[a-z_]+\s*=/i.test(entry)) return 'libpq';
  return GO_ADDRESS.test(entry) ? 'go-mysql' : undefined;
};

/** The driver that a form belongs to. */
export const driverOfForm = (form: Form): DriverName =>
  form === 'postgres-url' || form === 'libpq' ? 'postgres' : 'mysql';

/** Does `text` begin with a scheme of ours? Such a text starts a data source wherever it stands. */
export const startsWithScheme = (text: string): boolean => POSTGRES_SCHEME.test(text) || MYSQL_SCHEME.test(text);

/** Does `text` begin like the Go form? Only meaningful after a complete data source: a password may look the same. */
export const startsLikeGo = (text: string): boolean => GO_START.test(text);

/** The libpq keyword that `text` begins with, in lower case. */
export const leadingKeyword = (text: string): string | undefined =>
  LIBPQ_KEYWORD.exec(text)?.[0].replace(/\s*=$/, '').toLowerCase();

/**
 * Has everything up to the database name been seen? Until then a comma belongs to a user name, a password, or a list
 * of hosts. Text of no known form counts as complete, so that the entry after it is found and both are reported.
 */
export const isComplete = (entry: string): boolean => {
  if (startsWithScheme(entry)) {
    const rest = entry.slice(entry.indexOf('://') + 3);
    return rest.includes('/') && (!GO_ADDRESS.test(rest) || GO_COMPLETE.test(rest));
  }
  if (leadingKeyword(entry) !== undefined) return false;
  return GO_COMPLETE.test(entry) || !(GO_USER.test(entry) || GO_ADDRESS.test(entry));
};
