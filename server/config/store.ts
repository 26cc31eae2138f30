import type { ConfigChange, ConfigProblem, ConfigStatus } from '../../contract/index.ts';
import type { Logger } from '../observability/index.ts';
import { diffConfigs, diffPools } from './diff.ts';
import { type ConfigEdit, type EditedConfig, editConfigText } from './edit-config.ts';
import { withMaster } from '../database/index.ts';
import { type Environment, type EnvironmentReading, type Override, readEnvironment } from './environment.ts';
import { dataSourcePaths, type MovedConfig, moveMasterInText, settingToPaste } from './move-master.ts';
import { type ParsedConfig, parseConfig } from './parse.ts';
import { ConfigError, formatProblem } from './problem.ts';
import { decode, type FileFacts, readConfigFile, shaOf } from './read-file.ts';
import { type FileReplacement, replaceConfigFile } from './replace-file.ts';
import { maskConfig } from './secrets.ts';
import { watchFile, type WatchOptions } from './watch-file.ts';
import { isWritable, writeConfigFile } from './write-file.ts';

/** One configuration as it was read and accepted. */
export interface ConfigSnapshot extends ParsedConfig {
  /** Counts distinct contents of the file since the start; the same content has the same number. */
  readonly version: number;
  /** SHA-256 of the file's content. */
  readonly sha: string;
  /** The file, byte for byte. Holds secrets. */
  readonly content: Uint8Array;
  /** When it became the running configuration, in milliseconds since 1970. */
  readonly at: number;
}

/** What the file on disk says, compared with the running configuration. */
export interface DiskReport {
  readonly file: ConfigStatus['file'];
  /** Null when the file cannot be read. */
  readonly layer: ConfigStatus['layers']['on_disk'];
  /** Empty when the file is not valid. */
  readonly changes: ConfigChange[];
  /** The data source that the file names first; null when it is not valid. */
  readonly master: string | null;
}

export type ReloadAttempt =
  | { readonly succeeded: true; readonly changes: ConfigChange[]; readonly warnings: ConfigProblem[] }
  | { readonly succeeded: false; readonly reason: string; readonly problems: ConfigProblem[] };

/** `unusable`: why one of the two cannot be used by this server. */
export type ConfigComparison = { readonly changes: ConfigChange[] } | { readonly unusable: string };

/** A new running configuration, and what differs from the one before. */
export interface ConfigReloaded {
  readonly running: ConfigSnapshot;
  readonly previous: ConfigSnapshot;
  readonly changes: readonly ConfigChange[];
}

/** What became of the file when another data source was to be the master. */
export type MasterMove =
  | { readonly written: true; readonly backup: string; readonly changes: ConfigChange[] }
  /** `setting` is where a person must write `text`: passwords in it are masked. */
  | { readonly written: false; readonly reason: string; readonly setting: string; readonly text: string };

/** The file with another master, written or not. Without a `reason` it can be written. */
export type MasterWrite = MasterMove & { readonly changes: ConfigChange[] };

/** What became of settings that somebody sent. `invalid` has all that is wrong with them; nothing was written then. */
export type ConfigEdited =
  | { readonly outcome: 'written' | 'unchanged'; readonly changes: ConfigChange[] }
  | { readonly outcome: 'invalid' | 'unreadable' | 'unwritable'; readonly reason: string }
  /** The file holds something else than what is running. */
  | { readonly outcome: 'changed' };

