import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { findBinaries, makeReadable } from './binaries.ts';
import { ClusterError } from './errors.ts';
import { copyUnstarted, initialiseData, type InitialiseOptions, prepareFirstMaster, syncData } from './initialise.ts';
import { type ClusterLog, noLog } from './log.ts';
import { makeState } from './make-state.ts';
import { ClusterNode } from './node.ts';
import { NodeCluster, type NodeClusterOptions } from './node-cluster.ts';
import type { NodeStatus } from './node-status.ts';
import type { Parameters } from './parameters.ts';
import { chooseRunAs } from './run-as.ts';
import { withSession } from './session.ts';
import { type ClusterState, type NodeState, readSecrets, readState } from './state.ts';
import { describeNodes } from './status.ts';

/** How long replicas may take to begin streaming before something is done about it; those that never can are known at once. */
const STREAMING_LIMIT_MS = 30_000;

export interface ClusterOptions extends NodeClusterOptions {
  /** PostgreSQL parameters for all nodes, over the launcher's own. */
  readonly parameters?: Parameters;
}

/** Where none are named. */
const DEFAULT_NODES = ['pg-a', 'pg-b', 'pg-c'] as const;

/** The cluster kept in `directory`, made there when there is none. Starts no process. */
export async function createCluster(options: ClusterOptions): Promise<Cluster> {
  const state = readState(options.directory) ?? (await makeState(options.directory, planOf(options)));
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

const planOf = ({ nodes = DEFAULT_NODES, durable = true }: ClusterOptions) => ({ names: nodes, durable });

/** The cluster kept in `directory`, or undefined where none was made. */
export async function openCluster(directory: string, log?: ClusterLog): Promise<Cluster | undefined> {
  if (readState(directory) === undefined) return undefined;
  return createCluster({ directory, ...(log === undefined ? {} : { log }) });
}

/** A PostgreSQL master and its streaming replicas on this machine. */
export class Cluster extends NodeCluster<ClusterNode> {
  readonly #setup: InitialiseOptions;
  /** The end of what a first start still does in the background. */
  #syncing: Promise<void> = Promise.resolve();

  /** Use `createCluster` or `openCluster`. */
  constructor(options: ClusterOptions, state: ClusterState, setup: InitialiseOptions) {
    const { directory, discard, log = noLog } = options;
    const place = { clusterId: state.id, directory, setup, log };
    const makeNode = ({ name, port }: NodeState): ClusterNode => new ClusterNode({ name, port, ...place });
    super({ directory, discard, log, program: 'postgres', makeNode }, state);
    this.#setup = setup;
  }

  /** The writable node on the newest timeline: a superseded master is on an older one. */
  master(): ClusterNode {
    const [newest] = this.nodes
      .filter((node) => node.exists() && node.role() === 'master')
      .toSorted((a, b) => b.timeline() - a.timeline());
    if (newest === undefined) throw new ClusterError('No node of this cluster is a master.');
    return newest;
  }

  protected async startFirst(): Promise<void> {
    const [master, ...replicas] = this.nodes;
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
    if (this.isDurable) this.#syncing = this.#syncAll();
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
    await Promise.allSettled(this.nodes.map((node) => syncData(node.dataDirectory, this.#setup)));
  }

  protected async startAgain(): Promise<void> {
    const master = this.master();
    const replicas = this.replicas();
    await this.setSupersededAside();
    const present = replicas.filter((replica) => replica.exists());
    for (const replica of present) replica.prepareToFollow(master);
    await Promise.all([master.start(), ...present.map((replica) => replica.start())]);
    await Promise.all(replicas.map((replica) => master.ensureSlot(replica.name)));
    const idle = await this.#waitForStreaming(present);
    const broken = [...idle, ...replicas.filter((replica) => !replica.exists())];
    await Promise.all(broken.map((replica) => replica.rebuild(master)));
    await this.waitForReplicas(broken);
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

  protected override settle(): Promise<void> {
    return this.#syncing;
  }

  /** As it ends, a master sends all of its log to those who stream from it. */
  protected async endReign(old: ClusterNode, next: ClusterNode): Promise<void> {
    const streaming = await old.query(
      "SELECT FROM pg_stat_replication WHERE state = 'streaming' AND application_name = $1",
      [next.name],
    );
    if (streaming.length === 0) throw this.doesNotFollow(next, old);
    await old.stopFast();
  }

  /** Its files are told, whether it runs or not. */
  protected canFollow(): boolean {
    return true;
  }

  protected receivedPosition(replica: ClusterNode): Promise<bigint> {
    return replica.receivedPosition();
  }

  protected async bringBack(old: ClusterNode, master: ClusterNode): Promise<void> {
    await old.follow(master);
    await old.start();
    const idle = await this.#waitForStreaming([old]);
    if (idle.length > 0) await old.rebuild(master);
    else await old.dropIdleSlots();
  }

  /** Adds a replica of the present master and resolves when it streams. */
  override async addNode(name: string): Promise<ClusterNode> {
    const node = await super.addNode(name);
    await this.waitForReplicas([node]);
    return node;
  }

  status(): Promise<NodeStatus[]> {
    return describeNodes(this.nodes);
  }
}
