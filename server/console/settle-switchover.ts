import type { ConfigStore } from '../config/index.ts';
import { type MarkStore, settleSwitchover, type SwitchoverNotes } from '../database/index.ts';
import type { Logger } from '../observability/index.ts';
import { openSwitchoverNotes } from './switchover-notes.ts';

/**
 * Ends a switchover in whose middle the last run of this server died, before the databases are opened. When it had moved
 * the master, the configuration says so afterwards.
 *
 * @returns where the next switchover leaves its notes.
 * @throws DatabaseError when nobody but a person can tell how it stands; the message says what to do.
 */
export async function settleInterruptedSwitchover(deps: {
  readonly config: Pick<ConfigStore, 'running' | 'moveMaster'>;
  readonly dataFolder: string;
  /** Which database was the master when this server ran last. */
  readonly masterMarks: MarkStore;
  readonly logger: Logger;
}): Promise<SwitchoverNotes> {
  const { config, logger } = deps;
  const notes = openSwitchoverNotes(deps.dataFolder);
  const settled = await settleSwitchover(config.running().database, notes, { marks: deps.masterMarks });
  if (settled.outcome === 'nothing') return notes;
  logger.warn('database.switchover_settled', { outcome: settled.outcome, text: settled.text });
  if (settled.outcome === 'moved') await rewrite(config, settled.master, notes, logger);
  return notes;
}

/** While the file names the old master, the note stays: the next start needs it. */
async function rewrite(
  config: Pick<ConfigStore, 'moveMaster'>,
  master: string,
  notes: SwitchoverNotes,
  logger: Logger,
): Promise<void> {
  const move = await config.moveMaster(master);
  if (move.written) return notes.clear();
  logger.warn('database.configuration_outdated', { reason: move.reason, setting: move.setting, text: move.text });
}
