import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ClusterError } from '../cluster/errors.ts';
import { releaseSharedMemory } from '../cluster/pid-file.ts';
import { findFreePorts } from '../cluster/ports.ts';
import { chooseRunAs, giveTo, type RunAs } from '../cluster/run-as.ts';
import type { PatroniPrograms } from './find-patroni.ts';
import { nodeConfig } from './node-config.ts';

const SCOPE = 'holdfast';
const START_LIMIT_MS = 90_000;

/** A member of the cluster, as Patroni's REST interface tells it. */
export interface PatroniMember {
  readonly name: string;
  readonly role: string;
  readonly state: string;
}

/** A cluster of PostgreSQL under Patroni, with an etcd of its own. For tests: on 127.0.0.1, gone when it stops. */
export interface PatroniCluster {
  readonly names: readonly string[];
  /** Connection string of the superuser. */
  url(name: string): string;
  /** Address of the node's REST interface. */
  restUrl(name: string): string;
  members(): Promise<readonly PatroniMember[]>;
  /** Name of the leader; undefined while there is none. */
  leader(): Promise<string | undefined>;
  /** `patronictl switchover`. */
  switchover(to: string): Promise<void>;
  /** `patronictl pause`, or `resume`: while it is paused Patroni promotes nobody. */
  setPaused(on: boolean): Promise<void>;
  /** Ends Patroni and PostgreSQL of a node at once, as a crash of its machine would. */
  kill(name: string): void;
  /** Starts a node; resolves at once. */
  start(name: string): void;
  stop(): Promise<void>;
}

interface Node {
  readonly name: string;
  readonly configFile: string;
  readonly dataFolder: string;
  readonly restPort: number;
  readonly postgresPort: number;
  process: ChildProcess | undefined;
}

class Launcher implements PatroniCluster {
  readonly #programs: PatroniPrograms;
  readonly #folder: string;
  readonly #runAs: RunAs | undefined;
  #nodes: Node[] = [];
  #etcd: ChildProcess | undefined;
  readonly #abandon = (): void => this.#killAll();

