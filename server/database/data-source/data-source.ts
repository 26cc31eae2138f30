/** The drivers that a data source can name. */
export type DriverName = 'postgres' | 'mysql';

/** One address of a data source. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** A text that no log, error or JSON may show: `toString`, `toJSON` and `inspect` print `••••`. */
export interface Secret {
  reveal(): string;
}

/** Transport security as the connection string asks for it; `verify-ca` and `verify-full` check the certificate. */
export interface TlsOptions {
  readonly mode: 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';
  /** Paths of PEM files, where given. */
  readonly rootCertificate?: string;
  readonly certificate?: string;
  readonly key?: string;
}

/** One parsed connection string. Immutable and without a visible secret. */
export interface DataSource {
  readonly driver: DriverName;
  /** At least one; more for a multi-host PostgreSQL URL, tried in this order. */
  readonly hosts: readonly [HostPort, ...HostPort[]];
  readonly database: string;
  readonly user: string;
  readonly password: Secret;
  readonly tls: TlsOptions;
  /** The remaining options of the string, names in lower case, as written otherwise. */
  readonly options: Readonly<Record<string, string>>;
  /** `host:port/database` of the first host: unique in a configuration, stable over reloads, shown everywhere. */
  readonly name: string;
  /**
   * SHA-256 over everything in it, the password included: equal fingerprints can share a pool. One-way, but keep it
   * out of logs all the same.
   */
  readonly fingerprint: string;
}
