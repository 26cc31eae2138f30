import { pause } from '../clock.ts';
import type { DataSource } from '../data-source/data-source.ts';
import type {
  Connector,
  Dialect,
  DriverStatement,
  ProbeReading,
  ResultSet,
  SynchronousMode,
} from '../dialect/dialect.ts';
import { PipelinedConnection } from '../dialect/pipelined-connection.ts';
import { normalizeLsn } from '../dialect/postgres-positions.ts';
import { postgresDialect } from '../dialect/postgres.ts';
import type { Row } from '../row.ts';
import { fakeSwitching } from './fake-switching.ts';
import type { ManualClock } from './manual-clock.ts';

const lsn = (position: number): string => `0/${position.toString(16)}`;
const refusal = (code: string, text: string): Error => Object.assign(new Error(text), { code, severity: 'ERROR' });
const terminated = (): Error => new Error('Connection terminated unexpectedly');

/**
 * A database that exists in memory: a log of ids with positions, a role, a timeline, and ways to fail. It behaves as
 * far as the layer can tell: what it has executed may stay unanswered, and a promotion counts on from where it stood.
 */
export class FakeServer {
  readonly name: string;
  role: 'master' | 'replica' | 'read-only';
  state: 'up' | 'down' | 'silent' = 'up';
  /** We do not reach it; whoever else works with it does. */
  isCutOff = false;
  upstream: FakeServer | undefined;
  timeline = 1;
  position = 0x100;
  /** Last position taken over as a replica. */
  replayed: number | null = null;
  log: { id: string; position: number }[] = [];
  instance = 1;
  readonly connections = new Set<FakeConnection>();
  /** Each commit waits for one of these, for ever; none: it waits for nobody. */
  confirmers: readonly FakeServer[] = [];
  /** Called with each write that reaches this server outside of a transaction. */
  onWrite: (server: FakeServer) => void = () => undefined;
  /** Writes do not end, while it answers everything else. */
  writesHang = false;
  #awake: (() => void)[] = [];
  #going: (() => void)[] = [];

  constructor(name: string, upstream?: FakeServer) {
    this.name = name;
    this.upstream = upstream;
    this.role = upstream === undefined ? 'master' : 'replica';
  }

  has(id: string): boolean {
    return this.log.some((entry) => entry.id === id);
  }

