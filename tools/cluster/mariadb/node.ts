import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { ClusterError } from '../errors.ts';
import type { ClusterLog } from '../log.ts';
import { NodeLog } from '../node-log.ts';
import { isPortTaken } from '../ports.ts';
import { APPLICATION_DATABASE, APPLICATION_USER, REPLICATION_USER, SUPERUSER } from '../state.ts';
import { copyTables } from './copy.ts';
import { copyEmptyData, makeLogFolder, makeTemporary, type MariadbSetup, spawnOptions } from './data.ts';
import { BINARY_LOG, type History, readHistory, sequenceOf } from './history.ts';
import { clusterOptions } from './options.ts';
import { MariadbProcess } from './server-process.ts';
import { type MariadbRow, queryMariadb } from './session.ts';

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;
/** How long a replica that is promoted may take to apply what it has received, beside its delay. */
const APPLY_LIMIT_MS = 10_000;
/** A port on which nobody can listen: what a cut replica dials. */
const NOWHERE = 1;

export interface MariadbNodeOptions {
  readonly name: string;
  readonly port: number;
  /** Different for each node of a cluster, from 1 to below 100. */
  readonly serverId: number;
  readonly clusterId: string;
  readonly directory: string;
  readonly setup: MariadbSetup;
  readonly log: ClusterLog;
}

/** A place in the master's log from which a replica goes on: `current_pos` counts what it has written itself. */
type Position = 'current_pos' | 'slave_pos';

/**
 * One MariaDB server of a cluster. Every method works from any process of this machine: all it needs are the node's files and its
 * process. Methods that change something are not meant to run at the same time on the same node.
 */
export class MariadbNode {
  readonly name: string;
  /** Listens on 127.0.0.1 only. The same over restarts. */
  readonly port: number;
  readonly dataDirectory: string;
  /** The binary log, and what was received of the master's. */
  readonly logDirectory: string;
  readonly logFile: string;
  readonly #options: MariadbNodeOptions;
  readonly #pidFile: string;
  readonly #process: MariadbProcess;
  readonly #log: NodeLog;
  #isFenced = false;

  constructor(options: MariadbNodeOptions) {
    this.name = options.name;
    this.port = options.port;
    this.dataDirectory = join(options.setup.dataRoot, options.name);
    this.logDirectory = `${this.dataDirectory}.log`;
    this.logFile = join(options.directory, `${options.name}.log`);
    this.#options = options;
    // Its name marks the process, see the guard.
    this.#pidFile = join(this.dataDirectory, `holdfast-${options.clusterId}-${options.name}.pid`);
    this.#process = new MariadbProcess(this.#pidFile);
    this.#log = new NodeLog(this.logFile);
  }

  get folders(): readonly string[] {
    return [this.dataDirectory, this.logDirectory];
  }

  /** Connection string of the application's user. */
  url(database: string = APPLICATION_DATABASE): string {
    return this.#urlFor(APPLICATION_USER, this.#options.setup.secrets.application, database);
  }

  adminUrl(database = 'mysql'): string {
    return this.#urlFor(SUPERUSER, this.#options.setup.secrets.superuser, database);
  }

