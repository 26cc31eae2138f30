import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from '../cluster/index.ts';
import { type ServerProcess, startServer } from './server-process.ts';

type Settings = Readonly<Record<string, unknown>>;
type ConfigFile = Readonly<Record<string, Settings>>;

export interface HoldfastOptions {
  /** Nodes named in `DataSource` at the start, master first; default all. The procedures begin with fewer. */
  readonly configured?: readonly string[];
  /** Further settings of `config.json`, by section. */
  readonly settings?: ConfigFile;
}

/** A cluster of either engine, as far as a server is told of it. */
interface Nodes {
  readonly nodes: readonly { readonly name: string }[];
  node(name: string): { url(): string };
}

/** A real server process on a cluster: its own port, its own folder, gone at the end. */
export interface Holdfast<C extends Nodes = Cluster> {
  readonly url: string;
  readonly cluster: C;
  readonly configFile: string;
  readonly serverLog: () => string;
  /** Process id of the server, for what is measured from outside. */
  readonly pid: number;
  /** Writes `DataSource` into `config.json` as an operator's editor would; the running server learns of it by Reload. */
  readonly configureNodes: (...names: readonly string[]) => Promise<void>;
  /** The same for any data source list and any other setting of `SqlSettings`. */
  readonly editSqlSettings: (change: Settings) => Promise<void>;
  /** Stops the server and removes its folder; the cluster goes on. */
  readonly stop: () => Promise<void>;
}

/** Starts the server on a running cluster and resolves when it listens. */
export async function startHoldfast<C extends Nodes>(cluster: C, options: HoldfastOptions = {}): Promise<Holdfast<C>> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-server-'));
  const configFile = join(folder, 'config.json');
  const dataSource = (names: readonly string[]): string => names.map((name) => cluster.node(name).url()).join(',');
  const names = options.configured ?? cluster.nodes.map(({ name }) => name);
  await writeConfig(configFile, firstConfig(dataSource(names), options.settings ?? {}));
  const server = await startServerOrClean(configFile, folder);
  const editSqlSettings = async (change: Settings): Promise<void> => {
    const file = JSON.parse(await readFile(configFile, 'utf8')) as ConfigFile;
    await writeConfig(configFile, { ...file, SqlSettings: { ...file['SqlSettings'], ...change } });
  };
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return {
    url: server.url,
    pid: server.pid,
    cluster,
    configFile,
    serverLog: server.log,
    configureNodes: (...nodes) => editSqlSettings({ DataSource: dataSource(nodes) }),
    editSqlSettings,
    stop,
  };
}

async function startServerOrClean(configFile: string, folder: string): Promise<ServerProcess> {
  try {
    return await startServer(configFile, folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

function firstConfig(dataSource: string, settings: ConfigFile): ConfigFile {
  return {
    ...settings,
    ServiceSettings: { ListenAddress: '127.0.0.1:0', ...settings['ServiceSettings'] },
    SqlSettings: {
      DriverName: dataSource.startsWith('postgres') ? 'postgres' : 'mysql',
      DataSource: dataSource,
      ...settings['SqlSettings'],
    },
  };
}

/** In one step, so that a file watcher never sees half a file. */
async function writeConfig(path: string, config: ConfigFile): Promise<void> {
  await writeFile(`${path}.new`, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
