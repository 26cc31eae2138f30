import type { ConfigChange, ConfigProblem, ConfigStatus } from '../../contract/index.ts';
import type { DatabaseSettings } from '../database/index.ts';

/** One configuration as it was read and accepted. `version` counts distinct contents since the start. */
export interface ConfigSnapshot {
  readonly version: number;
  /** Of the file's content. */
  readonly sha: string;
  /** When it became the running configuration, in ms since 1970. */
  readonly at: number;
  readonly database: DatabaseSettings;
}

/** What the file on disk says, compared with the running configuration. */
export interface DiskReport {
  readonly file: ConfigStatus['file'];
  /** Null when the file cannot be read. */
  readonly layer: ConfigStatus['layers']['on_disk'];
  readonly changes: ConfigChange[];
}

export type ReloadAttempt =
  | { readonly succeeded: true; readonly changes: ConfigChange[]; readonly warnings: ConfigProblem[] }
  | { readonly succeeded: false; readonly reason: string; readonly problems: ConfigProblem[] };

/** What the console needs of the configuration store. None of it needs a database. */
export interface ConfigControl {
  running(): ConfigSnapshot;
  disk(): Promise<DiskReport>;
  /** Reads and validates the file and, without `dryRun`, makes it the running configuration. Never writes it. */
  reload(options: { readonly dryRun: boolean }): Promise<ReloadAttempt>;
  /** The settings of the pools that differ between two configurations. */
  poolChanges(from: ConfigSnapshot, to: ConfigSnapshot): ConfigChange[];
  /** Settings that the environment overrides: path and the variable's name. */
  environment(): ConfigStatus['environment'];
  /** The running configuration with its secrets masked, as `config.json` is written. */
  masked(): Record<string, unknown>;
}
