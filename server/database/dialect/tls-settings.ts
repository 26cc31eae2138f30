import { readFileSync } from 'node:fs';
import type { TlsOptions } from '../data-source/data-source.ts';

/** What Node's TLS wants to know, read from the files that the data source names. */
export interface TlsSettings {
  readonly rejectUnauthorized: boolean;
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/** @throws Error of the file system when a certificate file cannot be read. */
export function tlsSettings(tls: TlsOptions): TlsSettings {
  const read = (path: string | undefined): string | undefined =>
    path === undefined ? undefined : readFileSync(path, 'utf8');
  return {
    rejectUnauthorized: tls.mode !== 'require' && tls.mode !== 'prefer',
    ca: read(tls.rootCertificate),
    cert: read(tls.certificate),
    key: read(tls.key),
  };
}
