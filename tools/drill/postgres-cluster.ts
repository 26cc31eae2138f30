import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../cluster/index.ts';
import { startTestCluster } from '../cluster/testing.ts';
import { queryOnce } from '../cluster/session.ts';
import { createFaultProxy, whyNoSmallDisk } from '../faults/index.ts';
import type { DrillCluster, DrillNode, StoredPost } from './drill-cluster.ts';
import { PostgresNode } from './postgres-node.ts';

/** The users' own messages: neither the server's notes nor former versions of edited posts. */
const POSTS = `SELECT id, userid AS "userId", channelid AS "channelId", pendingpostid AS "pendingPostId", message FROM posts
  WHERE channelid = ANY($1) AND createat >= $2 AND type = '' AND originalid = '' ORDER BY createat, id`;

/** PostgreSQL from npm's binaries: a master and two streaming replicas, each behind a proxy of its own. */
export async function startPostgres(): Promise<DrillCluster> {
  // Each new file of the log shall need room of its own: a full disk is felt at once.
  const { cluster, stop } = await startTestCluster({ replicas: 2, parameters: { wal_recycle: 'off' } });
  const nodes = await Promise.all(
    cluster.nodes.map(async (node) => {
      const proxy = await createFaultProxy({ targetPort: node.port });
      return new PostgresNode(cluster, node, proxy);
    }),
  );
  return new PostgresCluster(cluster, nodes, stop);
}

class PostgresCluster implements DrillCluster {
  readonly driver = 'postgres';
  readonly nodes: readonly PostgresNode[];
  readonly #cluster: Cluster;
  readonly #stop: () => Promise<void>;

  constructor(cluster: Cluster, nodes: readonly PostgresNode[], stop: () => Promise<void>) {
    this.#cluster = cluster;
    this.nodes = nodes;
    this.#stop = stop;
  }

  master(): DrillNode {
    const { name } = this.#cluster.master();
    const found = this.nodes.find((node) => node.name === name);
    if (found === undefined) throw new Error(`${name} has no proxy.`);
    return found;
  }

  replicas(): DrillNode[] {
    const master = this.master();
    return this.nodes.filter((node) => node !== master);
  }

  /** The nodes' own files tell it at any time. */
  async look(): Promise<void> {}

  async version(): Promise<string> {
    const [row] = await this.#cluster.master().query('SHOW server_version');
    return `PostgreSQL ${String(row?.['server_version'])}`;
  }

  async heal(): Promise<void> {
    for (const node of this.nodes) await node.mend();
    const master = this.#cluster.master();
    await master.start();
    await master.query('ALTER SYSTEM RESET ALL');
    await master.query('SELECT pg_reload_conf()');
    for (const node of this.#cluster.replicas()) {
      if (node.role() === 'master' || !(await this.#follows(node.name))) await node.rebuild(master);
    }
    await this.#cluster.waitForReplicas();
  }

  /** Whether it streams from the present master, or begins to in a moment. */
  async #follows(name: string): Promise<boolean> {
    const node = this.#cluster.node(name);
    const master = this.#cluster.master();
    node.prepareToFollow(master);
    await node.start();
    await master.ensureSlot(name);
    const deadline = Date.now() + 5_000;
    while (Date.now() < deadline && !node.hasLostTrack()) {
      if ((await node.receivedTimeline()) === master.timeline()) return true;
      await sleep(50);
    }
    return false;
  }

  async readPosts(channelIds: readonly string[], since: number): Promise<StoredPost[]> {
    const rows = await queryOnce(this.#cluster.master().url(), POSTS, [channelIds, since]);
    return rows as unknown as StoredPost[];
  }

  whyNoFullDisk(): string | undefined {
    return whyNoSmallDisk();
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.release()));
    await this.#stop();
  }
}
