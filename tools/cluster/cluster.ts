import { existsSync, renameSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { findBinaries, makeReadable } from './binaries.ts';
import { ClusterError } from './errors.ts';
import { Guard, waitForFormerGuard } from './guard.ts';
import { copyUnstarted, initialiseData, type InitialiseOptions, prepareFirstMaster, syncData } from './initialise.ts';
import { type ClusterLog, noLog } from './log.ts';
import { ClusterNode } from './node.ts';
import type { Parameters } from './parameters.ts';
import { chooseDataRoot } from './placement.ts';
import { findFreePorts } from './ports.ts';
import { chooseRunAs } from './run-as.ts';
import { withSession } from './session.ts';
import {
  type ClusterState,
  newClusterId,
  newSecrets,
  readSecrets,
  readState,
  writeSecrets,
  writeState,
} from './state.ts';
import { describeNode, type NodeStatus } from './status.ts';

/** How long replicas may take to begin streaming before something is done about it; those that never can are known at once. */
const STREAMING_LIMIT_MS = 30_000;

/** What a cluster is made of. All but `directory` and `log` matter only when the directory holds no cluster yet. */
export interface ClusterOptions {
  /** Keeps the state, the passwords, the nodes' logs and, where the databases' user may enter it, the data. */
  readonly directory: string;
  /** The first becomes the first master. Default: pg-a, pg-b, pg-c. */
  readonly nodes?: readonly string[];
  /** False: fsync off, quick time-outs, killed instead of stopped. Default true. */
  readonly durable?: boolean;
  /** PostgreSQL parameters for all nodes, over the launcher's own. */
  readonly parameters?: Parameters;
  /** Only for a cluster that is not durable: the folder to remove when the launcher dies. */
  readonly discard?: string;
  readonly log?: ClusterLog;
}

const DEFAULT_NODES = ['pg-a', 'pg-b', 'pg-c'] as const;
const NODE_NAME = /^[a-z][a-z0-9-]{0,30}$/;

/** The cluster kept in `directory`, made there when there is none. Starts no process. */
export async function createCluster(options: ClusterOptions): Promise<Cluster> {
  const state = readState(options.directory) ?? (await makeState(options));
  const runAs = chooseRunAs();
  const binaries = await makeReadable(findBinaries(), runAs);
  const setup: InitialiseOptions = {
    binaries,
    runAs,
    dataRoot: state.dataRoot,
    secrets: readSecrets(options.directory),
    durable: state.durable,
    parameters: options.parameters ?? {},
  };
  return new Cluster(options, state, setup);
}

/** The cluster kept in `directory`, or undefined where none was made. */
export async function openCluster(directory: string, log?: ClusterLog): Promise<Cluster | undefined> {
  if (readState(directory) === undefined) return undefined;
  return createCluster({ directory, ...(log === undefined ? {} : { log }) });
}

async function makeState(options: ClusterOptions): Promise<ClusterState> {
  const names = options.nodes ?? DEFAULT_NODES;
  for (const name of names) checkName(name);
  if (new Set(names).size !== names.length || names.length === 0)
    throw new ClusterError('Nodes need different names, at least one.');
  const dataRoot = chooseDataRoot(options.directory, chooseRunAs());
  const ports = await findFreePorts(names.length);
  const nodes = names.map((name, at) => ({ name, port: ports[at] ?? 0 }));
  const state: ClusterState = { format: 1, id: newClusterId(), dataRoot, durable: options.durable ?? true, nodes };
  writeSecrets(options.directory, newSecrets());
  writeState(options.directory, state);
  return state;
}

function checkName(name: string): void {
  if (!NODE_NAME.test(name))
    throw new ClusterError(`"${name}" is no node name: small letters, digits and dashes, at most 31.`);
}

/** A PostgreSQL master and its streaming replicas on this machine. */
export class Cluster {
  readonly directory: string;
  readonly #options: ClusterOptions;
  readonly #setup: InitialiseOptions;
  readonly #log: ClusterLog;
  #state: ClusterState;
  #nodes: ClusterNode[];
  #guard: Guard | undefined;
  /** The end of what a first start still does in the background. */
  #syncing: Promise<void> = Promise.resolve();

  /** Use `createCluster` or `openCluster`. */
  constructor(options: ClusterOptions, state: ClusterState, setup: InitialiseOptions) {
    this.directory = options.directory;
    this.#options = options;
    this.#setup = setup;
    this.#state = state;
    this.#log = options.log ?? noLog;
    this.#nodes = state.nodes.map((node) => this.#makeNode(node.name, node.port));
  }

  #makeNode(name: string, port: number): ClusterNode {
    return new ClusterNode({
      name,
      port,
      clusterId: this.#state.id,
      directory: this.directory,
      setup: this.#setup,
      log: this.#log,
    });
  }

  /** In the order in which they were named. */
  get nodes(): readonly ClusterNode[] {
    return this.#nodes;
  }

  /** Where the data lie: not always below `directory`, see `chooseDataRoot`. */
  get dataRoot(): string {
    return this.#state.dataRoot;
  }

  /** @throws ClusterError that lists the names there are. */
  node(name: string): ClusterNode {
    const found = this.#nodes.find((node) => node.name === name);
    if (found !== undefined) return found;
    throw new ClusterError(`There is no node "${name}". Nodes: ${this.#nodes.map((node) => node.name).join(', ')}.`);
  }

  /**
   * The present master by the nodes' files, running or not: the writable node on the newest timeline. A master that another node has
   * superseded meanwhile is writable too, on an older timeline.
   */
  master(): ClusterNode {
    const [newest] = this.#nodes
      .filter((node) => node.exists() && node.role() === 'master')
      .toSorted((a, b) => b.timeline() - a.timeline());
    if (newest === undefined) throw new ClusterError('No node of this cluster is a master.');
    return newest;
  }

  /** All nodes but the master. */
  replicas(): ClusterNode[] {
    const master = this.master();
    return this.#nodes.filter((node) => node !== master);
  }

  /**
   * Starts every node and resolves when all replicas stream from the master. The first start makes the databases; later ones find their
   * data, take over nodes that still run, and undo faults (cut links, apply delays, frozen nodes) and half-done failovers: a superseded
   * master becomes a replica again, its old data set aside in `<name>.superseded`.
   */
  async start(): Promise<void> {
    const began = Date.now();
    if (this.#guard === undefined) await waitForFormerGuard(this.directory);
    this.#guard ??= new Guard({
      clusterId: this.#state.id,
      directory: this.directory,
      dataRoot: this.#state.dataRoot,
      durable: this.#state.durable,
      discard: this.#state.durable ? undefined : this.#options.discard,
    });
    const isFirst = this.#nodes.every((node) => !node.exists());
    if (isFirst) await this.#startFirst();
    else await this.#startAgain();
    this.#log('cluster_started', {
      master: this.master().name,
      nodes: this.#nodes.length,
      first: isFirst,
      ms: Date.now() - began,
    });
  }

  async #startFirst(): Promise<void> {
    const [master, ...replicas] = this.#nodes;
    if (master === undefined) return;
    rmSync(master.dataDirectory, { recursive: true, force: true });
    await initialiseData(master.dataDirectory, this.#setup);
    await Promise.all(
      replicas.map(async (replica) => {
        rmSync(replica.dataDirectory, { recursive: true, force: true });
        await copyUnstarted(master.dataDirectory, replica.dataDirectory);
      }),
    );
    await master.start();
    const names = replicas.map((replica) => replica.name);
    await prepareFirstMaster((database) => master.adminUrl(database), this.#setup.secrets, names);
    await Promise.all(replicas.map((replica) => replica.follow(master).then(() => replica.start())));
    await this.waitForReplicas(replicas);
    await this.#waitForReplay(replicas.length);
    if (this.#state.durable) this.#syncing = this.#syncAll();
  }

  /** Streaming is not enough the first time: a replica has no database to connect to before it has replayed its making. */
  async #waitForReplay(count: number): Promise<void> {
    const deadline = Date.now() + STREAMING_LIMIT_MS;
    await withSession(this.master().adminUrl(), async (session) => {
      const [row] = await session.query('SELECT pg_current_wal_flush_lsn()::text AS position');
      const replayed = 'SELECT 1 FROM pg_stat_replication WHERE replay_lsn >= $1::pg_lsn';
      while ((await session.query(replayed, [row?.['position']])).length < count) {
        if (Date.now() > deadline) throw new ClusterError('The replicas did not replay what the master had done.');
        await sleep(15);
      }
    });
  }

  // A node that is killed meanwhile may remove files under it: then there is nothing left to make safe.
  async #syncAll(): Promise<void> {
    await Promise.allSettled(this.#nodes.map((node) => syncData(node.dataDirectory, this.#setup)));
  }

  async #startAgain(): Promise<void> {
    const master = this.master();
    const replicas = this.replicas();
    for (const replica of replicas.filter((each) => each.exists() && each.role() === 'master'))
      await this.#setAside(replica);
    const present = replicas.filter((replica) => replica.exists());
    for (const replica of present) replica.prepareToFollow(master);
    await Promise.all([master.start(), ...present.map((replica) => replica.start())]);
    await Promise.all(replicas.map((replica) => master.ensureSlot(replica.name)));
    const idle = await this.#waitForStreaming(present);
    const broken = [...idle, ...replicas.filter((replica) => !replica.exists())];
    await Promise.all(broken.map((replica) => replica.rebuild(master)));
    await this.waitForReplicas(broken);
  }

  async #setAside(node: ClusterNode): Promise<void> {
    await node.stopFast();
    const aside = `${node.dataDirectory}.superseded`;
    rmSync(aside, { recursive: true, force: true });
    renameSync(node.dataDirectory, aside);
    this.#log('node_set_aside', { node: node.name, kept: aside });
  }

  /** Waits until these replicas stream from the master; gives back those that cannot, or did not in time. */
  async #waitForStreaming(replicas: readonly ClusterNode[]): Promise<ClusterNode[]> {
    const deadline = Date.now() + STREAMING_LIMIT_MS;
    const master = this.master();
    const missing = new Set(replicas);
    return withSession(master.adminUrl(), async (session) => {
      for (;;) {
        const rows = await session.query("SELECT application_name FROM pg_stat_replication WHERE state = 'streaming'");
        const streaming = new Set(rows.map((row) => row['application_name']));
        for (const replica of [...missing].filter((each) => streaming.has(each.name))) {
          // A diverged replica streams too, for a moment, but what was before the promotion.
          if ((await replica.receivedTimeline()) === master.timeline()) missing.delete(replica);
        }
        const isDecided = [...missing].every((replica) => replica.hasLostTrack());
        if (isDecided || Date.now() > deadline) return [...missing];
        await sleep(15);
      }
    });
  }

  /** Resolves when all of these replicas (default: all) stream from the present master. */
  async waitForReplicas(replicas: readonly ClusterNode[] = this.replicas()): Promise<void> {
    const missing = await this.#waitForStreaming(replicas);
    if (missing.length === 0) return;
    throw new ClusterError(`Not streaming from ${this.master().name}: ${missing.map((node) => node.name).join(', ')}.`);
  }

  /** Stops every node. A durable cluster's replicas get all of the log first; another one is killed. */
  async stop(): Promise<void> {
    if (!this.#state.durable) {
      await Promise.all(this.#nodes.map((node) => node.kill()));
    } else {
      const [masters, replicas] = this.#byRole();
      await Promise.all(masters.map((node) => node.stopFast()));
      await Promise.all(replicas.map((node) => node.stopFast()));
    }
    await this.#syncing;
    this.#guard?.dismiss();
    this.#guard = undefined;
    this.#log('cluster_stopped', { nodes: this.#nodes.length });
  }

  #byRole(): [ClusterNode[], ClusterNode[]] {
    const isMaster = (node: ClusterNode): boolean => node.exists() && node.role() === 'master';
    return [this.#nodes.filter(isMaster), this.#nodes.filter((node) => !isMaster(node))];
  }

  /**
   * Makes a running replica the master, and the other nodes its replicas.
   *
   * A running master is stopped first, cleanly, so that the replica has everything that it acknowledged; it comes back as a replica. A
   * frozen or dead one is killed, so that it cannot wake up writable; it stays down until it is rebuilt.
   *
   * @throws ClusterError when the replica does not run, and when it would lose what is known elsewhere: when it does not stream from a
   *   running master, or has received less than another running replica.
   */
  async moveMaster(name: string): Promise<void> {
    const next = this.node(name);
    const old = this.master();
    if (next === old) throw new ClusterError(`${name} is the master already.`);
    if (next.processState() !== 'running')
      throw new ClusterError(`${name} is ${next.processState()}: only a running replica can be promoted.`);
    const oldServes = old.processState() === 'running';
    await (oldServes ? this.#requireStreaming(old, next) : this.#requireMostAdvanced(next));
    await (oldServes ? old.stopFast() : old.kill());
    await next.promote();
    const others = this.#nodes.filter((node) => node !== next && node !== old && node.exists());
    await Promise.all(others.map((node) => node.follow(next)));
    if (oldServes) await this.#bringBack(old, next);
  }

  async #requireStreaming(master: ClusterNode, replica: ClusterNode): Promise<void> {
    const streaming = await master.query(
      "SELECT FROM pg_stat_replication WHERE state = 'streaming' AND application_name = $1",
      [replica.name],
    );
    if (streaming.length > 0) return;
    throw new ClusterError(
      `${replica.name} does not stream from ${master.name}: promoting it would lose what ${master.name} has acknowledged. ` +
        `Rebuild ${replica.name} first, or kill ${master.name} if that loss is wanted.`,
    );
  }

  async #requireMostAdvanced(next: ClusterNode): Promise<void> {
    const others = this.#nodes.filter(
      (node) => node !== next && node.processState() === 'running' && node.role() === 'replica',
    );
    const [own, ...positions] = await Promise.all([next, ...others].map((node) => node.receivedPosition()));
    const ahead = others.find((_, at) => (positions[at] ?? 0n) > (own ?? 0n));
    if (ahead === undefined) return;
    throw new ClusterError(
      `${ahead.name} has received more than ${next.name}: promote ${ahead.name}, or stop it if that loss is wanted.`,
    );
  }

  async #bringBack(old: ClusterNode, master: ClusterNode): Promise<void> {
    await old.follow(master);
    await old.start();
    const idle = await this.#waitForStreaming([old]);
    if (idle.length > 0) await old.rebuild(master);
    else await old.dropIdleSlots();
  }

  /** Adds a replica of the present master and resolves when it streams. */
  async addNode(name: string): Promise<ClusterNode> {
    checkName(name);
    if (this.#nodes.some((node) => node.name === name)) throw new ClusterError(`There is a node "${name}" already.`);
    const [port = 0] = await findFreePorts(1);
    const node = this.#makeNode(name, port);
    await node.rebuild(this.master());
    this.#state = { ...this.#state, nodes: [...this.#state.nodes, { name, port }] };
    writeState(this.directory, this.#state);
    this.#nodes = [...this.#nodes, node];
    await this.waitForReplicas([node]);
    return node;
  }

  /** Has a child process of ours, which uses the databases, ended too (SIGTERM) should this process die without stopping them. */
  guardProcess(pid: number): void {
    this.#guard?.alsoStop(pid);
  }

  /** What each node is and does; never fails and never waits long, whatever state a node is in. */
  status(): Promise<NodeStatus[]> {
    return Promise.all(this.#nodes.map(describeNode));
  }

  /** Ends all processes at once, without waiting: for handlers of this process's exit. */
  killNow(): void {
    for (const node of this.#nodes) node.killNow();
    this.#guard?.dismiss();
  }

  /** Whether any node has a process. */
  isRunning(): boolean {
    return this.#nodes.some((node) => existsSync(node.dataDirectory) && node.processState() !== 'stopped');
  }
}
