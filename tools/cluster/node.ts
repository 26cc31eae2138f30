import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { ClusterError } from './errors.ts';
import { type InitialiseOptions, spawnOptions } from './initialise.ts';
import type { ClusterLog } from './log.ts';
import { NodeLog } from './node-log.ts';
import { copyOnline } from './online-copy.ts';
import { mergeParameters, replicaParameters, slotName } from './parameters.ts';
import { readPidFile, releaseSharedMemory } from './pid-file.ts';
import { isPortTaken } from './ports.ts';
import { findProcesses, type NodeProcess, signalAll, waitForEnd } from './processes.ts';
import { giveTo } from './run-as.ts';
import { queryOnce, type SessionRow, withSession } from './session.ts';
import { APPLICATION_DATABASE, APPLICATION_USER, REPLICATION_USER, SUPERUSER } from './state.ts';

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;
const KILL_LIMIT_MS = 10_000;
const PROMOTE_LIMIT_S = 30;
/** A port on which nobody can listen: what a cut replica dials. */
const NOWHERE = 1;

/** What a node is made of; shared by all nodes of a cluster but for name and port. */
export interface NodeOptions {
  readonly name: string;
  readonly port: number;
  readonly clusterId: string;
  readonly directory: string;
  readonly setup: InitialiseOptions;
  readonly log: ClusterLog;
}

/**
 * One PostgreSQL server of the cluster.
 *
 * Every method works from any process of this machine, not only from the one that started the node: all it needs are the node's files
 * and process ids. Methods that change something are not meant to run at the same time on the same node.
 */
export class ClusterNode {
  readonly name: string;
  /** Listens on 127.0.0.1 only. The same over restarts. */
  readonly port: number;
  readonly dataDirectory: string;
  readonly logFile: string;
  readonly #options: NodeOptions;
  /** Marks the node's processes, see `findProcesses`. */
  readonly #clusterName: string;
  readonly #log: NodeLog;

  constructor(options: NodeOptions) {
    this.name = options.name;
    this.port = options.port;
    this.dataDirectory = join(options.setup.dataRoot, options.name);
    this.logFile = join(options.directory, `${options.name}.log`);
    this.#log = new NodeLog(this.logFile);
    this.#options = options;
    this.#clusterName = `holdfast-${options.clusterId}-${options.name}`;
  }

  get folders(): readonly string[] {
    return [this.dataDirectory];
  }

  /** Connection string of the application's user. */
  url(database: string = APPLICATION_DATABASE): string {
    return this.#urlFor(APPLICATION_USER, this.#options.setup.secrets.application, database);
  }

  /** Connection string of the superuser. */
  adminUrl(database = 'postgres'): string {
    return this.#urlFor(SUPERUSER, this.#options.setup.secrets.superuser, database);
  }

