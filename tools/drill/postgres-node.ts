import { join } from 'node:path';
import pg from 'pg';
import type { Cluster, ClusterNode } from '../cluster/index.ts';
import { type FaultProxy, putOnSmallDisk, type SmallDisk } from '../faults/index.ts';
import type { DrillNode, NodeDisk, NodeNetwork, Obstacle } from './drill-cluster.ts';
import { Held } from './held.ts';
import { throughProxy } from './through-proxy.ts';
import { until } from './until.ts';

/** For everything that a drill writes before the disk is full, and after. */
const DISK_ROOM_MEGABYTES = 500;
/** More sessions than any node allows. */
const TOO_MANY = 250;
/** Sessions of the server under test. */
const SESSIONS = "SELECT pid FROM pg_stat_activity WHERE application_name = 'holdfast' AND pid <> pg_backend_pid()";

/** Statements of a superuser's session that stays open. */
const OBSTACLES: Readonly<Record<Obstacle, string>> = {
  move: 'SELECT pg_advisory_lock(1213156420)',
  writes: 'BEGIN; LOCK TABLE posts IN SHARE MODE',
  fence: 'BEGIN; SELECT 1',
};

/** A PostgreSQL server with its proxy, as a drill sees it. */
export class PostgresNode implements DrillNode {
  readonly name: string;
  readonly url: string;
  readonly network: NodeNetwork;
  readonly #cluster: Cluster;
  readonly #node: ClusterNode;
  readonly #proxy: FaultProxy;
  readonly #held = new Held();

  constructor(cluster: Cluster, node: ClusterNode, proxy: FaultProxy) {
    this.#cluster = cluster;
    this.#node = node;
    this.#proxy = proxy;
    this.name = node.name;
    const { url, network } = throughProxy(node.url(), proxy);
    this.url = url;
    this.network = network;
  }

  start(): Promise<void> {
    return this.#node.start();
  }

  stop(): Promise<void> {
    return this.#node.stopFast();
  }

  kill(): Promise<void> {
    return this.#node.kill();
  }

  async killSession(): Promise<void> {
    // A replica that has just come back is given work little by little.
    await until(`the server has a session on ${this.name}`, async () => {
      const [session] = await this.#node.query(`${SESSIONS} LIMIT 1`);
      if (session === undefined) return false;
      process.kill(Number(session['pid']), 'SIGKILL');
      return true;
    });
  }

  freeze(): void {
    this.#node.freeze();
  }

  thaw(): void {
    this.#node.thaw();
  }

  promote(): Promise<void> {
    return this.#node.promote();
  }

  rebuild(): Promise<void> {
    return this.#node.rebuild(this.#cluster.master());
  }

  pauseReplay(): Promise<void> {
    return this.#node.pauseReplay();
  }

  resumeReplay(): Promise<void> {
    return this.#node.resumeReplay();
  }

  cutReplication(): void {
    this.#node.cutReplication();
  }

  restoreReplication(): Promise<void> {
    return this.#node.restoreReplication(this.#cluster.master());
  }

  delayReplay(ms: number): void {
    this.#node.setApplyDelay(ms);
  }

  async loseSlot(): Promise<void> {
    const master = this.#cluster.master();
    await master.query("ALTER SYSTEM SET max_slot_wal_keep_size = '16MB'");
    await master.query('SELECT pg_reload_conf()');
    // Each switch fills one file of 16 MB; some are kept for other reasons.
    for (let file = 0; file < 8; file++) {
      await master.query("SELECT pg_logical_emit_message(true, 'drill', repeat('x', 1000))");
      await master.query('SELECT pg_switch_wal()');
    }
    await master.query('CHECKPOINT');
    // What is lost stays lost. Later drills write more than that in a moment, which no replica shall be lost by.
    await master.query('ALTER SYSTEM RESET max_slot_wal_keep_size');
    await master.query('SELECT pg_reload_conf()');
    const lost = "SELECT FROM pg_replication_slots WHERE slot_name = $1 AND wal_status = 'lost'";
    if ((await master.query(lost, [this.name.replaceAll('-', '_')])).length === 0) {
      throw new Error(`The master still keeps the log that ${this.name} needs.`);
    }
  }

  async holdConflictingQuery(): Promise<() => Promise<void>> {
    const client = await this.#connect();
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await client.query('SELECT id FROM posts LIMIT 1');
    const master = await connect(this.#cluster.master().adminUrl('holdfast'));
    await master.query('BEGIN; LOCK TABLE posts IN ACCESS EXCLUSIVE MODE; COMMIT');
    await master.end();
    return this.#held.add(() => client.end());
  }

  async useUpConnections(): Promise<() => Promise<void>> {
    const clients: pg.Client[] = [];
    const open = async (): Promise<void> => {
      const client = await this.#connect().catch(() => undefined);
      if (client !== undefined) clients.push(client);
    };
    const openSome = (): Promise<unknown> => Promise.all(Array.from({ length: 20 }, open));
    for (let before = -1; before < clients.length && clients.length < TOO_MANY; await openSome())
      before = clients.length;
    const [first] = clients;
    if (first === undefined) throw new Error(`${this.name} gave no connection at all.`);
    // Each time the server loses its sessions it and we race for the places; those that we win we keep.
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'holdfast%'`;
    for (let cuts = 1; cuts > 0; ) {
      [{ rowCount: cuts }] = (await Promise.all([first.query(cut), openSome()])) as [{ rowCount: number }, unknown];
    }
    return this.#held.add(async () => void (await Promise.allSettled(clients.map((client) => client.end()))));
  }

  async obstruct(what: Obstacle): Promise<() => Promise<void>> {
    const client = await this.#connect();
    await client.query(OBSTACLES[what]);
    return this.#held.add(() => client.end());
  }

  setReadOnly(on: boolean): Promise<void> {
    return this.#node.setReadOnly(on);
  }

  async useSmallDisk(what: 'data' | 'log'): Promise<NodeDisk> {
    const folder = join(this.#node.dataDirectory, what === 'data' ? '.' : 'pg_wal');
    await this.#node.stopFast();
    const disk = putOnSmallDisk(folder, DISK_ROOM_MEGABYTES);
    const remove = this.#held.add(async () => {
      await this.#node.kill();
      disk.remove();
    });
    await this.#node.start();
    return {
      fill: () => this.#fill(disk),
      free: async () => {
        disk.free();
        await this.#node.start();
      },
      remove: async () => {
        await remove();
        await this.#node.start();
      },
    };
  }

  /** Undoes everything that can be undone without the other nodes. */
  async mend(): Promise<void> {
    this.#node.thaw();
    await this.#held.giveBackAll();
    await this.network.heal();
  }

  /** Leaves nothing outside of the node's own folder. */
  async release(): Promise<void> {
    await this.#node.kill();
    await this.#held.giveBackAll();
    await this.#proxy.close();
  }

  async #fill(disk: SmallDisk): Promise<void> {
    disk.fill();
    // A new file of the log surely needs room; one may be there beforehand.
    const master = this.#cluster.master();
    for (let file = 0; file < 4; file++) {
      await master.query("SELECT pg_logical_emit_message(true, 'drill', 'x'), pg_switch_wal()").catch(() => undefined);
    }
  }

  #connect(): Promise<pg.Client> {
    return connect(this.#node.adminUrl('holdfast'));
  }
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  // The node may be killed under it.
  client.on('error', () => {});
  await client.connect();
  return client;
}
