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
      const { file, layer, changes, master } = await config.disk();
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
            followed: followedMaster({
              live,
              running: config.running(),
              disk: { sha: layer?.sha, master },
              master: sources[0]?.name,
            }),
          },
        },
        changes,
        environment: config.environment(),
        recycle_needed: recycleNeeded(),
        last_reload: newest ? presentReload(newest) : null,
        kept_versions: await kept.list(),
        history: reloads.list(),
      };
    },
  };
}

function presentReload({
  at,
  actor,
  succeeded,
  text,
  changes,
}: ConfigStatus['history'][number]): ConfigStatus['last_reload'] {
  return { at, actor, succeeded, text, changes: changes.length };
}

interface Layered {
  readonly live: ConfigSnapshot;
  readonly running: ConfigSnapshot;
  readonly disk: { readonly sha: string | undefined; readonly master: string | null };
  /** The live one. */
  readonly master: string | undefined;
}

/** Another master is live than the configuration names; what the file must say to agree with that. */
function followedMaster(layered: Layered): ConfigStatus['layers']['live']['followed'] {
  const { running, master } = layered;
  const configured = otherMaster(layered);
  if (configured === undefined || master === undefined) return null;
  const listed = withMaster(running.database, master).sources.filter(({ role }) => role !== 'search-replica');
  return {
    configured,
    master,
    data_source: listed.map(({ source }) => describeDataSource(source)).join(','),
    text:
      `The live master is ${master}: it was promoted and followed. The configuration still names ${configured} first: ` +
      `have ${master} written to it in the System Console, or put its entry first in DataSource, then reload and recycle.`,
  };
}

/** The master that the configuration names in place of the live one; undefined when they agree, or a person is at work on the file. */
function otherMaster({ live, running, disk, master }: Layered): string | undefined {
  const names = running.database.sources.map(({ source }) => source.name);
  if (master === undefined || !names.includes(master)) return undefined;
  const [configured] = names;
  const wasFollowed = live.database.sources[0].source.name !== master;
  if (configured !== master) return wasFollowed ? configured : undefined;
  // After a switchover that could not write the file: what runs is known to differ from what it was read from.
  const isUnwritten = disk.sha === running.sha && disk.master !== null && disk.master !== master;
  return isUnwritten ? (disk.master ?? undefined) : undefined;
}
