import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { ClusterError } from '../errors.ts';
import { isPortTaken } from '../ports.ts';
import { APPLICATION_DATABASE, APPLICATION_USER, REPLICATION_USER, SUPERUSER } from '../state.ts';
import { copyTables } from './copy.ts';
import { makeLogFolder, makeTemporary, type MariadbSetup, spawnOptions } from './data.ts';
import { type MariadbRow, queryMariadb } from './session.ts';

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;
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
  /** Makes an empty data folder: for the first start, and to begin again from the first event. */
  readonly makeData: (to: string) => Promise<void>;
}

// Written at each commit, flushed by the system: nothing is lost by killing processes, only by a crash of the machine.
const OPTIONS: Readonly<Record<string, string>> = {
  'bind-address': '127.0.0.1',
  'skip-name-resolve': '1',
  'log-slave-updates': '1',
  'binlog-format': 'ROW',
  'gtid-strict-mode': '1',
  'slave-net-timeout': '2',
  'skip-slave-start': '0',
  'max-connections': '200',
  'performance-schema': '0',
  'innodb-buffer-pool-size': '32M',
  'innodb-log-file-size': '16M',
  'innodb-flush-log-at-trx-commit': '2',
  'innodb-doublewrite': '0',
  'sync-binlog': '0',
};

