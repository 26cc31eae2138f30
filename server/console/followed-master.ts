import type { MasterWriteRequest, MasterWriteResponse } from '../../contract/index.ts';
import type { ConfigStore } from '../config/index.ts';
import type { DatabaseControl, SwitchoverNotes } from '../database/index.ts';
import { AppError } from '../services/index.ts';
import type { Versions } from './config-versions.ts';
import type { EventLog } from './event-log.ts';
import type { Layers } from './layers.ts';
import { asConfiguration } from './switchover.ts';

export interface FollowedMasterDeps {
  readonly config: Pick<ConfigStore, 'running' | 'writeMaster'>;
  readonly control: Pick<DatabaseControl, 'status'>;
  readonly notes: SwitchoverNotes;
  readonly layers: Layers;
  readonly versions: Pick<Versions, 'keepWritten'>;
  readonly events: EventLog;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Lets the file name the live master, which was followed without being written. Touches no pool.
 *
 * @throws AppError when the file agrees already, and when another master is live than the admin has seen.
 */
export type WriteMaster = (
  actor: string,
  request: MasterWriteRequest,
  options: { readonly dryRun: boolean },
) => Promise<MasterWriteResponse>;

export function createWriteMaster(deps: FollowedMasterDeps): WriteMaster {
  const { config, control, layers } = deps;
  return async (actor, { master }, { dryRun }) => {
    const live = control.status().sources[0]?.name;
    if (live !== undefined && live !== master)
      throw new AppError('api.config.master_moved.app_error', { params: { master: live } });
    const { followed } = (await layers.status()).layers.live;
    if (followed?.master !== master) throw new AppError('api.config.master_agrees.app_error', { params: { master } });
    // A reload that waits for its recycle goes on waiting: the pools have moved, and are otherwise as before.
    const hasPending = layers.recycleNeeded();
    const write = await config.writeMaster(master, { dryRun });
    // The pools have it already: nobody has to recycle.
    const changes = write.changes.map((change) => ({ ...change, takes_effect: 'now' as const }));
    if (write.written) {
      if (!hasPending) layers.adopt(config.running());
      await recordWrite(deps, { actor, master, changes, backup: write.backup });
    }
    return { status: 'OK', dry_run: dryRun, changes, configuration: asConfiguration(write) };
  };
}

type Written = Omit<Parameters<Versions['keepWritten']>[0], 'kind'> & { readonly backup: string };

async function recordWrite({ notes, versions, events, now }: FollowedMasterDeps, written: Written): Promise<void> {
  const { actor, master, changes, backup } = written;
  // The next start needs no word of the switchover any more.
  await notes.clear();
  await versions.keepWritten({ kind: 'master', actor, master, changes });
  const text = `${actor} wrote the live master ${master} to the configuration. The former content is in ${backup}.`;
  events.record(
    { at: now(), kind: 'config_master_written', severity: 'info', source: master, text, detail: { backup } },
    actor,
  );
}
