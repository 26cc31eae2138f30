import { type ConfigChange, type ReloadResponse } from '../../contract/index.ts';
import type { ConfigStore } from '../config/index.ts';
import { AppError } from '../services/index.ts';
import type { EventLog } from './event-log.ts';
import type { Versions } from './config-versions.ts';
import type { Layers } from './layers.ts';
import type { ReloadHistory, ReloadRecord } from './reload-history.ts';

export interface ReloadDeps {
  readonly config: Pick<ConfigStore, 'reload' | 'running'>;
  readonly layers: Layers;
  readonly reloads: ReloadHistory;
  readonly events: EventLog;
  readonly versions: Pick<Versions, 'keepRunning'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export type Reload = (actor: string, options: { readonly dryRun: boolean }) => Promise<ReloadResponse>;

/**
 * Makes the file on disk the running configuration. Touches no pool and never writes the file. Two reloads run one
 * after the other, so that each tells truly what it has changed.
 */
export function createReload(deps: ReloadDeps): Reload {
  let queue: Promise<unknown> = Promise.resolve();
  return (actor, options) => {
    const turn = queue.then(() => reloadOnce(deps, actor, options.dryRun));
    queue = turn.catch(() => undefined);
    return turn;
  };
}

async function reloadOnce(deps: ReloadDeps, actor: string, dryRun: boolean): Promise<ReloadResponse> {
  const attempt = await deps.config.reload({ dryRun });
  if (!attempt.succeeded) {
    if (!dryRun)
      record(deps, actor, {
        succeeded: false,
        text: `Reload unsuccessful: ${attempt.reason}`,
        changes: [],
        sha: null,
      });
    throw new AppError('api.config.reload_config.app_error', {
      params: { reason: endWithStop(`${endWithStop(attempt.reason)} The running configuration was not changed`) },
    });
  }
  const { changes, warnings } = attempt;
  const text = reloadText(changes);
  if (!dryRun) {
    record(deps, actor, { succeeded: true, text, changes, sha: deps.config.running().sha });
    await deps.versions.keepRunning();
  }
  const recycleNeeded = dryRun
    ? changes.some(needsRecycle) || deps.layers.recycleNeeded()
    : deps.layers.recycleNeeded();
  return { status: 'OK', dry_run: dryRun, changes, warnings, recycle_needed: recycleNeeded, text };
}

function record(
  { reloads, events, now }: ReloadDeps,
  actor: string,
  reload: Pick<ReloadRecord, 'succeeded' | 'text' | 'changes' | 'sha'>,
): void {
  const at = now();
  reloads.record({ at, kind: 'reload', actor, ...reload });
  const severity = reload.succeeded ? 'info' : 'error';
  const detail = { changes: reload.changes.length };
  events.record({ at, kind: 'reload', severity, source: null, text: reload.text, detail }, actor);
}

const needsRecycle = (change: ConfigChange): boolean => change.takes_effect === 'after-recycle';

/** The sentence that the console shows after a reload. */
export function reloadText(changes: readonly ConfigChange[]): string {
  const effective = changes.filter((change) => change.takes_effect !== 'ignored-environment');
  if (effective.length === 0) return 'Reloaded. No settings changed.';
  const sentences = ['Configuration reloaded.', `${plural(effective.length, 'setting')} changed.`];
  const recycle = effective.filter(needsRecycle).length;
  if (recycle > 0) sentences.push(`${takes(recycle)} effect after Recycle Database Connections.`);
  const restart = effective.filter((change) => change.takes_effect === 'after-restart').length;
  if (restart > 0) sentences.push(`${takes(restart)} effect after a restart.`);
  return sentences.join(' ');
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
const takes = (count: number): string => `${count} ${count === 1 ? 'takes' : 'take'}`;
const endWithStop = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
