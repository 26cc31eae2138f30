import { type MariadbNode, queryMariadb, startMariadbCluster } from '../cluster/mariadb/testing.ts';
import { createFaultProxy, whyNoSmallDisk } from '../faults/index.ts';
import type { DrillCluster, DrillNode, StoredPost } from './drill-cluster.ts';
import { MariadbDrillNode, type Surroundings } from './mariadb-node.ts';

const FOLLOW_LIMIT_MS = 10_000;

/** MariaDB from Debian's packages: a master and two replicas, each behind a proxy of its own. */
export async function startMariadb(): Promise<DrillCluster> {
  const { cluster, stop } = await startMariadbCluster({ replicas: 2 });
  const [first] = cluster.nodes;
  if (first === undefined) throw new Error('The cluster has no node.');
  let present = first;
  const surroundings: Surroundings = {
    master: () => present,
    wasPromoted: (node: MariadbNode) => {
      present = node;
    },
  };
  const nodes = await Promise.all(
    cluster.nodes.map(async (node) => {
      const proxy = await createFaultProxy({ targetPort: node.port });
      return new MariadbDrillNode(node, surroundings, proxy);
    }),
  );
  return new MariadbDrillCluster(nodes, surroundings, stop);
}

class MariadbDrillCluster implements DrillCluster {
  readonly driver = 'mysql';
  readonly nodes: readonly MariadbDrillNode[];
  readonly #surroundings: Surroundings;
  readonly #stop: () => Promise<void>;

  constructor(nodes: readonly MariadbDrillNode[], surroundings: Surroundings, stop: () => Promise<void>) {
    this.nodes = nodes;
    this.#surroundings = surroundings;
    this.#stop = stop;
  }

  #master(): MariadbNode {
    return this.#surroundings.master();
  }

  master(): DrillNode {
    const found = this.nodes.find(({ server }) => server === this.#master());
    if (found === undefined) throw new Error('The master has no proxy.');
    return found;
  }

  replicas(): MariadbDrillNode[] {
    return this.nodes.filter(({ server }) => server !== this.#master());
  }

  async look(): Promise<void> {
    const refuse = await Promise.all(this.nodes.map(({ server }) => server.refusesWrites()));
    const masters = this.nodes.filter((_, index) => refuse[index] === false);
    const [found] = masters;
    if (found === undefined || masters.length > 1) throw new Error(`${masters.length} nodes accept writes.`);
    this.#surroundings.wasPromoted(found.server);
  }

  async version(): Promise<string> {
    const [row] = await this.#master().query('SELECT version() AS version');
    return `MariaDB ${String(row?.['version']).replace(/-MariaDB.*/, '')}`;
  }

  async heal(): Promise<void> {
    for (const node of this.nodes) {
      await node.mend();
      await node.start();
    }
    // The server may have moved the master; when several accept writes, the one that the drill has promoted counts.
    await this.look().catch(() => undefined);
    const master = this.#master();
    await master.setReadOnly(false);
    for (const { server } of this.replicas()) if (!(await this.#follows(server))) await server.rebuild(master);
  }

  /** Whether it goes on after what it has, from the present master. */
  async #follows(server: MariadbNode): Promise<boolean> {
    if (server.role() === 'master') return false;
    const master = this.#master();
    await server.start();
    try {
      await server.setApplyDelay(0);
      await server.restoreReplication(master);
      await server.catchUp(master, FOLLOW_LIMIT_MS);
      return true;
    } catch {
      return false;
    }
  }

  async readPosts(channelIds: readonly string[], since: number): Promise<StoredPost[]> {
    const channels = channelIds.map((id) => `'${id}'`).join(', ');
    // The users' own messages: neither the server's notes nor former versions of edited posts.
    const posts = `SELECT id, userid AS userId, channelid AS channelId, pendingpostid AS pendingPostId, message FROM posts
      WHERE channelid IN (${channels}) AND createat >= ${since} AND type = '' AND originalid = '' ORDER BY createat, id`;
    return (await queryMariadb(this.#master().url(), [posts])) as unknown as StoredPost[];
  }

  whyNoFullDisk(): string | undefined {
    return whyNoSmallDisk();
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.release()));
    await this.#stop();
  }
}
