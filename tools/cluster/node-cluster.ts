import { existsSync, renameSync, rmSync } from 'node:fs';

import type { EmbeddedCluster, EmbeddedNode } from './embedded.ts';
import { ClusterError } from './errors.ts';
import { Guard, waitForFormerGuard } from './guard.ts';
import type { ClusterLog } from './log.ts';
import { checkName } from './make-state.ts';
import type { NodeStatus } from './node-status.ts';
import { findFreePorts } from './ports.ts';
import { type ClusterState, type NodeState, writeState } from './state.ts';

/** What a cluster is made of. All but `directory` and `log` matter only when the directory holds no cluster yet. */
export interface NodeClusterOptions {
  /** Keeps the state, the passwords, the nodes' logs and, where the databases' user may enter it, the data. */
  readonly directory: string;
  /** The first becomes the first master. Default: three of the engine's own names. */
  readonly nodes?: readonly string[];
  /** False: nothing is synced, quick time-outs, killed instead of stopped. Default true. */
  readonly durable?: boolean;
  /** Only for a cluster that is not durable: the folder to remove when the launcher dies. */
  readonly discard?: string;
  readonly log?: ClusterLog;
}

/** What an engine gives to the frame of its cluster. */
export interface Frame<N extends EmbeddedNode> extends Pick<NodeClusterOptions, 'directory'> {
  /** The databases' program, as the system lists it. */
  readonly program: string;
  readonly discard: NodeClusterOptions['discard'] | undefined;
  readonly log: ClusterLog;
  /** @param at counts the nodes from 0, in the order in which they were named. */
  readonly makeNode: (node: NodeState, at: number) => N;
}

/** A master and its replicas on this machine: what is the same whatever the engine. */
export abstract class NodeCluster<N extends EmbeddedNode> implements EmbeddedCluster {
  readonly directory: string;
  protected readonly log: ClusterLog;
  readonly #frame: Frame<N>;
  #state: ClusterState;
  #nodes: readonly N[];
  #guard: Guard | undefined;

  constructor(frame: Frame<N>, state: ClusterState) {
    this.directory = frame.directory;
    this.log = frame.log;
    this.#frame = frame;
    this.#state = state;
    this.#nodes = state.nodes.map(frame.makeNode);
  }

  /** In the order in which they were named. */
  get nodes(): readonly N[] {
    return this.#nodes;
  }

  /** Where the data lie: not always below `directory`, see `chooseDataRoot`. */
  get dataRoot(): string {
    return this.#state.dataRoot;
  }

  protected get isDurable(): boolean {
    return this.#state.durable;
  }

  /** @throws ClusterError that lists the names there are. */
  node(name: string): N {
    const found = this.#nodes.find((node) => node.name === name);
    if (found !== undefined) return found;
    throw new ClusterError(`There is no node "${name}". Nodes: ${this.#nodes.map((node) => node.name).join(', ')}.`);
  }

  /**
   * The present master by the nodes' files, running or not. A master that another node has superseded meanwhile is writable, too.
   *
   * @throws ClusterError when none is a master.
   */
  abstract master(): N;

  /** All nodes but the master. */
  replicas(): N[] {
    const master = this.master();
    return this.#nodes.filter((node) => node !== master);
  }

  /**
   * Starts every node and resolves when all replicas follow the master. The first start makes the databases; later ones find their
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
      discard: this.#state.durable ? undefined : this.#frame.discard,
      program: this.#frame.program,
    });
    const isFirst = this.#nodes.every((node) => !node.exists());
    if (isFirst) await this.startFirst();
    else await this.startAgain();
    this.log('cluster_started', {
      master: this.master().name,
      nodes: this.#nodes.length,
      first: isFirst,
      ms: Date.now() - began,
    });
  }

  protected abstract startFirst(): Promise<void>;
  protected abstract startAgain(): Promise<void>;

  /** Puts the data of superseded masters aside: they are to be built anew. */
  protected async setSupersededAside(): Promise<void> {
    const former = this.replicas().filter((each) => each.exists() && each.role() === 'master');
    for (const node of former) {
      await node.stopFast();
      for (const folder of node.folders.filter((each) => existsSync(each))) {
        const aside = `${folder}.superseded`;
        rmSync(aside, { recursive: true, force: true });
        renameSync(folder, aside);
      }
      this.log('node_set_aside', { node: node.name, kept: `${node.folders[0]}.superseded` });
    }
  }