/** The configuration of the process: on disk and running. Needs no database; only `moveMaster`, `writeMaster`, `edit` and `replace` write the file. */
export interface ConfigStore {
  readonly path: string;
  running(): ConfigSnapshot;
  /** Reads the file afresh. */
  disk(): Promise<DiskReport>;
  /** Reads and validates the file and, without `dryRun`, makes it the running configuration. Never throws. */
  reload(options: { readonly dryRun: boolean }): Promise<ReloadAttempt>;
  /**
   * Makes another data source the master: in the running configuration, and in the file where that may be written and
   * holds nothing that is not running. Its former content is kept as a backup. Never throws.
   */
  moveMaster(name: string): Promise<MasterMove>;
  /**
   * Lets the file name `name`, one of the running data sources, as the master, and runs what it then says; the former content is kept
   * as a backup. Changes nothing at all where the file cannot be written, and with `dryRun`. Never throws.
   */
  writeMaster(name: string, options: { readonly dryRun: boolean }): Promise<MasterWrite>;
  /**
   * Puts settings into the file and makes it the running configuration; the former content is kept as a backup. Touches no pool.
   *
   * @throws what `check` of the edit throws, and nothing else.
   */
  edit(edit: ConfigEdit): Promise<ConfigEdited>;
  /** What a recycle would bring into effect when the pools were built from `from` and `to` is running. */
  poolChanges(from: ConfigSnapshot, to: ConfigSnapshot): ConfigChange[];
  /** Settings that the environment overrides: path and the variable's name. */
  environment(): ConfigStatus['environment'];
  /** The running configuration with its secrets masked, as `config.json` is written. */
  masked(): Record<string, unknown>;
  /** What differs between two contents of the file, each as this environment would complete it. */
  compare(before: Uint8Array, after: Uint8Array): ConfigComparison;
  /** Makes `content` the file on disk if the file still has the SHA-256 `expected`; the running configuration stays. */
  replace(content: Uint8Array, expected: string | null): Promise<FileReplacement>;
  /** Called after each reload that was accepted, even if nothing changed. The answer ends it. */
  onReload(listener: (event: ConfigReloaded) => void): () => void;
  /** Called when the file was written, replaced, removed or made. Watching begins with the first listener. */
  onDiskChange(listener: () => void): () => void;
  /** Stops watching. */
  close(): void;
}

export interface ConfigStoreDeps {
  /** The file; errors name it as it is given here. */
  readonly path: string;
  /** Read once: the environment of a process does not change under it. */
  readonly env: Environment;
  readonly logger: Logger;
  /** Milliseconds since 1970; default: the system's. */
  readonly now?: () => number;
  readonly watch?: WatchOptions;
}

const WATCH: WatchOptions = { pollMs: 1_000, settleMs: 100 };

type FileContent = Pick<ConfigSnapshot, 'sha' | 'content'>;

interface Loaded {
  readonly facts: FileFacts;
  /** Absent when the file could not be read. */
  readonly file?: FileContent;
  readonly result: { readonly parsed: ParsedConfig } | { readonly problems: readonly ConfigProblem[] };
}

const loadFile = async (path: string, environment: EnvironmentReading): Promise<Loaded> => {
  const reading = await readConfigFile(path);
  const facts = { size: reading.size, modifiedAt: reading.modifiedAt };
  if ('problem' in reading) return { facts, result: { problems: [reading.problem, ...environment.problems] } };
  const { sha, content, text } = reading;
  return { facts, file: { sha, content }, result: parseConfig(text, environment) };
};

const reasonOf = (problems: readonly ConfigProblem[]): string => {
  const errors = problems.filter(({ severity }) => severity === 'error').map(formatProblem);
  return errors.length === 1 ? (errors[0] ?? '') : `${errors.length} problems. ${errors.join(' ')}`;
};