  #urlFor(user: string, password: string, database: string): string {
    return `mysql://${user}:${password}@127.0.0.1:${this.port}/${database}`;
  }

  /** Statements as superuser on a connection of its own; the rows of the last. */
  query(...statements: string[]): Promise<MariadbRow[]> {
    return queryMariadb(this.adminUrl(), statements);
  }

  /** Whether the node has data; false before its first start has ended, and after a failed rebuild. */
  exists(): boolean {
    return existsSync(join(this.dataDirectory, 'mysql')) && !existsSync(this.#unfinished());
  }

  /** The role by the server's own note of the master that it follows: there is none after a promotion, whoever made it. */
  role(): 'master' | 'replica' {
    const note = join(this.dataDirectory, 'master.info');
    const [, , , host = ''] = existsSync(note) ? readFileSync(note, 'utf8').split('\n') : [];
    return host === '' ? 'master' : 'replica';
  }

  history(): History {
    return readHistory(this.logDirectory, this.#serverId());
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  processState(): 'running' | 'frozen' | 'unready' | 'stopped' {
    return this.#process.state();
  }

  /**
   * Starts the node and resolves when it accepts connections; thaws it when it runs already. A replica starts write-protected.
   *
   * @param options `readOnly`: so does a master that is to become one
   * @throws ClusterError with the end of the node's log when it does not come up, or when its port is taken.
   */
  async start(options: { readonly readOnly?: boolean } = {}): Promise<void> {
    const began = Date.now();
    const { pid } = this;
    if (pid === undefined) await this.#launch(options.readOnly ?? (this.#isFenced || this.role() === 'replica'));
    else {
      this.thaw();
      await this.#waitUntilReady(() => this.pid === undefined);
    }
    const ms = Date.now() - began;
    this.#options.log('node_started', { node: this.name, port: this.port, ms, adopted: pid !== undefined });
  }

  /** Throws this node's data away and starts it without any, as what it is to be. A replica has to be told then whom to follow. */
  async startEmpty(role: 'master' | 'replica'): Promise<void> {
    await this.kill();
    writeFileSync(this.#unfinished(), '');
    for (const folder of this.folders) rmSync(folder, { recursive: true, force: true });
    await copyEmptyData(this.dataDirectory, this.#options.setup);
    await this.start({ readOnly: role === 'replica' });
    if (role === 'master') rmSync(this.#unfinished());
  }

  async #launch(readOnly: boolean): Promise<void> {
    rmSync(this.#pidFile, { force: true });
    if (await isPortTaken(this.port)) {
      throw new ClusterError(
        `Port ${this.port} of ${this.name} is taken by another program. Stop that program and start again.`,
      );
    }
    this.#log.beginRun();
    const output = openSync(this.logFile, 'a');
    const { setup } = this.#options;
    makeLogFolder(this.logDirectory, setup);
    const own = {
      'log-bin': join(this.logDirectory, BINARY_LOG),
      'relay-log': join(this.logDirectory, 'relay'),
      datadir: this.dataDirectory,
      tmpdir: makeTemporary(this.dataDirectory, setup),
      port: String(this.port),
      'pid-file': this.#pidFile,
      'server-id': String(this.#serverId()),
      'read-only': readOnly ? '1' : '0',
    };
    const settings = { ...clusterOptions(setup.durable, setup.options), ...own };
    const child = spawn(
      setup.binaries.server,
      ['--no-defaults', ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`)],
      // In a session of its own: Ctrl-C in the terminal is for the launcher, which then stops things in order.
      { ...spawnOptions(setup), detached: true, stdio: ['ignore', output, output] },
    );
    closeSync(output);
    child.unref();
    let ended = false;
    child.once('error', () => (ended = true)).once('exit', () => (ended = true));
    await this.#waitUntilReady(() => ended);
  }

  async #waitUntilReady(hasEnded: () => boolean): Promise<void> {
    const deadline = Date.now() + START_LIMIT_MS;
    while (!this.#process.isReady(this.pid)) {
      if (hasEnded() || Date.now() > deadline)
        throw new ClusterError(`${this.name} did not start. The end of ${this.logFile}:\n${this.#log.tail()}`);
      await sleep(10);
    }
  }

  /** An orderly shutdown. Kills a node that does not end in 15 s. */
  async stopFast(): Promise<void> {
    this.thaw();
    if (await this.#process.end('SIGTERM', STOP_LIMIT_MS)) return;
    this.#options.log('node_stop_forced', { node: this.name });
    await this.kill();
  }

  /** Ends the node at once, as a crash of its machine would. */
  async kill(): Promise<void> {
    if (!(await this.#process.end('SIGKILL', STOP_LIMIT_MS))) throw new ClusterError(`${this.name} survived SIGKILL.`);
  }

  /** Like `kill`, without waiting for the end: for handlers of the process's exit. */
  killNow(): void {
    this.#process.signal('SIGKILL');
  }

  /** Stops the node in its tracks, as a hung machine: connections stay open and nothing answers. */
  freeze(): void {
    this.#process.signal('SIGSTOP');
  }

  thaw(): void {
    this.#process.signal('SIGCONT');
  }

  /** What it says of the master that it follows; undefined for a master. */
  async link(limitMs?: number): Promise<MariadbRow | undefined> {
    return (await queryMariadb(this.adminUrl(), ['SHOW REPLICA STATUS'], limitMs))[0];
  }

  /**
   * Makes this running replica a master, with all that it has received. Does not touch the other nodes.
   *
   * @throws ClusterError when it has not applied that in time; it then goes on as a replica.
   */
  async promote(): Promise<void> {
    await this.query('STOP REPLICA IO_THREAD');
    const link = await this.link();
    if (link?.['Slave_SQL_Running'] === 'Yes') await this.#applyReceived(link);
    // The statement goes into its log, as the first of its own: from then on it is known which master was the last.
    await this.query('STOP REPLICA', 'RESET REPLICA ALL', 'SET GLOBAL read_only = 0', 'FLUSH STATUS');
    this.#isFenced = false;
    this.#options.log('node_promoted', { node: this.name });
  }

  async #applyReceived(link: MariadbRow): Promise<void> {
    const limitMs = APPLY_LIMIT_MS + 1_000 * Number(link['SQL_Delay'] ?? 0);
    if (await this.#waitFor(sequenceOf(String(link['Gtid_IO_Pos'])), limitMs)) return;
    await this.query('START REPLICA IO_THREAD');
    throw new ClusterError(`${this.name} did not apply within ${limitMs / 1_000} s what it has received.`);
  }

  /**
   * Learns from the running node whether it refuses writes, after somebody else has fenced or promoted it. It keeps that
   * over a restart, as an administrator who writes `read_only` into its configuration file.
   */
  async refusesWrites(): Promise<boolean> {
    const [row] = await this.query('SELECT @@global.read_only AS fenced');
    this.#isFenced = Number(row?.['fenced']) !== 0;
    return this.#isFenced;
  }

  /** Makes this master refuse writes, or accept them again. */
  async setReadOnly(on: boolean): Promise<void> {
    await this.query(`SET GLOBAL read_only = ${on ? 1 : 0}`);
  }

  /**
   * Makes this running node a replica of `master`, from where it stands. `port` leads the replication connection elsewhere,
   * such as through a fault proxy.
   */
  async follow(master: MariadbNode, port: number = master.port): Promise<void> {
    // `current_pos`: a former master goes on after what it has written itself.
    await this.#pointTo(port, 'current_pos');
  }

  /** Follows a running `master` as in the beginning: at once, and by no detour. */
  async rejoin(master: MariadbNode): Promise<void> {
    await this.#pointTo(master.port, 'current_pos', 0);
  }

  async #pointTo(port: number, position: Position, delaySeconds?: number): Promise<void> {
    const delay = delaySeconds === undefined ? '' : `, master_delay = ${delaySeconds}`;
    const password = this.#options.setup.secrets.replication;
    await this.query(
      'SET GLOBAL read_only = 1',
      'STOP REPLICA',
      `CHANGE MASTER TO master_host = '127.0.0.1', master_port = ${port}, master_user = '${REPLICATION_USER}',
         master_password = '${password}', master_use_gtid = ${position}, master_connect_retry = 1,
         master_heartbeat_period = 0.5${delay}`,
      'START REPLICA',
    );
    rmSync(this.#unfinished(), { force: true });
  }

  /** How many transactions of the cluster's one sequence it has, its own as a master included. */
  async position(limitMs?: number): Promise<bigint> {
    const question = 'SELECT @@global.gtid_current_pos AS position';
    const [row] = await queryMariadb(this.adminUrl(), [question], limitMs);
    return sequenceOf(String(row?.['position']));
  }

  /** Stops applying received events (replica only); receiving goes on. */
  async pauseReplay(): Promise<void> {
    await this.query('STOP REPLICA SQL_THREAD');
  }

  async resumeReplay(): Promise<void> {
    await this.query('START REPLICA SQL_THREAD');
  }

  /**
   * Lets this running replica apply each transaction late; MariaDB knows whole seconds only. 0 = at once. What it has received and
   * not applied it asks of its master again.
   */
  async setApplyDelay(ms: number): Promise<void> {
    if (this.processState() !== 'running')
      throw new ClusterError(`${this.name} is ${this.processState()}: its delay can be set while it runs.`);
    await this.query('STOP REPLICA', `CHANGE MASTER TO master_delay = ${Math.ceil(ms / 1_000)}`, 'START REPLICA');
  }

  /** Cuts this replica off its master while clients still reach both. */
  async cutReplication(): Promise<void> {
    await this.#pointTo(NOWHERE, 'slave_pos');
  }

  /** Undoes `cutReplication`. */
  async restoreReplication(master: MariadbNode): Promise<void> {
    await this.#pointTo(master.port, 'slave_pos');
  }

  /** Throws this node's data away and makes it a replica of the running `master`, with a copy of its tables. */
  async rebuild(master: MariadbNode): Promise<void> {
    const began = Date.now();
    // A replica passes over events of its own number, and those of its former life are among what it must replay.
    writeFileSync(this.#serverIdFile(), String(this.#serverId() + 100));
    await this.startEmpty('replica');
    const database = APPLICATION_DATABASE;
    await copyTables(master.adminUrl(database), this.adminUrl(database), `${this.dataDirectory}.tmp`);
    await this.#pointTo(master.port, 'slave_pos');
    this.#options.log('node_rebuilt', { node: this.name, from: master.name, ms: Date.now() - began });
  }

  /** Resolves when this replica has applied what `master` has written until now. */
  async catchUp(master: MariadbNode, limitMs = 30_000): Promise<void> {
    const reached = await this.#waitFor(await master.position(), limitMs);
    if (!reached) throw new ClusterError(`${this.name} did not catch up with ${master.name}.`);
  }

  // Not by MASTER_GTID_WAIT, which leaves out what this node has written itself as a master.
  async #waitFor(wanted: bigint, limitMs: number): Promise<boolean> {
    const deadline = Date.now() + limitMs;
    while ((await this.position()) < wanted) {
      if (Date.now() > deadline) return false;
      await sleep(10);
    }
    return true;
  }

  /** There while the data are not complete. Beside them: the server would take it for a file of its own. */
  #unfinished(): string {
    return `${this.dataDirectory}.unfinished`;
  }

  #serverIdFile(): string {
    return `${this.dataDirectory}.server-id`;
  }

  #serverId(): number {
    const file = this.#serverIdFile();
    return existsSync(file) ? Number(readFileSync(file, 'utf8')) : this.#options.serverId;
  }
}
