import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from '@playwright/test';
import type { Cluster } from '../../tools/cluster/index.ts';
import { startTestCluster } from '../../tools/cluster/testing.ts';
import { type ServerProcess, startServer } from './server-process.ts';

type Settings = Readonly<Record<string, unknown>>;
type ConfigFile = Readonly<Record<string, Settings>>;

export interface HoldfastOptions {
  /** Streaming replicas beside the master; default 2. */
  readonly replicas?: number;
  /** Nodes named in `DataSource` at the start, master first; default all. The procedures begin with fewer. */
  readonly configured?: readonly string[];
  /** Further settings of `config.json`, by section. */
  readonly settings?: ConfigFile;
}

/** A real server on a real database cluster, both this story's own: own ports, own folders, gone at the end. */
export interface Holdfast {
  readonly url: string;
  readonly cluster: Cluster;
  readonly configFile: string;
  readonly serverLog: () => string;
  /** Writes `DataSource` into `config.json` as an operator's editor would; the running server learns of it by Reload. */
  readonly configureNodes: (...names: readonly string[]) => Promise<void>;
  /** The same for any data source list and any other setting of `SqlSettings`. */
  readonly editSqlSettings: (change: Settings) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts cluster and server and resolves when the server listens. */
export async function startHoldfast(options: HoldfastOptions = {}): Promise<Holdfast> {
  const { cluster, stop: stopCluster } = await startTestCluster({ replicas: options.replicas ?? 2 });
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-e2e-'));
  const configFile = join(folder, 'config.json');
  const dataSource = (names: readonly string[]): string => names.map((name) => cluster.node(name).url()).join(',');
  const names = options.configured ?? cluster.nodes.map(({ name }) => name);
  await writeConfig(configFile, firstConfig(dataSource(names), options.settings ?? {}));
  let server: ServerProcess | undefined;
  const stop = async (): Promise<void> => {
    try {
      await server?.stop();
    } finally {
      await stopCluster();
      await rm(folder, { recursive: true, force: true });
    }
  };
  try {
    server = await startServer(configFile, folder);
  } catch (error) {
    await stop();
    throw error;
  }
  const editSqlSettings = async (change: Settings): Promise<void> => {
    const file = JSON.parse(await readFile(configFile, 'utf8')) as ConfigFile;
    await writeConfig(configFile, { ...file, SqlSettings: { ...file['SqlSettings'], ...change } });
  };
  return {
    url: server.url,
    cluster,
    configFile,
    serverLog: server.log,
    configureNodes: (...nodes) => editSqlSettings({ DataSource: dataSource(nodes) }),
    editSqlSettings,
    stop,
  };
}

/** Brings a Holdfast up before the tests of a spec file (or `describe` block) and down after them. */
export function useHoldfast(options: HoldfastOptions = {}): () => Holdfast {
  let running: Holdfast | undefined;
  test.beforeAll(async () => {
    test.setTimeout(120_000);
    running = await startHoldfast(options);
  });
  test.afterAll(() => running?.stop());
  return () => {
    if (running === undefined) throw new Error('Holdfast runs only within the tests of this block.');
    return running;
  };
}

function firstConfig(dataSource: string, settings: ConfigFile): ConfigFile {
  return {
    ...settings,
    ServiceSettings: { ListenAddress: '127.0.0.1:0', ...settings['ServiceSettings'] },
    SqlSettings: { DriverName: 'postgres', DataSource: dataSource, ...settings['SqlSettings'] },
  };
}

/** In one step, so that a file watcher never sees half a file. */
async function writeConfig(path: string, config: ConfigFile): Promise<void> {
  await writeFile(`${path}.new`, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
