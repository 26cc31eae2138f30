import { readFileSync } from 'node:fs';
import { queryMariadb } from '../../../tools/cluster/mariadb/session.ts';
import { startMariadbCluster } from '../../../tools/cluster/mariadb/testing.ts';
import { queryOnce } from '../../../tools/cluster/session.ts';
import { startTestCluster } from '../../../tools/cluster/testing.ts';
import type { Cluster } from '../../../tools/cluster/index.ts';
import type { Row } from '../row.ts';
import type { DriverName } from '../data-source/data-source.ts';
import { type DatabaseLayer, type DatabaseLayerDeps, type LayerEvent, openDatabase } from '../index.ts';
import { createLedger } from './ledger.ts';
import { testSettings } from './test-settings.ts';

/** A cluster of a test's own with the layer opened over it, and a ledger table in it. */
export interface Replicated<C = Cluster> {
  readonly cluster: C;
  readonly layer: DatabaseLayer;
  readonly events: LayerEvent[];
  /** Settings with these nodes, the first one the master. */
  settings(nodes: readonly string[], overrides?: Readonly<Record<string, unknown>>): ReturnType<typeof testSettings>;
  /** The row of a node in the status. */
  source(node: string): ReturnType<DatabaseLayer['control']['status']>['sources'][number];
  stop(): Promise<void>;
}

/** Waits until `check` is true; fails with `what` after `limitMs`. */
export async function until(what: string, check: () => boolean | Promise<boolean>, limitMs = 20_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`It did not happen within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

interface ReplicatedOptions {
  readonly replicas?: number;
  /** The nodes that the layer starts with; default all. */
  readonly open?: readonly string[];
  readonly overrides?: Readonly<Record<string, unknown>>;
  readonly deps?: DatabaseLayerDeps;
  /** Options of the servers, where they are MariaDB's. */
  readonly mariadb?: Readonly<Record<string, string>>;
}

/**
 * Starts a PostgreSQL master `pg-a` and replicas `pg-b`, `pg-c`, ... and opens the layer: for what this engine has alone.
 */
export async function startReplicated(options: ReplicatedOptions = {}): Promise<Replicated> {
  const { cluster, stop } = await startTestCluster({ replicas: options.replicas ?? 2 });
  return openOver({ cluster, names: cluster.nodes.map(({ name }) => name), stop }, options);
}

/** What a test of both engines may do to a node. */
export interface FaultyNode {
  readonly name: string;
  readonly dataDirectory: string;
  readonly port: number;
  readonly logFile: string;
  url(): string;
  adminUrl(database?: string): string;
  query(statement: string): Promise<readonly Row[]>;
  start(): Promise<void>;
  stopFast(): Promise<void>;
  kill(): Promise<void>;
  freeze(): void;
  thaw(): void;
  promote(): Promise<void>;
  follow(master: FaultyNode): Promise<void>;
  rebuild(master: FaultyNode): Promise<void>;
  pauseReplay(): Promise<void>;
  resumeReplay(): Promise<void>;
  setApplyDelay(ms: number): void | Promise<void>;
  cutReplication(): void | Promise<void>;
  restoreReplication(master: FaultyNode): Promise<void>;
  setReadOnly(on: boolean): Promise<void>;
  /** As superuser. */
  query(sql: string): Promise<unknown>;
}

export interface FaultyCluster {
  node(name: string): FaultyNode;
}

const letters = ['a', 'b', 'c', 'd'];

/** The databases of either engine, without the layer: `a`, the master, and its replicas `b`, `c`, ... */
export async function startNodes(
  engine: DriverName,
  replicas: number,
  mariadb: ReplicatedOptions['mariadb'] = {},
): Promise<{ cluster: FaultyCluster; stop(): Promise<void> }> {
  const { cluster, stop } =
    engine === 'postgres'
      ? await startTestCluster({ replicas })
      : await startMariadbCluster({ replicas, options: mariadb });
  const prefix = engine === 'postgres' ? 'pg' : 'my';
  return { cluster: { node: (letter) => cluster.node(`${prefix}-${letter}`) }, stop };
}

/**
 * The same over either engine, for suites that both must pass. Its nodes are called `a` (the first master), `b`, `c`.
 */
export async function startReplicatedOn(
  engine: DriverName,
  options: ReplicatedOptions = {},
): Promise<Replicated<FaultyCluster>> {
  const replicas = options.replicas ?? 2;
  const { cluster, stop } = await startNodes(engine, replicas, options.mariadb);
  const names = letters.slice(0, 1 + replicas);
  return openOver({ cluster, names, stop }, options);
}

async function hasLedger(url: string): Promise<boolean> {
  const question = 'SELECT 1 FROM ledger';
  try {
    await (url.startsWith('mysql:') ? queryMariadb(url, [question]) : queryOnce(url, question));
    return true;
  } catch {
    return false;
  }
}

function endOf(logFile: string): string {
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
}

async function openOver<C extends FaultyCluster>(
  { cluster, names, stop }: { cluster: C; names: readonly string[]; stop(): Promise<void> },
  options: ReplicatedOptions,
): Promise<Replicated<C>> {
  const settings: Replicated['settings'] = (nodes, overrides = {}) =>
    testSettings(nodes.map((node) => cluster.node(node).url()).join(','), { ...options.overrides, ...overrides });
  const opened = options.open ?? names;
  const layer = await openDatabase(settings(opened), options.deps).catch(async (cause: unknown) => {
    // The cluster's folder goes with it, and with the folder what the databases have to say.
    const logs = opened.map((name) => `${name}:\n${endOf(cluster.node(name).logFile)}`);
    await stop();
    throw new Error(`The layer does not open: ${String(cause)}\n${logs.join('\n')}`, { cause });
  });
  await createLedger(layer);
  // A replica that has not even replayed the making of the database joins later.
  const serving = () => layer.control.status().sources.every(({ health }) => health === 'online');
  await until('all databases serve', serving);
  // A test may kill the master at once, and no journal brings over the making of a table.
  for (const name of names) {
    const node = cluster.node(name);
    await until(`${node.name} has the ledger`, () => hasLedger(node.url()));
  }
  const events: LayerEvent[] = [];
  layer.control.subscribe((event) => events.push(event));
  return {
    cluster,
    layer,
    events,
    settings,
    source(node) {
      const { port } = cluster.node(node);
      const found = layer.control.status().sources.find((one) => one.port === port);
      if (found === undefined) throw new Error(`${node} is not in the topology.`);
      return found;
    },
    async stop() {
      await layer.close(1_000);
      await stop();
    },
  };
}
