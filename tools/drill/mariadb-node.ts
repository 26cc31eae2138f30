import mysql from 'mysql2/promise';
import type { MariadbNode } from '../cluster/mariadb/testing.ts';
import { type FaultProxy, putOnSmallDisk } from '../faults/index.ts';
import type { DrillNode, NodeDisk, NodeNetwork, Obstacle } from './drill-cluster.ts';
import { Held } from './held.ts';
import { throughProxy } from './through-proxy.ts';
import { until } from './until.ts';

/** For everything that a drill writes before the disk is full, and after. */
const DISK_ROOM_MEGABYTES = 200;
/** More sessions than any node allows. */
const TOO_MANY = 250;
/** Sessions of the server under test, the busiest first. */
const SESSIONS = "SELECT id FROM information_schema.processlist WHERE user = 'holdfast' ORDER BY time_ms";

/** Statements of a session that stays open, and whose it is. The fence ends the sessions of all users but the server's own. */
const OBSTACLES: Readonly<Record<Obstacle, { readonly own: boolean; readonly sql: string }>> = {
  move: { own: false, sql: "SELECT GET_LOCK('holdfast.switchover', 0)" },
  writes: { own: false, sql: 'LOCK TABLES holdfast.posts READ' },
  // A table that nobody reads or writes meanwhile.
  fence: { own: true, sql: 'LOCK TABLES holdfast.channelmemberhistory WRITE' },
};

/** What a node has to know of the cluster that it is in. */
export interface Surroundings {
  /** The present master. */
  master(): MariadbNode;
  wasPromoted(node: MariadbNode): void;
}

/** A MariaDB server with its proxy, as a drill sees it. */
export class MariadbDrillNode implements DrillNode {
  readonly name: string;
  readonly url: string;
  readonly network: NodeNetwork;
  readonly server: MariadbNode;
  readonly #cluster: Surroundings;
  readonly #proxy: FaultProxy;
  readonly #held = new Held();

  constructor(server: MariadbNode, cluster: Surroundings, proxy: FaultProxy) {
    this.server = server;
    this.#cluster = cluster;
    this.#proxy = proxy;
    this.name = server.name;
    const { url, network } = throughProxy(server.url(), proxy);
    this.url = url;
    this.network = network;
  }

  start(): Promise<void> {
    return this.server.start();
  }

  stop(): Promise<void> {
    return this.server.stopFast();
  }

  kill(): Promise<void> {
    return this.server.kill();
  }

  /** A session has no process of its own here: the server is told to end it. */
  async killSession(): Promise<void> {
    // A replica that has just come back is given work little by little.
    await until(`the server has a session on ${this.name}`, async () => {
      const [session] = await this.server.query(`${SESSIONS} LIMIT 1`);
      if (session === undefined) return false;
      await this.server.query(`KILL HARD CONNECTION ${String(session['id'])}`);
      return true;
    });
  }

  freeze(): void {
    this.server.freeze();
  }

  thaw(): void {
    this.server.thaw();
  }

  async promote(): Promise<void> {
    await this.server.promote();
    this.#cluster.wasPromoted(this.server);
  }

  rebuild(): Promise<void> {
    return this.server.rebuild(this.#cluster.master());
  }

  pauseReplay(): Promise<void> {
    return this.server.pauseReplay();
  }

  resumeReplay(): Promise<void> {
    return this.server.resumeReplay();
  }

  cutReplication(): Promise<void> {
    return this.server.cutReplication();
  }

  restoreReplication(): Promise<void> {
    return this.server.restoreReplication(this.#cluster.master());
  }

  delayReplay(ms: number): Promise<void> {
    return this.server.setApplyDelay(ms);
  }

  async loseSlot(): Promise<void> {
    const master = this.#cluster.master();
    const [before] = await master.query('SELECT @@global.gtid_binlog_pos AS position');
    await until('the master has written more', async () => {
      const [now] = await master.query('SELECT @@global.gtid_binlog_pos AS position');
      return now?.['position'] !== before?.['position'];
    });
    await master.query('FLUSH BINARY LOGS');
    const newest = (await master.query('SHOW BINARY LOGS')).at(-1)?.['Log_name'];
    await until('nobody else reads the old logs', async () => {
      await master.query(`PURGE BINARY LOGS TO '${String(newest)}'`);
      return (await master.query('SHOW BINARY LOGS'))[0]?.['Log_name'] === newest;
    });
  }

  async holdConflictingQuery(): Promise<() => Promise<void>> {
    const client = await this.#connect();
    await client.query('BEGIN');
    await client.query('SELECT id FROM holdfast.posts LIMIT 1');
    await this.#cluster.master().query("ALTER TABLE holdfast.posts COMMENT = 'drill'");
    return this.#held.add(async () => client.destroy());
  }

  async useUpConnections(): Promise<() => Promise<void>> {
    const clients: mysql.Connection[] = [];
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
    for (let cuts = 1; cuts > 0; await openSome()) {
      const [sessions] = (await first.query(SESSIONS)) as [{ id: number }[], unknown];
      for (const { id } of sessions) await first.query(`KILL HARD CONNECTION ${id}`).catch(() => undefined);
      cuts = sessions.length;
    }
    return this.#held.add(async () => {
      for (const client of clients) client.destroy();
    });
  }

  async obstruct(what: Obstacle): Promise<() => Promise<void>> {
    const { own, sql } = OBSTACLES[what];
    const client = await connect(own ? this.server.url() : this.server.adminUrl());
    await client.query(sql);
    return this.#held.add(async () => client.destroy());
  }

  setReadOnly(on: boolean): Promise<void> {
    return this.server.setReadOnly(on);
  }

  async useSmallDisk(what: 'data' | 'log'): Promise<NodeDisk> {
    const { server } = this;
    await server.stopFast();
    const disk = putOnSmallDisk(what === 'data' ? server.dataDirectory : server.logDirectory, DISK_ROOM_MEGABYTES);
    const remove = this.#held.add(async () => {
      await server.kill();
      disk.remove();
    });
    await server.start();
    return {
      fill: async () => disk.fill(),
      // It looks for room once a minute, and a replica that has stopped for want of it stays so: a restart ends both.
      free: async () => {
        disk.free();
        await server.kill();
        await server.start();
      },
      remove: async () => {
        await remove();
        await server.start();
      },
    };
  }

  /** Undoes everything that can be undone without the other nodes. */
  async mend(): Promise<void> {
    this.server.thaw();
    await this.#held.giveBackAll();
    await this.network.heal();
  }

  /** Leaves nothing outside of the node's own folder. */
  async release(): Promise<void> {
    await this.server.kill();
    await this.#held.giveBackAll();
    await this.#proxy.close();
  }

  #connect(): Promise<mysql.Connection> {
    return connect(this.server.adminUrl());
  }
}

async function connect(uri: string): Promise<mysql.Connection> {
  const client = await mysql.createConnection({ uri, connectTimeout: 10_000 });
  // The node may be killed under it.
  client.on('error', () => {});
  return client;
}
