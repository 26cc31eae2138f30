import type { TlsOptions } from './data-source.ts';
import { fault, type Finding, type RawParts } from './finding.ts';

type Mode = TlsOptions['mode'];

/** libpq's `allow` tries plain text first and TLS second; the drivers here cannot, and `prefer` is never the weaker. */
const POSTGRES_MODES: ReadonlyMap<string, Mode> = new Map<string, Mode>([
  ['disable', 'disable'],
  ['allow', 'prefer'],
  ['prefer', 'prefer'],
  ['require', 'require'],
  ['verify-ca', 'verify-ca'],
  ['verify-full', 'verify-full'],
]);

const MYSQL_MODES: ReadonlyMap<string, Mode> = new Map<string, Mode>([
  ['false', 'disable'],
  ['disabled', 'disable'],
  ['disable', 'disable'],
  ['preferred', 'prefer'],
  ['prefer', 'prefer'],
  ['skip-verify', 'require'],
  ['required', 'require'],
  ['require', 'require'],
  ['verify_ca', 'verify-ca'],
  ['verify-ca', 'verify-ca'],
  ['verify_identity', 'verify-full'],
  ['verify-full', 'verify-full'],
  // Go's driver checks certificate and host name when told `true`.
  ['true', 'verify-full'],
]);

const SWITCH: ReadonlyMap<string, Mode> = new Map<string, Mode>([
  ['true', 'require'],
  ['1', 'require'],
  ['false', 'disable'],
  ['0', 'disable'],
]);

/** The options that this file consumes; what is left goes to the driver. */
export const TLS_OPTIONS: ReadonlySet<string> = new Set([
  ...['sslmode', 'ssl-mode', 'tls', 'ssl'],
  ...['sslrootcert', 'ssl-ca', 'sslcert', 'ssl-cert', 'sslkey', 'ssl-key'],
]);

const UNKNOWN_POSTGRES = fault(
  'bad-tls',
  'sslmode is unknown. Use one of disable, prefer, require, verify-ca, verify-full.',
).finding;
const UNKNOWN_MYSQL = fault(
  'bad-tls',
  'The TLS mode is unknown. Use tls=false, preferred, skip-verify or true, or ' +
    'ssl-mode=DISABLED, PREFERRED, REQUIRED, VERIFY_CA or VERIFY_IDENTITY.',
).finding;

const modeOf = ({ driver, options }: RawParts): Mode | undefined => {
  const names = driver === 'postgres' ? ['sslmode'] : ['tls', 'ssl-mode', 'sslmode'];
  const written = names.map((name) => options.get(name)).find((value) => value !== undefined);
  if (written !== undefined) return (driver === 'postgres' ? POSTGRES_MODES : MYSQL_MODES).get(written.toLowerCase());
  const simple = options.get('ssl');
  return simple === undefined ? 'prefer' : SWITCH.get(simple.toLowerCase());
};

/** The transport security that the options ask for; libpq's default `prefer` when they say nothing. */
export const readTls = (parts: RawParts): { readonly tls: TlsOptions } | { readonly finding: Finding } => {
  const mode = modeOf(parts);
  if (mode === undefined) return { finding: parts.driver === 'postgres' ? UNKNOWN_POSTGRES : UNKNOWN_MYSQL };
  const path = (...names: string[]): string | undefined => names.map((name) => parts.options.get(name)).find(Boolean);
  const rootCertificate = path('sslrootcert', 'ssl-ca');
  const certificate = path('sslcert', 'ssl-cert');
  const key = path('sslkey', 'ssl-key');
  return {
    tls: Object.freeze({
      mode,
      ...(rootCertificate === undefined ? {} : { rootCertificate }),
      ...(certificate === undefined ? {} : { certificate }),
      ...(key === undefined ? {} : { key }),
    }),
  };
};