/** One MariaDB server of a test's cluster, with the faults that the nodes of a PostgreSQL cluster have. */
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
  /** Whether it starts write-protected. Kept here, as an administrator keeps it in the server's own file. */
  #isReplica = false;
  /** How often its data were thrown away. */
  #rebuilt = 0;

  constructor(options: MariadbNodeOptions) {
    this.name = options.name;
    this.port = options.port;
    this.dataDirectory = join(options.setup.dataRoot, options.name);
    this.logDirectory = `${this.dataDirectory}.log`;
    this.logFile = join(options.directory, `${options.name}.log`);
    this.#options = options;
    // Its name marks the process, see the guard.
    this.#pidFile = join(this.dataDirectory, `holdfast-${options.clusterId}-${options.name}.pid`);
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

  role(): 'master' | 'replica' {
    return this.#isReplica ? 'replica' : 'master';
  }

  get pid(): number | undefined {
    if (!existsSync(this.#pidFile)) return undefined;
    const pid = Number(readFileSync(this.#pidFile, 'utf8').trim());
    return commandOf(pid).includes(this.#pidFile) ? pid : undefined;
  }

  /** Starts the node and resolves when it accepts connections; thaws it when it runs already. */
  async start(): Promise<void> {
    if (this.pid === undefined) await this.#launch();
    else this.thaw();
  }

  async #launch(): Promise<void> {
    if (!existsSync(this.dataDirectory)) await this.#options.makeData(this.dataDirectory);
    rmSync(this.#pidFile, { force: true });
    if (await isPortTaken(this.port)) throw new ClusterError(`Port ${this.port} of ${this.name} is taken.`);
    const output = openSync(this.logFile, 'a');
    makeLogFolder(this.logDirectory, this.#options.setup);
    const own = {
      'log-bin': join(this.logDirectory, 'binlog'),
      'relay-log': join(this.logDirectory, 'relay'),
      datadir: this.dataDirectory,
      tmpdir: makeTemporary(this.dataDirectory, this.#options.setup),
      port: String(this.port),
      socket: join(this.dataDirectory, 'socket'),
      'pid-file': this.#pidFile,
      // A replica passes over events of its own number, and those of its former life are among what it must replay.
      'server-id': String(this.#options.serverId + 100 * this.#rebuilt),
      'read-only': this.#isReplica ? '1' : '0',
    };
    const settings = { ...OPTIONS, ...this.#options.setup.options, ...own };
    const child = spawn(
      this.#options.setup.binaries.server,
      ['--no-defaults', ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`)],
      { ...spawnOptions(this.#options.setup), detached: true, stdio: ['ignore', output, output] },
    );
    closeSync(output);
    child.unref();
    let ended = false;
    child.once('error', () => (ended = true)).once('exit', () => (ended = true));
    await this.#waitUntilReady(() => ended);
  }

  async #waitUntilReady(hasEnded: () => boolean): Promise<void> {
    const deadline = Date.now() + START_LIMIT_MS;
    for (;;) {
      // It writes its pid file last, when it listens.
      if (existsSync(this.#pidFile) && this.pid !== undefined) return;
      if (hasEnded() || Date.now() > deadline) {
        const tail = readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-12).join('\n');
        throw new ClusterError(`${this.name} did not start. The end of ${this.logFile}:\n${tail}`);
      }
      await sleep(10);
    }
  }

  /** An orderly shutdown. Kills a node that does not end in 15 s. */
  async stopFast(): Promise<void> {
    const { pid } = this;
    this.thaw();
    this.#signal('SIGTERM');
    if (!(await waitForEnd(pid, STOP_LIMIT_MS))) await this.kill();
  }

  /** Ends the node at once, as a crash of its machine would. */
  async kill(): Promise<void> {
    const { pid } = this;
    this.killNow();
    if (!(await waitForEnd(pid, STOP_LIMIT_MS))) throw new ClusterError(`${this.name} survived SIGKILL.`);
  }

  /** Like `kill`, without waiting for the end: for handlers of the process's exit. */
  killNow(): void {
    this.#signal('SIGKILL');
  }

  /** Stops the node in its tracks, as a hung machine: connections stay open and nothing answers. */
  freeze(): void {
    this.#signal('SIGSTOP');
  }

  thaw(): void {
    this.#signal('SIGCONT');
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this;
    if (pid !== undefined) process.kill(pid, signal);
  }

  /** Makes this running replica a master, with all that it has received. Does not touch the other nodes. */
  async promote(): Promise<void> {
    await this.query('STOP REPLICA IO_THREAD');
    const [link] = await this.query('SHOW REPLICA STATUS');
    if (link?.['Slave_SQL_Running'] === 'Yes') {
      await this.#waitFor(String(link['Gtid_IO_Pos']), 10_000);
    }
    await this.query('STOP REPLICA', 'RESET REPLICA ALL', 'SET GLOBAL read_only = 0');
    this.#isReplica = false;
  }

  /**
   * Learns from the running node what it is, after somebody else has changed its role; a fenced master counts as a replica.
   * It keeps that over a restart, as an administrator who writes `read_only` into its configuration file.
   */
  async recogniseRole(): Promise<void> {
    const [row] = await this.query('SELECT @@global.read_only AS locked');
    this.#isReplica = Number(row?.['locked']) !== 0;
  }

  /** Makes this master refuse writes, or accept them again. */
  async setReadOnly(on: boolean): Promise<void> {
    await this.query(`SET GLOBAL read_only = ${on ? 1 : 0}`);
  }

  /**
   * Makes this node a replica of `master`, from where it stands. `port` leads the replication connection elsewhere,
   * such as through a fault proxy.
   */
  async follow(master: MariadbNode, port: number = master.port): Promise<void> {
    // `current_pos`: a former master goes on after what it has written itself.
    await this.#pointTo(port, 'current_pos');
  }

  async #pointTo(port: number, position: 'current_pos' | 'slave_pos'): Promise<void> {
    this.#isReplica = true;
    const password = this.#options.setup.secrets.replication;
    await this.query(
      'SET GLOBAL read_only = 1',
      'STOP REPLICA',
      `CHANGE MASTER TO master_host = '127.0.0.1', master_port = ${port}, master_user = '${REPLICATION_USER}',
         master_password = '${password}', master_use_gtid = ${position}, master_connect_retry = 1,
         master_heartbeat_period = 0.5`,
      'START REPLICA',
    );
  }

  /** Stops applying received events (replica only); receiving goes on. */
  async pauseReplay(): Promise<void> {
    await this.query('STOP REPLICA SQL_THREAD');
  }

  async resumeReplay(): Promise<void> {
    await this.query('START REPLICA SQL_THREAD');
  }

  /** Lets the replica apply each transaction late; MariaDB knows whole seconds only. 0 = at once. */
  async setApplyDelay(ms: number): Promise<void> {
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
    await this.kill();
    for (const folder of [this.dataDirectory, this.logDirectory]) rmSync(folder, { recursive: true, force: true });
    this.#rebuilt += 1;
    this.#isReplica = true;
    await this.start();
    const database = APPLICATION_DATABASE;
    await copyTables(master.adminUrl(database), this.adminUrl(database), `${this.dataDirectory}.tmp`);
    await this.#pointTo(master.port, 'slave_pos');
  }

  /** Resolves when this replica has applied what `master` has written until now. */
  async catchUp(master: MariadbNode, limitMs = 30_000): Promise<void> {
    const [row] = await master.query('SELECT @@global.gtid_binlog_pos AS position');
    const reached = await this.#waitFor(String(row?.['position']), limitMs);
    if (!reached) throw new ClusterError(`${this.name} did not catch up with ${master.name}.`);
  }

  async #waitFor(position: string, limitMs: number): Promise<boolean> {
    const [waited] = await this.query(`SELECT MASTER_GTID_WAIT('${position}', ${limitMs / 1_000}) AS reached`);
    return waited?.['reached'] === 0;
  }
}

/** Waits until a process is gone. Its arguments are the first thing that it loses, its ports and locks the last. */
async function waitForEnd(pid: number | undefined, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (pid !== undefined && isThere(pid)) {
    if (Date.now() > deadline) return false;
    await sleep(10);
  }
  return true;
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The arguments of a process, empty when there is none. */
function commandOf(pid: number): string {
  try {
    if (!existsSync('/proc/self/stat')) {
      return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    }
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