class FileConfigStore implements ConfigStore {
  readonly path: string;
  readonly #deps: ConfigStoreDeps;
  readonly #environment: EnvironmentReading;
  readonly #versions = new Map<string, number>();
  readonly #reloadListeners = new Set<(event: ConfigReloaded) => void>();
  readonly #diskListeners = new Set<() => void>();
  #running: ConfigSnapshot;
  #stopWatching: (() => void) | undefined;
  /** Reloads and replacements run one after the other, so that each tells truly what it has changed. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(deps: ConfigStoreDeps, environment: EnvironmentReading, parsed: ParsedConfig, file: FileContent) {
    this.path = deps.path;
    this.#deps = deps;
    this.#environment = environment;
    this.#running = this.#snapshot(parsed, file);
  }

  running(): ConfigSnapshot {
    return this.#running;
  }

  async disk(): Promise<DiskReport> {
    const [loaded, writable] = await Promise.all([loadFile(this.path, this.#environment), isWritable(this.path)]);
    const { facts, file, result } = loaded;
    const valid = 'parsed' in result;
    const problems = valid ? result.parsed.warnings : result.problems;
    const { size, modifiedAt } = facts;
    return {
      file: { path: this.path, size, modified_at: modifiedAt, writable, valid, problems: [...problems] },
      layer: file === undefined ? null : { version: this.#versionOf(file.sha), sha: file.sha, at: modifiedAt ?? 0 },
      changes: valid ? diffConfigs(this.#running, result.parsed) : [],
      master: valid ? result.parsed.database.sources[0].source.name : null,
    };
  }

  reload(options: { readonly dryRun: boolean }): Promise<ReloadAttempt> {
    return this.#inTurn(() => this.#reloadOnce(options.dryRun));
  }

  compare(before: Uint8Array, after: Uint8Array): ConfigComparison {
    const parse = (content: Uint8Array) => parseConfig(decode(content) ?? '', this.#environment);
    const [from, to] = [parse(before), parse(after)] as const;
    if ('problems' in from) return { unusable: reasonOf(from.problems) };
    if ('problems' in to) return { unusable: reasonOf(to.problems) };
    return { changes: diffConfigs(from.parsed, to.parsed) };
  }

  replace(content: Uint8Array, expected: string | null): Promise<FileReplacement> {
    return this.#inTurn(() => replaceConfigFile(this.path, content, expected));
  }

  moveMaster(name: string): Promise<MasterMove> {
    return this.#inTurn(() => this.#moveMasterOnce(name));
  }

  writeMaster(name: string, options: { readonly dryRun: boolean }): Promise<MasterWrite> {
    return this.#inTurn(() => this.#writeMasterOnce(name, options.dryRun));
  }

  edit(edit: ConfigEdit): Promise<ConfigEdited> {
    return this.#inTurn(() => this.#editOnce(edit));
  }

  poolChanges(from: ConfigSnapshot, to: ConfigSnapshot): ConfigChange[] {
    return diffPools(from, to);
  }

  environment(): ConfigStatus['environment'] {
    return this.#environment.overrides.map(({ path, variable }) => ({ path, variable }));
  }

  masked(): Record<string, unknown> {
    return maskConfig(this.#running.config, this.#running.database);
  }

  onReload(listener: (event: ConfigReloaded) => void): () => void {
    this.#reloadListeners.add(listener);
    return () => void this.#reloadListeners.delete(listener);
  }

  onDiskChange(listener: () => void): () => void {
    this.#diskListeners.add(listener);
    const announce = (): void => this.#announce(this.#diskListeners, undefined);
    this.#stopWatching ??= watchFile(this.path, announce, this.#deps.watch ?? WATCH);
    return () => void this.#diskListeners.delete(listener);
  }

  close(): void {
    this.#stopWatching?.();
    this.#stopWatching = undefined;
    this.#diskListeners.clear();
    this.#reloadListeners.clear();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #reloadOnce(dryRun: boolean): Promise<ReloadAttempt> {
    const { file, result } = await loadFile(this.path, this.#environment);
    if ('problems' in result || file === undefined) {
      const problems = 'problems' in result ? [...result.problems] : [];
      return { succeeded: false, reason: reasonOf(problems), problems };
    }
    const changes = diffConfigs(this.#running, result.parsed);
    if (!dryRun) this.#adopt(this.#snapshot(result.parsed, file), changes);
    return { succeeded: true, changes, warnings: [...result.parsed.warnings] };
  }

  async #moveMasterOnce(name: string): Promise<MasterMove> {
    const prepared = await this.#prepareMaster(name);
    const rewritten = typeof prepared === 'string' ? prepared : await this.#rewrite(prepared);
    if (typeof rewritten !== 'string') return rewritten;
    // The pools have moved: what runs must say so, whatever the file says.
    const database = withMaster(this.#running.database, name);
    this.#adopt(Object.freeze({ ...this.#running, database }), []);
    return { written: false, reason: rewritten, ...settingToPaste(database, this.#dataSourceOverride()) };
  }

  async #writeMasterOnce(name: string, dryRun: boolean): Promise<MasterWrite> {
    const prepared = await this.#prepareMaster(name);
    const changes = typeof prepared === 'string' ? [] : prepared.changes;
    const unwritten = (reason: string): MasterWrite => {
      const database = withMaster(this.#running.database, name);
      return { written: false, reason, changes, ...settingToPaste(database, this.#dataSourceOverride()) };
    };
    if (typeof prepared === 'string') return unwritten(prepared);
    if (!(await isWritable(this.path))) return unwritten(`The server may not write ${this.path}.`);
    const rewritten = dryRun ? '' : await this.#rewrite(prepared);
    return typeof rewritten === 'string' ? unwritten(rewritten) : rewritten;
  }

  async #editOnce(edit: ConfigEdit): Promise<ConfigEdited> {
    const reading = await readConfigFile(this.path);
    if ('problem' in reading) return { outcome: 'unreadable', reason: reading.problem.message };
    if (reading.sha !== this.#running.sha) return { outcome: 'changed' };
    const edited = editConfigText(reading.text, edit, { running: this.#running, environment: this.#environment });
    if ('problems' in edited) return { outcome: 'invalid', reason: reasonOf(edited.problems) };
    edit.check?.(edited.changes, edited.parsed.config);
    if (edited.changes.length === 0) return { outcome: 'unchanged', changes: [] };
    if (!(await isWritable(this.path))) return { outcome: 'unwritable', reason: 'the server may not write it' };
    const rewritten = await this.#rewrite(edited);
    if (typeof rewritten === 'string') return { outcome: 'unwritable', reason: rewritten };
    return { outcome: 'written', changes: edited.changes };
  }

  #dataSourceOverride(): Override | undefined {
    return this.#environment.overrides.find(({ path }) => dataSourcePaths.includes(path));
  }

  /** The file with another master, or why it cannot be made. */
  async #prepareMaster(name: string): Promise<string | (MovedConfig & { readonly changes: ConfigChange[] })> {
    const override = this.#dataSourceOverride();
    if (override !== undefined) return `${override.variable} sets the data sources.`;
    const reading = await readConfigFile(this.path);
    if ('problem' in reading) return `${this.path} cannot be read: ${reading.problem.message}`;
    if (reading.sha !== this.#running.sha) return `${this.path} has changes that were not reloaded.`;
    const moved = moveMasterInText(reading.text, name, this.#environment);
    if ('reason' in moved) return `${this.path} was not written: ${moved.reason}.`;
    return { ...moved, changes: diffConfigs(moved.before, moved.parsed) };
  }

  /** Writes the file and makes it the running configuration, or says why not. */
  async #rewrite(moved: EditedConfig): Promise<string | Extract<MasterMove, { written: true }>> {
    try {
      await writeConfigFile(this.path, moved.text);
    } catch (cause) {
      return `${this.path} cannot be written (${(cause as NodeJS.ErrnoException).code ?? 'unknown error'}).`;
    }
    const { changes } = moved;
    const content = Buffer.from(moved.text);
    this.#adopt(this.#snapshot(moved.parsed, { sha: shaOf(content), content }), changes);
    return { written: true, backup: `${this.path}.bak`, changes };
  }