  #urlFor(user: string, password: string, database: string): string {
    return `postgres://${user}:${password}@127.0.0.1:${this.port}/${database}`;
  }

  /** One statement as superuser on a connection of its own. */
  query(sql: string, values: readonly unknown[] = []): Promise<SessionRow[]> {
    return queryOnce(this.adminUrl(), sql, values);
  }

  /** Whether the node has data; false before the first start and after a failed rebuild. */
  exists(): boolean {
    return existsSync(join(this.dataDirectory, 'PG_VERSION'));
  }

  /** The role by the node's own files, so that it can be told of a dead or frozen node too. */
  role(): 'master' | 'replica' {
    return existsSync(this.#signalFile()) ? 'replica' : 'master';
  }

  /** 1 for a new cluster; each promotion adds one. Read from the names of the log's segments. */
  timeline(): number {
    const segments = readdirSync(join(this.dataDirectory, 'pg_wal')).filter((name) => /^[0-9A-F]{24}$/.test(name));
    return Math.max(1, ...segments.map((name) => Number.parseInt(name.slice(0, 8), 16)));
  }

  /** Process id of the postmaster, undefined when it does not run. */
  get pid(): number | undefined {
    return this.#postmaster()?.pid;
  }

  #postmaster(): NodeProcess | undefined {
    const noted = Number(readPidFile(this.dataDirectory)[0]);
    return findProcesses(this.#clusterName).find((each) => each.pid === noted);
  }

  /** `stopped`: no process. `frozen`: the postmaster is stopped by a signal. `unready`: starting, stopping or recovering. */
  processState(): 'running' | 'frozen' | 'unready' | 'stopped' {
    const postmaster = this.#postmaster();
    if (postmaster === undefined) return 'stopped';
    if (postmaster.frozen) return 'frozen';
    return isReady(this.dataDirectory) ? 'running' : 'unready';
  }

  /**
   * Starts the node and resolves when it accepts connections; does nothing when it runs already (and thaws it when frozen).
   *
   * @throws ClusterError with the end of the node's log when it does not come up, or when its port is taken.
   */
  async start(): Promise<void> {
    const pid = this.pid;
    const began = Date.now();
    this.#log.beginRun();
    if (pid === undefined) await this.#launch();
    else {
      this.thaw();
      await this.#waitUntilReady(() => this.pid === undefined);
    }
    this.#options.log('node_started', {
      node: this.name,
      port: this.port,
      ms: Date.now() - began,
      adopted: pid !== undefined,
    });
  }

  async #launch(): Promise<void> {
    // Children of a killed postmaster live on, and PostgreSQL refuses to start beside them.
    await this.kill();
    // PostgreSQL would take a process that got the dead postmaster's id for the postmaster itself.
    rmSync(join(this.dataDirectory, 'postmaster.pid'), { force: true });
    if (await isPortTaken(this.port)) {
      throw new ClusterError(
        `Port ${this.port} of ${this.name} is taken by another program. Stop that program and start again.`,
      );
    }
    const output = openSync(this.logFile, 'a');
    const parameters = {
      listen_addresses: '127.0.0.1',
      port: String(this.port),
      unix_socket_directories: '',
      cluster_name: this.#clusterName,
    };
    const settings = Object.entries(parameters).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawn(this.#options.setup.binaries.postgres, ['-D', this.dataDirectory, ...settings], {
      ...spawnOptions(this.#options.setup),
      // In a session of its own: Ctrl-C in the terminal is for the launcher, which then stops things in order.
      detached: true,
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    child.unref();
    let ended = false;
    child.once('error', () => (ended = true)).once('exit', () => (ended = true));
    await this.#waitUntilReady(() => ended);
  }

  async #waitUntilReady(hasEnded: () => boolean): Promise<void> {
    const deadline = Date.now() + START_LIMIT_MS;
    while (!isReady(this.dataDirectory)) {
      if (hasEnded() || Date.now() > deadline) {
        throw new ClusterError(`${this.name} did not start. The end of ${this.logFile}:\n${this.#log.tail()}`);
      }
      await sleep(10);
    }
  }

  /** Whether this replica can never follow its master from the data it has, as far as it has found out since `start`. */
  hasLostTrack(): boolean {
    return this.#log.tellsLostTrack();
  }

  /** The timeline whose log this replica receives at the moment, undefined when it receives none. */
  async receivedTimeline(): Promise<number | undefined> {
    const [row] = await this.query("SELECT received_tli FROM pg_stat_wal_receiver WHERE status = 'streaming'");
    return row === undefined ? undefined : Number(row['received_tli']);
  }

  /** How many bytes of log this replica has, counted from the beginning of the cluster. */
  async receivedPosition(): Promise<bigint> {
    const question = "SELECT greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - '0/0' AS bytes";
    const [row] = await this.query(question);
    return BigInt(String(row?.['bytes'] ?? 0));
  }

  /** A fast shutdown: sessions are cut, data are flushed, connected replicas get all of the log. Kills a node that does not end in 15 s. */
  async stopFast(): Promise<void> {
    const pid = this.pid;
    if (pid === undefined) return this.kill();
    this.thaw();
    signalAll([pid], 'SIGINT');
    if (!(await waitForEnd(this.#clusterName, STOP_LIMIT_MS))) {
      this.#options.log('node_stop_forced', { node: this.name });
      await this.kill();
    }
  }

  /** Ends all processes of the node at once, as a crash of its machine would. */
  async kill(): Promise<void> {
    this.killNow();
    if (!(await waitForEnd(this.#clusterName, KILL_LIMIT_MS))) throw new ClusterError(`${this.name} survived SIGKILL.`);
  }

  /** Like `kill`, without waiting for the end: for handlers of the process's exit. */
  killNow(): void {
    // The postmaster first: it must not start new children while we end the old ones.
    signalAll(this.#pidsFromTop(), 'SIGKILL');
    signalAll(this.#pidsFromTop(), 'SIGKILL');
    releaseSharedMemory(this.dataDirectory);
  }

  /** Stops all processes of the node in their tracks (SIGSTOP), as a hung machine: connections stay open and nothing answers. */
  freeze(): void {
    signalAll(this.#pidsFromTop(), 'SIGSTOP');
    // Children that the postmaster started after the first listing.
    signalAll(this.#pidsFromTop(), 'SIGSTOP');
  }

  /** Undoes `freeze`. */
  thaw(): void {
    signalAll(this.#pidsFromTop().toReversed(), 'SIGCONT');
  }

  #pidsFromTop(): number[] {
    const found = findProcesses(this.#clusterName);
    const pids = new Set(found.map((each) => each.pid));
    return found.toSorted((a, b) => Number(pids.has(a.parent)) - Number(pids.has(b.parent))).map((each) => each.pid);
  }

  /** Makes this master refuse writes, or accept them again. */
  async setReadOnly(on: boolean): Promise<void> {
    await this.query(`ALTER SYSTEM SET default_transaction_read_only = ${on ? 'on' : 'off'}`);
    await this.query('SELECT pg_reload_conf()');
  }

  /** Makes this running replica a master. Does not touch the other nodes: see `Cluster.moveMaster` for the whole job. */
  async promote(): Promise<void> {
    const promote = `SELECT pg_promote(true, ${PROMOTE_LIMIT_S}) AS promoted`;
    const limitMs = (PROMOTE_LIMIT_S + 5) * 1000;
    const [row] = await withSession(this.adminUrl(), (session) => session.query(promote), limitMs);
    if (row?.['promoted'] !== true)
      throw new ClusterError(`${this.name} was not promoted within ${PROMOTE_LIMIT_S} s.`);
    this.#options.log('node_promoted', { node: this.name, timeline: this.timeline() });
  }

  /**
   * Makes this node a replica of `master`, which must be running. A running replica changes over without a restart; a running master is
   * stopped, and started again as a replica. `port` leads the replication connection elsewhere, such as through a fault proxy.
   */
  async follow(master: ClusterNode, port: number = master.port): Promise<void> {
    await master.ensureSlot(this.name);
    const mustRestart = this.role() === 'master' && this.pid !== undefined;
    if (mustRestart) await this.stopFast();
    this.#markAsReplica(port);
    if (mustRestart) await this.start();
    else this.#reloadSettings();
  }

  /** Prepares a replica for its next start, when `master` may not run yet: undoes a cut link, an apply delay and a former master. */
  prepareToFollow(master: ClusterNode): void {
    this.#changeSettings({ recovery_min_apply_delay: undefined });
    this.#markAsReplica(master.port);
    this.#reloadSettings();
  }

  #markAsReplica(upstreamPort: number): void {
    const password = this.#options.setup.secrets.replication;
    this.#changeSettings(
      replicaParameters({ port: upstreamPort, user: REPLICATION_USER, password, replica: this.name }),
    );
    this.#writeOwn(this.#signalFile(), '');
  }

  /** Makes sure that this master keeps the log that the replica has not got yet. */
  async ensureSlot(replica: string): Promise<void> {
    const create = `SELECT pg_create_physical_replication_slot($1, true)
      WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = $1)`;
    const dropLost = `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots
      WHERE slot_name = $1 AND wal_status = 'lost'`;
    await withSession(this.adminUrl(), async (session) => {
      await session.query(dropLost, [slotName(replica)]);
      await session.query(create, [slotName(replica)]);
    });
  }

  /** Drops slots that nobody uses, such as those left from this replica's time as a master: each keeps log for ever. */
  async dropIdleSlots(): Promise<void> {
    await this.query('SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active');
  }

  /** Stops applying received log (replica only); receiving goes on. */
  async pauseReplay(): Promise<void> {
    await this.query('SELECT pg_wal_replay_pause()');
  }

  async resumeReplay(): Promise<void> {
    await this.query('SELECT pg_wal_replay_resume()');
  }

  /** Lets the replica apply each commit `ms` milliseconds late; 0 = at once. Kept over restarts of the node. */
  setApplyDelay(ms: number): void {
    this.#changeSettings({ recovery_min_apply_delay: ms === 0 ? undefined : `${ms}ms` });
    this.#reloadSettings();
  }

  /** Milliseconds; 0 = none. */
  applyDelay(): number {
    const [, value] = /^recovery_min_apply_delay = '(\d+)ms'$/m.exec(this.#readSettings()) ?? [];
    return Number(value ?? 0);
  }

  /** Cuts this replica off its master while clients still reach both: the connection ends and new ones are refused. */
  cutReplication(): void {
    this.#markAsReplica(NOWHERE);
    this.#reloadSettings();
  }

  /** Undoes `cutReplication`. */
  restoreReplication(master: ClusterNode): Promise<void> {
    return this.follow(master);
  }

  /**
   * Throws this node's data away and makes it a replica of the running `master` by a fresh copy. The old data stay until the copy is
   * complete; the node is streaming or about to when this resolves.
   */
  async rebuild(master: ClusterNode): Promise<void> {
    const began = Date.now();
    await this.kill();
    const fresh = `${this.dataDirectory}.fresh`;
    rmSync(fresh, { recursive: true, force: true });
    // Made before the copy: it holds the log from here on.
    await master.ensureSlot(this.name);
    const { runAs } = this.#options.setup;
    await copyOnline({ url: master.adminUrl(), from: master.dataDirectory, to: fresh, runAs });
    rmSync(this.dataDirectory, { recursive: true, force: true });
    renameSync(fresh, this.dataDirectory);
    this.#markAsReplica(master.port);
    await this.start();
    this.#options.log('node_rebuilt', { node: this.name, from: master.name, ms: Date.now() - began });
  }

  #signalFile(): string {
    return join(this.dataDirectory, 'standby.signal');
  }

  #settingsFile(): string {
    return join(this.dataDirectory, 'postgresql.auto.conf');
  }

  #readSettings(): string {
    return existsSync(this.#settingsFile()) ? readFileSync(this.#settingsFile(), 'utf8') : '';
  }

  // Written as a file, not by ALTER SYSTEM: that works on a stopped, frozen or overloaded node too.
  #changeSettings(changes: Readonly<Record<string, string | undefined>>): void {
    this.#writeOwn(this.#settingsFile(), mergeParameters(this.#readSettings(), changes));
  }

  #reloadSettings(): void {
    const pid = this.pid;
    if (pid !== undefined) signalAll([pid], 'SIGHUP');
  }

  #writeOwn(path: string, text: string): void {
    const partial = `${path}.partial`;
    writeFileSync(partial, text, { mode: 0o600 });
    giveTo(partial, this.#options.setup.runAs);
    renameSync(partial, path);
  }
}

function isReady(dataDirectory: string): boolean {
  return readPidFile(dataDirectory)[7]?.trim() === 'ready';
}
