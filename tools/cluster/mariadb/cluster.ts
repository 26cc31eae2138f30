import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

import { ClusterError } from '../errors.ts';
import { noLog } from '../log.ts';
import { makeState } from '../make-state.ts';
import { NodeCluster, type NodeClusterOptions } from '../node-cluster.ts';
import type { NodeStatus } from '../node-status.ts';
import { chooseRunAs } from '../run-as.ts';
import { type ClusterState, type NodeState, readSecrets, readState } from '../state.ts';
import { requireMariadb } from './binaries.ts';
import { makeTemplate, type MariadbSetup } from './data.ts';
import { isPartOf, newestFirst, sequenceOf } from './history.ts';
import { MariadbNode } from './node.ts';
import type { MariadbOptions } from './options.ts';
import { describeMariadbNodes } from './status.ts';

/** How long replicas may take to follow before they are built anew; those that never can are known at once. */
const FOLLOW_LIMIT_MS = 30_000;

export interface MariadbClusterOptions extends NodeClusterOptions {
  /** MariaDB's options for all nodes, over the launcher's own. */
  readonly options?: MariadbOptions;
}

/** Where none are named. */
const DEFAULT_NODES = ['my-a', 'my-b', 'my-c'] as const;

/**
 * The cluster kept in `directory`, made there when there is none. Starts no process.
 *
 * @throws ClusterError that says what to install where there is no MariaDB; nothing is made then.
 */
export async function createMariadbCluster(options: MariadbClusterOptions): Promise<MariadbCluster> {
  const binaries = requireMariadb();
  const plan = { names: options.nodes ?? DEFAULT_NODES, durable: options.durable ?? true };
  const state = readState(options.directory) ?? (await makeState(options.directory, plan));
  const setup = {
    binaries,
    runAs: chooseRunAs(),
    dataRoot: state.dataRoot,
    secrets: readSecrets(options.directory),
    durable: state.durable,
    options: options.options ?? {},
  };
  return new MariadbCluster(options, state, setup);
}

/** The cluster kept in `directory`, or undefined where none was made. */
export async function openMariadbCluster(directory: string): Promise<MariadbCluster | undefined> {
  return readState(directory) === undefined ? undefined : createMariadbCluster({ directory });
}

/** A MariaDB master and its replicas on this machine. */
export class MariadbCluster extends NodeCluster<MariadbNode> {
  readonly #setup: MariadbSetup;

  /** Use `createMariadbCluster` or `openMariadbCluster`. */
  constructor(options: MariadbClusterOptions, state: ClusterState, setup: MariadbSetup) {
    const { directory, discard, log = noLog } = options;
    const place = { clusterId: state.id, directory, setup, log };
    const makeNode = (node: NodeState, at: number): MariadbNode =>
      new MariadbNode({ ...node, serverId: at + 1, ...place });
    super({ directory, discard, log, program: 'mariadbd', makeNode }, state);
    this.#setup = setup;
  }

  /** The writable node whose history contains, or went apart from, that of the others: see `newestFirst`. */
  master(): MariadbNode {
    const masters = this.nodes.filter((node) => node.exists() && node.role() === 'master');
    const [only] = masters;
    if (only !== undefined && masters.length === 1) return only;
    const [newest] = masters
      .map((node) => ({ node, history: node.history() }))
      .toSorted((a, b) => newestFirst(a.history, b.history));
    if (newest === undefined) throw new ClusterError('No node of this cluster is a master.');
    return newest.node;
  }