  #adopt(next: ConfigSnapshot, changes: readonly ConfigChange[]): void {
    const previous = this.#running;
    this.#running = next;
    this.#announce(this.#reloadListeners, { running: next, previous, changes });
  }

  /** One listener's failure must neither fail the reload nor keep the news from the others. */
  #announce<T>(listeners: ReadonlySet<(event: T) => void>, event: T): void {
    for (const listener of [...listeners]) {
      try {
        listener(event);
      } catch (error) {
        this.#deps.logger.error('config_listener_failed', { error });
      }
    }
  }

  #snapshot(parsed: ParsedConfig, { sha, content }: FileContent): ConfigSnapshot {
    const at = Math.floor((this.#deps.now ?? Date.now)());
    return Object.freeze({ ...parsed, version: this.#versionOf(sha), sha, content, at });
  }

  #versionOf(sha: string): number {
    const version = this.#versions.get(sha) ?? this.#versions.size + 1;
    this.#versions.set(sha, version);
    return version;
  }
}

/** Reads the file and makes it the running configuration, or throws a `ConfigError` with all problems. */
export const openConfigStore = async (deps: ConfigStoreDeps): Promise<ConfigStore> => {
  const environment = readEnvironment(deps.env);
  const { file, result } = await loadFile(deps.path, environment);
  if ('problems' in result || file === undefined) {
    throw new ConfigError(deps.path, 'problems' in result ? result.problems : []);
  }
  for (const { path, message } of result.parsed.warnings) deps.logger.warn('config_warning', { path, message });
  return new FileConfigStore(deps, environment, result.parsed, file);
};

/** The file's problems, errors first; empty when it is usable and nothing is worth a look. For `holdfast config check`. */
export const checkConfigFile = async (path: string, env: Environment): Promise<readonly ConfigProblem[]> => {
  const { result } = await loadFile(path, readEnvironment(env));
  return 'parsed' in result ? result.parsed.warnings : result.problems;
};
