import type { ConfigStatus } from '../../contract/index.ts';
import type { ConfigSnapshot, ConfigStore, ConfigVersions } from '../config/index.ts';
import { type DatabaseControl, describeDataSource, withMaster } from '../database/index.ts';
import type { ReloadHistory } from './reload-history.ts';

export interface LayersDeps {
  readonly config: Pick<ConfigStore, 'running' | 'disk' | 'poolChanges' | 'environment'>;
  readonly control: Pick<DatabaseControl, 'status'>;
  readonly reloads: ReloadHistory;
  readonly kept: Pick<ConfigVersions, 'list'>;
}

/** The three layers: on disk -> running -> live pools. */
export interface Layers {
  /** Which configuration the live pools were built from. */
  live(): ConfigSnapshot;
  /** Called when a recycle has switched to pools of `snapshot`. */
  adopt(snapshot: ConfigSnapshot): void;
  /** Whether the running configuration asks for other pools than the live ones. */
  recycleNeeded(): boolean;
  status(): Promise<ConfigStatus>;
}

/** At the start the pools are built from the running configuration. */
export function createLayers({ config, control, reloads, kept }: LayersDeps): Layers {
  let live = config.running();
  const recycleNeeded = (): boolean => config.poolChanges(live, config.running()).length > 0;

  return {
    live: () => live,
    adopt(snapshot) {
      live = snapshot;
    },
    recycleNeeded,
    async status() {
      const { file, layer, changes } = await config.disk();
      const { generation, generation_since, sources } = control.status();
      const { version, sha, at } = config.running();
      const newest = reloads.list().find(({ kind }) => kind === 'reload');
      return {
        file,
        layers: {
          on_disk: layer,
          running: { version, sha, at },
          live: {
            ...{ version: live.version, sha: live.sha, at: generation_since, generation },
            followed: followedMaster(live, config.running(), sources[0]?.name),
          },
        },
        changes,
        environment: config.environment(),
        recycle_needed: recycleNeeded(),
        last_reload: newest ? { ...newest, changes: newest.changes.length } : null,
        kept_versions: await kept.list(),
        history: reloads.list(),
      };
    },
  };
}

/** Another master than the pools were built for was promoted elsewhere; what the file must say to agree with that. */
function followedMaster(
  live: ConfigSnapshot,
  running: ConfigSnapshot,
  master: string | undefined,
): ConfigStatus['layers']['live']['followed'] {
  if (master === undefined || live.database.sources[0].source.name === master) return null;
  const names = running.database.sources.map(({ source }) => source.name);
  const [configured = ''] = names;
  if (configured === master || !names.includes(master)) return null;
  const { sources } = withMaster(running.database, master);
  const listed = sources.filter(({ role }) => role !== 'search-replica');
  return {
    configured,
    master,
    data_source: listed.map(({ source }) => describeDataSource(source)).join(','),
    text:
      `The live master is ${master}: it was promoted and followed. The running configuration still names ${configured} ` +
      `first. Put the entry of ${master} first in DataSource, then reload and recycle.`,
  };
}