  /** Stops every node. A durable cluster's master goes first; another cluster is killed. */
  async stop(): Promise<void> {
    if (!this.#state.durable) {
      await Promise.all(this.#nodes.map((node) => node.kill()));
    } else {
      const isMaster = (node: N): boolean => node.exists() && node.role() === 'master';
      const masters = this.#nodes.filter(isMaster);
      const others = this.#nodes.filter((node) => !masters.includes(node));
      await Promise.all(masters.map((node) => node.stopFast()));
      await Promise.all(others.map((node) => node.stopFast()));
    }
    await this.settle();
    this.#guard?.dismiss();
    this.#guard = undefined;
    this.log('cluster_stopped', { nodes: this.#nodes.length });
  }

  /** Resolves when nothing is at work in the background any more. */
  protected settle(): Promise<void> {
    return Promise.resolve();
  }

  /**
   * Makes a running replica the master, and the other nodes its replicas.
   *
   * A running master is stopped first, cleanly, so that the replica has everything that it acknowledged; it comes back as a replica. A
   * frozen or dead one is killed, so that it cannot wake up writable; it stays down until it is rebuilt.
   *
   * @throws ClusterError when the replica does not run, and when it would lose what is known elsewhere: when it does not follow a
   *   running master, or has received less than another running replica.
   */
  async moveMaster(name: string): Promise<void> {
    const next = this.node(name);
    const old = this.master();
    if (next === old) throw new ClusterError(`${name} is the master already.`);
    if (next.processState() !== 'running')
      throw new ClusterError(`${name} is ${next.processState()}: only a running replica can be promoted.`);
    const oldServes = old.processState() === 'running';
    if (oldServes) await this.endReign(old, next);
    else {
      await this.#requireMostAdvanced(next);
      await old.kill();
    }
    await next.promote();
    const others = this.#nodes.filter((node) => node !== next && node !== old && node.exists());
    await Promise.all(others.filter((node) => this.canFollow(node)).map((node) => node.follow(next)));
    if (oldServes) await this.bringBack(old, next);
  }

  /** Ends the work of a serving master, with everything that it has acknowledged on `next`. @throws ClusterError before anything was changed */
  protected abstract endReign(old: N, next: N): Promise<void>;

  /** Whether a node can be told now to follow another one. */
  protected abstract canFollow(node: N): boolean;

  /** Makes a former master that has ended in order a replica of its successor. */
  protected abstract bringBack(old: N, master: N): Promise<void>;

  /** How much of the master's log a running replica has. */
  protected abstract receivedPosition(replica: N): Promise<bigint>;

  async #requireMostAdvanced(next: N): Promise<void> {
    const others = this.#nodes.filter(
      (node) => node !== next && node.processState() === 'running' && node.role() === 'replica',
    );
    const [own, ...positions] = await Promise.all([next, ...others].map((node) => this.receivedPosition(node)));
    const ahead = others.find((_, at) => (positions[at] ?? 0n) > (own ?? 0n));
    if (ahead === undefined) return;
    throw new ClusterError(
      `${ahead.name} has received more than ${next.name}: promote ${ahead.name}, or stop it if that loss is wanted.`,
    );
  }

  /** The refusal to promote a replica over a serving master that it does not follow. */
  protected doesNotFollow(replica: N, master: N): ClusterError {
    return new ClusterError(
      `${replica.name} does not stream from ${master.name}: promoting it would lose what ${master.name} has acknowledged. ` +
        `Rebuild ${replica.name} first, or kill ${master.name} if that loss is wanted.`,
    );
  }

  /** Adds a replica of the present master. */
  async addNode(name: string): Promise<N> {
    checkName(name);
    if (this.#nodes.some((node) => node.name === name)) throw new ClusterError(`There is a node "${name}" already.`);
    const [port = 0] = await findFreePorts(1);
    const node = this.#frame.makeNode({ name, port }, this.#nodes.length);
    await node.rebuild(this.master());
    this.#state = { ...this.#state, nodes: [...this.#state.nodes, { name, port }] };
    writeState(this.directory, this.#state);
    this.#nodes = [...this.#nodes, node];
    return node;
  }

  /** Has a child process of ours, which uses the databases, ended too (SIGTERM) should this process die without stopping them. */
  guardProcess(pid: number): void {
    this.#guard?.alsoStop(pid);
  }

  /** What each node is and does; never fails and never waits long, whatever state a node is in. */
  abstract status(): Promise<NodeStatus[]>;

  /** Ends all processes at once, without waiting: for handlers of this process's exit. */
  killNow(): void {
    for (const node of this.#nodes) node.killNow();
    this.#guard?.dismiss();
  }

  /** Whether any node has a process. */
  isRunning(): boolean {
    return this.#nodes.some((node) => node.processState() !== 'stopped');
  }
}