  constructor(programs: PatroniPrograms) {
    this.#programs = programs;
    this.#runAs = chooseRunAs();
    this.#folder = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-patroni-')));
    chmodSync(this.#folder, 0o755);
    giveTo(this.#folder, this.#runAs);
    process.once('exit', this.#abandon);
  }

  get names(): readonly string[] {
    return this.#nodes.map(({ name }) => name);
  }

  async begin(count: number): Promise<void> {
    const [client = 0, peer = 0, ...others] = await findFreePorts(2 + 2 * count);
    this.#startEtcd(client, peer);
    this.#nodes = Array.from({ length: count }, (_, at) =>
      this.#makeNode(`pg-${'abcdefgh'[at]}`, client, others.slice(2 * at, 2 * at + 2)),
    );
    for (const { name } of this.#nodes) this.start(name);
    await this.#until('all members run', async () => {
      const members = await this.members();
      return members.length === count && members.every(({ state }) => state === 'running' || state === 'streaming');
    });
  }

  #makeNode(name: string, etcdPort: number, [restPort = 0, postgresPort = 0]: readonly number[]): Node {
    const configFile = join(this.#folder, `${name}.yml`);
    const { binDir } = this.#programs;
    const folder = this.#folder;
    writeFileSync(configFile, nodeConfig({ scope: SCOPE, name, folder, binDir, restPort, postgresPort, etcdPort }));
    giveTo(configFile, this.#runAs);
    return { name, configFile, dataFolder: join(folder, name), restPort, postgresPort, process: undefined };
  }

  #startEtcd(client: number, peer: number): void {
    const [clientUrl, peerUrl] = [client, peer].map((port) => `http://127.0.0.1:${port}`);
    const settings = {
      name: 'e0',
      'data-dir': join(this.#folder, 'etcd'),
      'listen-client-urls': clientUrl,
      'advertise-client-urls': clientUrl,
      'listen-peer-urls': peerUrl,
      'initial-advertise-peer-urls': peerUrl,
      'initial-cluster': `e0=${peerUrl}`,
    };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
    this.#etcd = this.#spawn('etcd', this.#programs.etcd, [...args, '--unsafe-no-fsync']);
  }

  #spawn(log: string, command: string, args: readonly string[]): ChildProcess {
    const output = openSync(join(this.#folder, `${log}.log`), 'a');
    const child = spawn(command, args, { ...this.#runAs, cwd: this.#folder, stdio: ['ignore', output, output] });
    closeSync(output);
    child.on('error', () => undefined);
    return child;
  }

  #node(name: string): Node {
    const found = this.#nodes.find((node) => node.name === name);
    if (found === undefined) throw new ClusterError(`There is no node ${name}.`);
    return found;
  }

  url(name: string): string {
    return `postgres://postgres:test@127.0.0.1:${this.#node(name).postgresPort}/postgres`;
  }

  restUrl(name: string): string {
    return `http://127.0.0.1:${this.#node(name).restPort}`;
  }

  async setPaused(on: boolean): Promise<void> {
    const [node] = this.#nodes.filter(({ process: running }) => running !== undefined);
    const args = ['-c', node?.configFile ?? '', on ? 'pause' : 'resume', '--wait', SCOPE];
    await promisify(execFile)(this.#programs.patronictl, args, { cwd: this.#folder, timeout: 60_000 });
  }

  start(name: string): void {
    const node = this.#node(name);
    node.process = this.#spawn(name, this.#programs.patroni, [node.configFile]);
  }

  kill(name: string): void {
    const node = this.#node(name);
    node.process?.kill('SIGKILL');
    node.process = undefined;
    killPostmaster(node.dataFolder);
  }

  async members(): Promise<readonly PatroniMember[]> {
    for (const { restPort, process: running } of this.#nodes) {
      if (running === undefined) continue;
      try {
        const answer = await fetch(`http://127.0.0.1:${restPort}/cluster`, { signal: AbortSignal.timeout(2_000) });
        return ((await answer.json()) as { members?: PatroniMember[] }).members ?? [];
      } catch {
        // Not up yet: the next one may be.
      }
    }
    return [];
  }

  async leader(): Promise<string | undefined> {
    return (await this.members()).find(({ role, state }) => role === 'leader' && state === 'running')?.name;
  }

  async switchover(to: string): Promise<void> {
    const from = (await this.leader()) ?? '';
    const args = ['-c', this.#node(to).configFile, 'switchover', '--master', from, '--candidate', to, '--force', SCOPE];
    await promisify(execFile)(this.#programs.patronictl, args, { cwd: this.#folder, timeout: 60_000 });
  }

  async #until(what: string, check: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + START_LIMIT_MS;
    while (!(await check())) {
      if (Date.now() > deadline) throw new ClusterError(`It did not happen in time: ${what}.\n${this.#logs()}`);
      await sleep(100);
    }
  }

  #logs(): string {
    return this.#nodes
      .map(({ name }) => readFileSync(join(this.#folder, `${name}.log`), 'utf8').slice(-1_500))
      .join('\n');
  }

  #killAll(): void {
    for (const { name } of this.#nodes) this.kill(name);
    this.#etcd?.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    process.off('exit', this.#abandon);
    const ended = [this.#etcd, ...this.#nodes.map((node) => node.process)].flatMap((child) =>
      child === undefined || child.exitCode !== null ? [] : [new Promise((resolve) => child.once('exit', resolve))],
    );
    this.#killAll();
    await Promise.all(ended);
    // A backend may outlive its postmaster by a moment and still write.
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** Its children end by themselves as soon as they notice. */
function killPostmaster(dataFolder: string): void {
  try {
    const [pid = ''] = readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n');
    process.kill(Number(pid), 'SIGKILL');
  } catch {
    // It does not run.
  }
  releaseSharedMemory(dataFolder);
}

/** Starts a cluster with `count` nodes `pg-a`, `pg-b`, ... and resolves when all of them run. */
export async function startPatroni(programs: PatroniPrograms, count: number): Promise<PatroniCluster> {
  const launcher = new Launcher(programs);
  try {
    await launcher.begin(count);
    return launcher;
  } catch (error) {
    await launcher.stop();
    throw error;
  }
}
