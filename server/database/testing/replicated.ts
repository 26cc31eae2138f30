import { startTestCluster } from '../../../tools/cluster/testing.ts';
import type { Cluster } from '../../../tools/cluster/index.ts';
import { type DatabaseLayer, type DatabaseLayerDeps, type LayerEvent, openDatabase } from '../index.ts';
import { createLedger } from './ledger.ts';
import { testSettings } from './test-settings.ts';

/** A cluster of a test's own with the layer opened over it, and a ledger table in it. */
export interface Replicated {
  readonly cluster: Cluster;
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

/**
 * Starts a master `pg-a` and replicas `pg-b`, `pg-c`, ... and opens the layer.
 *
 * @param open the nodes that the layer starts with; default all.
 */
export async function startReplicated(
  options: {
    replicas?: number;
    open?: readonly string[];
    overrides?: Readonly<Record<string, unknown>>;
    deps?: DatabaseLayerDeps;
  } = {},
): Promise<Replicated> {
  const { cluster, stop } = await startTestCluster({ replicas: options.replicas ?? 2 });
  const settings: Replicated['settings'] = (nodes, overrides = {}) =>
    testSettings(nodes.map((node) => cluster.node(node).url()).join(','), { ...options.overrides, ...overrides });
  const names = ['pg-a', 'pg-b', 'pg-c', 'pg-d'].slice(0, 1 + (options.replicas ?? 2));
  const layer = await openDatabase(settings(options.open ?? names), options.deps);
  await createLedger(layer);
  // A replica that has not even replayed the making of the database joins later.
  const serving = () => layer.control.status().sources.every(({ health }) => health === 'online');
  await until('all databases serve', serving);
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
