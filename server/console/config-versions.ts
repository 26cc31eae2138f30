import type { ConfigChange, ConfigComparisonResponse, ConfigRestoreResponse } from '../../contract/index.ts';
import type { ConfigStore, ConfigVersions } from '../config/index.ts';
import { AppError } from '../services/index.ts';
import type { EventLog } from './event-log.ts';
import type { ReloadHistory } from './reload-history.ts';

export interface VersionsDeps {
  readonly config: Pick<ConfigStore, 'running' | 'compare' | 'replace'>;
  readonly kept: ConfigVersions;
  readonly reloads: ReloadHistory;
  readonly events: EventLog;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A configuration that the server has written by itself or on request. */
export interface WrittenConfig {
  readonly kind: 'switchover' | 'master';
  readonly actor: string;
  readonly master: string;
  readonly changes: ConfigChange[];
}

/** The configurations of the past: which there were is in the history of reloads, their contents are kept apart. */
export interface Versions {
  /** Keeps the running configuration, and no version that the history does not name any more. */
  keepRunning(): Promise<void>;
  /** The same at the start of the server; an entry of the history says so when another one ran before. */
  keepAtStart(): Promise<void>;
  /** Keeps the running configuration, which was written with another master, and says so in the history. */
  keepWritten(written: WrittenConfig): Promise<void>;
  /** The same for settings that somebody has sent. */
  keepEdited(actor: string, changes: ConfigChange[]): Promise<void>;
  /** What differs, from one version to another; `running` is the running configuration. */
  compare(from: string, to: string): Promise<ConfigComparisonResponse>;
  /** Writes a version to the file. A reload stays a step of its own. @param expected see `ConfigStore.replace` */
  restore(actor: string, sha: string, expected: string | null): Promise<ConfigRestoreResponse>;
}

export function createVersions(deps: VersionsDeps): Versions {
  const { config, kept, reloads, now } = deps;
  const keepRunning = async (): Promise<void> => {
    const { content, sha } = config.running();
    await kept.keep(content);
    await kept.forgetAllBut(new Set([sha, ...reloads.list().flatMap((reload) => reload.sha ?? [])]));
  };
  const contentOf = async (sha: string): Promise<Uint8Array> => {
    const running = config.running();
    const content = sha === running.sha || sha === 'running' ? running.content : await kept.read(sha);
    if (content === undefined) throw new AppError('api.config.version_not_found.app_error');
    return content;
  };

  return {
    keepRunning,
    async keepAtStart() {
      const { sha } = config.running();
      if (reloads.list().find((reload) => reload.sha !== null)?.sha !== sha) {
        const text = 'The server started with this configuration.';
        reloads.record({ at: now(), kind: 'start', actor: '', succeeded: true, text, changes: [], sha });
      }
      await keepRunning();
    },
    async keepWritten({ kind, actor, master, changes }) {
      const who = kind === 'switchover' ? 'The switchover' : actor;
      const text = `${who} wrote this configuration: ${master} is the master.`;
      const { sha } = config.running();
      reloads.record({ at: now(), kind, actor, succeeded: true, text, changes, sha });
      await keepRunning();
    },
    async keepEdited(actor, changes) {
      const text = `${actor} wrote this configuration.`;
      const { sha } = config.running();
      reloads.record({ at: now(), kind: 'edit', actor, succeeded: true, text, changes, sha });
      await keepRunning();
    },
    async compare(from, to) {
      const comparison = config.compare(await contentOf(from), await contentOf(to));
      if ('unusable' in comparison) throw unusable(comparison.unusable);
      const nameOf = (each: string): string => (each === 'running' ? config.running().sha : each);
      return { from: nameOf(from), to: nameOf(to), changes: comparison.changes };
    },
    restore: (actor, sha, expected) =>
      contentOf(sha).then((content) => restore(deps, { actor, sha, content, expected })),
  };
}

async function restore(
  { config, events, now }: VersionsDeps,
  wanted: { actor: string; sha: string; content: Uint8Array; expected: string | null },
): Promise<ConfigRestoreResponse> {
  const { actor, sha, content, expected } = wanted;
  const comparison = config.compare(content, content);
  if ('unusable' in comparison) throw unusable(comparison.unusable);
  const result = await config.replace(content, expected);
  if (result === 'changed') throw new AppError('api.config.restore_changed.app_error');
  if (result === 'not-writable') throw new AppError('api.config.restore_not_writable.app_error');
  if (result !== 'written') throw new AppError('api.config.restore.app_error', { params: { reason: result.failure } });
  const text = `${actor} restored the configuration ${sha.slice(0, 7)} to disk.`;
  events.record({ at: now(), kind: 'config_restored', severity: 'info', source: null, text, detail: { sha } }, actor);
  return { status: 'OK', sha };
}

const unusable = (reason: string): AppError =>
  new AppError('api.config.version_unusable.app_error', { params: { reason } });
