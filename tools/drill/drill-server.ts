import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePorts } from '../cluster/ports.ts';
import { type ServerProcess, startServer } from '../holdfast/server-process.ts';
import type { DrillCluster, DrillNode } from './drill-cluster.ts';

/** The real server on a cluster, in a folder of its own; the same address and the same folder over restarts. */
export class DrillServer {
  readonly url: string;
  readonly #folder: string;
  readonly #driver: string;
  #process: ServerProcess | undefined;

  private constructor(folder: string, port: number, driver: string) {
    this.url = `http://127.0.0.1:${port}`;
    this.#folder = folder;
    this.#driver = driver;
  }

  static async start(cluster: DrillCluster): Promise<DrillServer> {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-drill-'));
    const [port = 0] = await findFreePorts(1);
    const server = new DrillServer(folder, port, cluster.driver);
    try {
      await server.configure([cluster.master(), ...cluster.replicas()]);
      await server.restart();
      return server;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** The end of what the present process has printed. */
  get log(): string {
    return this.#process?.log() ?? '';
  }

  /** Writes `config.json` as an operator's editor would: the first node is the master. */
  async configure(nodes: readonly DrillNode[], sql: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const config = {
      ServiceSettings: { ListenAddress: new URL(this.url).host },
      LogSettings: { ConsoleLevel: 'WARN' },
      SqlSettings: { DriverName: this.#driver, DataSource: nodes.map(({ url }) => url).join(','), ...sql },
    };
    // In one step, so that a file watcher never sees half a file.
    await writeFile(`${this.#configFile}.new`, JSON.stringify(config, null, 2), { mode: 0o600 });
    await rename(`${this.#configFile}.new`, this.#configFile);
  }

  get #configFile(): string {
    return join(this.#folder, 'config.json');
  }

  /** Ends the process at once, as a crash would. */
  kill(): void {
    if (this.#process !== undefined) process.kill(this.#process.pid, 'SIGKILL');
    this.#process = undefined;
  }

  /** Starts it again after `kill`. */
  async restart(): Promise<void> {
    this.#process = await startServer(this.#configFile, this.#folder);
  }

  async stop(): Promise<void> {
    await this.#process?.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