  set(state: 'up' | 'down' | 'silent'): void {
    if (state === 'down') {
      if (this.state !== 'down') this.instance += 1;
      for (const connection of this.connections) connection.destroy();
      if (this.role !== 'replica') this.replayed = null;
    }
    this.state = state;
    if (state === 'up') this.isCutOff = false;
    if (state !== 'silent') for (const wake of this.#awake.splice(0)) wake();
  }

  cutOff(): void {
    this.isCutOff = true;
    for (const connection of this.connections) connection.destroy();
  }

  awake(): Promise<void> {
    if (this.state !== 'silent') return Promise.resolve();
    return new Promise((resolve) => this.#awake.push(resolve));
  }

  /** Lets writes end again, or not any more. */
  hangWrites(on: boolean): void {
    this.writesHang = on;
    if (!on) for (const go of this.#going.splice(0)) go();
  }

  canWrite(): Promise<void> {
    if (!this.writesHang) return Promise.resolve();
    return new Promise((resolve) => this.#going.push(resolve));
  }

  /** Takes over everything from upstream; a timeline that branched off behind our back cannot be followed. */
  replicate(): void {
    const from = this.upstream;
    if (this.role !== 'replica' || this.state !== 'up' || from?.state !== 'up' || from.timeline !== this.timeline)
      return;
    this.log = [...from.log];
    this.position = from.position;
    this.replayed = from.position;
  }

  promote(): void {
    if (this.role !== 'replica') return;
    this.role = 'master';
    this.replayed = this.position;
    this.timeline += 1;
    this.upstream = undefined;
  }

  /** Gives what it has to one of its confirmers, by turns; false while none of them follows. */
  confirm(): boolean {
    const following = this.confirmers.filter(({ state, role, upstream, timeline }) => {
      return state === 'up' && role === 'replica' && upstream === this && timeline === this.timeline;
    });
    const turn = (this.position / 16) % Math.max(1, following.length);
    following[turn]?.replicate();
    return following.length > 0;
  }

  /** Becomes a fresh copy of another master. */
  rebuildFrom(master: FakeServer): void {
    this.set('down');
    this.role = 'replica';
    this.upstream = master;
    this.timeline = master.timeline;
    this.set('up');
    this.replicate();
  }

  insert(id: string): void {
    if (this.role !== 'master') throw refusal('25006', 'cannot execute INSERT in a read-only transaction');
    if (this.has(id)) return;
    this.position += 16;
    this.log.push({ id, position: this.position });
  }

  answer({ text }: DriverStatement, values: readonly unknown[]): Row[] {
    if (text === 'probe') return [{ reading: this.#reading() }];
    if (text === 'switching') return [];
    if (text.startsWith('INSERT')) {
      this.insert(String(values[0]));
      return [];
    }
    if (text.includes('pg_last_wal_replay_lsn')) {
      return [{ position: this.replayed === null ? null : lsn(this.replayed) }];
    }
    if (text.includes('pg_current_wal_flush_lsn')) {
      if (this.role === 'replica') throw refusal('55000', 'recovery is in progress');
      return [{ position: lsn(this.position) }];
    }
    return this.has(String(values[0])) ? [{ id: values[0] }] : [];
  }

  #synchronous(): SynchronousMode {
    const connected = this.confirmers.filter(({ upstream, state }) => upstream === this && state === 'up').length;
    const confirmers = this.confirmers.map(({ name }) => name);
    return { required: 1, connected, weakened: false, confirmers, gap: '' };
  }

  #reading(): ProbeReading {
    return {
      role: this.role,
      position: normalizeLsn(lsn(this.position)),
      receiving: this.role !== 'replica' || (this.upstream?.state === 'up' && this.upstream.timeline === this.timeline),
      replayPaused: false,
      timeline: this.timeline,
      clusterId: '7001',
      instance: `${this.name} ${this.instance}`,
      version: '18',
      versionNumber: 180_000,
      connectionsAllowed: 100,
      connectionsUsed: 1,
      durability: this.confirmers.length > 0 ? 'synchronous' : 'asynchronous',
      ...(this.confirmers.length > 0 ? { synchronous: this.#synchronous() } : {}),
    };
  }
}

/** A connection to a fake server: answers in order, a little later, and may die between doing and answering. */
class FakeConnection extends PipelinedConnection {
  usable = true;
  readonly server: FakeServer;
  readonly #clock: ManualClock;
  readonly #waiting = new Set<(error: Error) => void>();
  #tail: Promise<unknown> = Promise.resolve();
  #transaction: { ids: string[]; failed: boolean } | undefined;

  constructor(server: FakeServer, clock: ManualClock) {
    super();
    this.server = server;
    this.#clock = clock;
    server.connections.add(this);
  }

  execute(statement: DriverStatement, values: readonly unknown[], timeoutMs: number): Promise<ResultSet> {
    if (statement.text.startsWith('INSERT') && statement.name === 'model.add' && !this.#opensTransaction) {
      this.server.onWrite(this.server);
    }
    if (statement.text === 'BEGIN') this.#opensTransaction = true;
    const turn = this.#tail.then(() => this.#answer(statement, values));
    this.#tail = turn.catch(() => undefined);
    return new Promise((resolve, reject) => {
      const settle = (end: () => void): void => {
        cancel();
        this.#waiting.delete(fail);
        end();
      };
      const fail = (error: Error): void => settle(() => reject(error));
      const cancel = this.#clock.after(timeoutMs, () => {
        fail(new Error('Query read timeout'));
        this.destroy();
      });
      this.#waiting.add(fail);
      turn.then((result) => settle(() => resolve(result)), fail);
    });
  }

  #opensTransaction = false;

  async #answer(statement: DriverStatement, values: readonly unknown[]): Promise<ResultSet> {
    await pause(this.#clock, 1);
    await this.server.awake();
    if (statement.text.startsWith('INSERT')) await this.server.canWrite();
    if (!this.usable) throw terminated();
    const before = this.server.position;
    const result = this.#run(statement, values);
    await pause(this.#clock, 1);
    while (this.server.position > before && this.server.confirmers.length > 0 && this.usable) {
      if (this.server.confirm()) break;
      await pause(this.#clock, 10);
    }
    if (!this.usable) throw terminated();
    return result;
  }

  #run(statement: DriverStatement, values: readonly unknown[]): ResultSet {
    const transaction = this.#transaction;
    if (statement.text === 'BEGIN') {
      this.#transaction = { ids: [], failed: false };
      return { rows: [], command: 'BEGIN' };
    }
    if (transaction === undefined) return { rows: this.server.answer(statement, values), command: 'SELECT' };
    if (statement.text !== 'COMMIT') {
      transaction.ids.push(String(values[0]));
      return { rows: [], command: 'INSERT' };
    }
    this.#transaction = undefined;
    for (const id of transaction.ids) this.server.insert(id);
    return { rows: [], command: 'COMMIT' };
  }

  together<T>(send: () => T): T {
    return send();
  }

  async close(): Promise<void> {
    this.destroy();
  }

  destroy(): void {
    this.usable = false;
    this.server.connections.delete(this);
    for (const fail of this.#waiting) fail(terminated());
  }
}

/** The dialect that speaks to these servers, found by the host of a data source. */
export function fakeDialect(servers: readonly FakeServer[], clock: ManualClock): Dialect {
  const connector = (source: DataSource, options: { connectTimeoutMs: number }): Connector => ({
    async open() {
      const server = servers.find(({ name }) => name === source.hosts[0].host);
      if (server === undefined) throw new Error('The test names an unknown server.');
      await pause(clock, 1);
      const late = pause(clock, options.connectTimeoutMs).then(() => {
        throw new Error('timeout expired');
      });
      late.catch(() => undefined);
      await Promise.race([server.awake(), late]);
      if (server.state === 'down' || server.isCutOff)
        throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      return new FakeConnection(server, clock);
    },
  });
  return {
    ...postgresDialect,
    connector,
    switching: fakeSwitching(servers, (connection) => (connection as FakeConnection).server),
    async probe(connection, timeoutMs) {
      const { rows } = await connection.execute({ text: 'probe' }, [], timeoutMs);
      return rows[0]?.['reading'] as ProbeReading;
    },
    whyStalled: async () => 'They hang.',
    async readDisk() {
      const space = { unknown: 'A database in memory has no disk.' };
      return { databaseBytes: null, logBytes: null, logFolder: '.', space, logSpace: null, slots: [] };
    },
    async proveWritable(connection, timeoutMs) {
      await connection.execute({ text: 'INSERT verify' }, ['verify'], timeoutMs);
    },
  };
}