  protected async startFirst(): Promise<void> {
    const [master, ...replicas] = this.nodes;
    if (master === undefined) return;
    await makeTemplate(this.#setup);
    await Promise.all([master.startEmpty('master'), ...replicas.map((replica) => replica.startEmpty('replica'))]);
    await Promise.all(replicas.map((replica) => replica.restoreReplication(master)));
    await this.#requireFollowing(replicas, master);
    if (this.isDurable) syncDisks();
  }

  protected async startAgain(): Promise<void> {
    const master = this.master();
    const replicas = this.replicas();
    await this.setSupersededAside();
    const present = replicas.filter((replica) => replica.exists());
    await Promise.all([master, ...present].map((node) => node.start()));
    const idle = await this.#rejoin(present, master);
    const broken = [...idle, ...replicas.filter((replica) => !replica.exists())];
    // One after the other: each reads all of the master's tables.
    for (const replica of broken) await replica.rebuild(master);
    await this.#requireFollowing(broken, master);
  }

  /** Has replicas follow the master, without faults of before. Gives back those that cannot. */
  async #rejoin(replicas: readonly MariadbNode[], master: MariadbNode): Promise<MariadbNode[]> {
    const histories = replicas.map((replica) => ({ replica, history: replica.history() }));
    const newest = master.history();
    const able = histories.filter(({ history }) => isPartOf(history, newest)).map(({ replica }) => replica);
    await Promise.all(able.map((replica) => replica.rejoin(master)));
    const following = await Promise.all(able.map((replica) => this.#follows(replica, master)));
    return replicas.filter((replica) => following[able.indexOf(replica)] !== true);
  }

  async #requireFollowing(replicas: readonly MariadbNode[], master: MariadbNode): Promise<void> {
    const following = await Promise.all(replicas.map((replica) => this.#follows(replica, master)));
    const idle = replicas.filter((_, at) => following[at] !== true);
    if (idle.length === 0) return;
    throw new ClusterError(`Not following ${master.name}: ${idle.map((node) => node.name).join(', ')}.`);
  }

  /** Waits until a replica has applied what the master has written until now. False when it cannot, or not in time. */
  async #follows(replica: MariadbNode, master: MariadbNode): Promise<boolean> {
    const deadline = Date.now() + FOLLOW_LIMIT_MS;
    const wanted = await master.position();
    for (;;) {
      const link = await replica.link();
      const threads = [link?.['Slave_IO_Running'], link?.['Slave_SQL_Running']];
      if (threads.every((thread) => thread === 'Yes') && (await replica.position()) >= wanted) return true;
      if (threads.some(hasGivenUp) || Date.now() > deadline) return false;
      await sleep(15);
    }
  }

  /** Fences the old master first: a server that shuts down does not wait for its replicas. */
  protected async endReign(old: MariadbNode, next: MariadbNode): Promise<void> {
    const link = await next.link();
    if (link?.['Slave_IO_Running'] !== 'Yes' || Number(link['Master_Port']) !== old.port)
      throw this.doesNotFollow(next, old);
    if (Number(link['SQL_Delay'] ?? 0) > 0)
      throw new ClusterError(`${next.name} applies everything late. First: npm run cluster -- lag ${next.name} off`);
    await old.setReadOnly(true);
    try {
      await next.catchUp(old);
    } catch (error) {
      await old.setReadOnly(false);
      throw error;
    }
    await old.stopFast();
  }

  /** It has to be told by a statement. One that is down is told when it starts. */
  protected canFollow(node: MariadbNode): boolean {
    return node.processState() === 'running';
  }

  protected async receivedPosition(replica: MariadbNode): Promise<bigint> {
    const received = sequenceOf(String((await replica.link())?.['Gtid_IO_Pos'] ?? ''));
    const applied = await replica.position();
    return received > applied ? received : applied;
  }

  protected async bringBack(old: MariadbNode, master: MariadbNode): Promise<void> {
    await old.start({ readOnly: true });
    const idle = await this.#rejoin([old], master);
    if (idle.length > 0) await old.rebuild(master);
  }

  status(): Promise<NodeStatus[]> {
    const hasMaster = this.nodes.some((node) => node.exists() && node.role() === 'master');
    return describeMariadbNodes(this.nodes, hasMaster ? this.master() : undefined);
  }
}

/** A thread that tries to reach its master says that it connects. */
const hasGivenUp = (thread: unknown): boolean => thread === 'No' || thread === undefined;

// Copies of the empty data are on their way to the disk; what the servers write later they take care of themselves.
function syncDisks(): void {
  spawn('sync', { stdio: 'ignore' })
    .on('error', () => {})
    .unref();
}
