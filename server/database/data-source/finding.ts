import type { DriverName } from './data-source.ts';

/** What is wrong with an entry of a data source list; stable, for tests and for the console. */
export type DataSourceFault =
  | 'empty'
  | 'too-long'
  | 'unknown-form'
  | 'unparsable'
  | 'wrong-driver'
  | 'mixed-drivers'
  | 'no-host'
  | 'bad-host'
  | 'bad-port'
  | 'no-database'
  | 'bad-database'
  | 'no-user'
  | 'bad-encoding'
  | 'bad-tls'
  | 'bad-option'
  | 'duplicate'
  | 'too-many';

/** One fault in words: what is wrong and what to do. Never quotes the entry, so it can hold no secret. */
export interface Finding {
  readonly code: DataSourceFault;
  readonly message: string;
}

/** A host and a port as written; an empty port means the default of the driver. */
export interface RawHost {
  readonly host: string;
  readonly port: string;
}

/** What the four written forms have in common, decoded but not yet checked. Option names are in lower case. */
export interface RawParts {
  readonly driver: DriverName;
  readonly hosts: readonly RawHost[];
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly options: ReadonlyMap<string, string>;
}

/** The outcome of reading one written form. */
export type Reading = { readonly parts: RawParts } | { readonly finding: Finding };

/** Shorthand for the readers. */
export const fault = (code: DataSourceFault, message: string): { readonly finding: Finding } => ({
  finding: { code, message },
});
