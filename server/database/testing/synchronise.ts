import type { DriverName } from '../data-source/data-source.ts';
import type { FaultyCluster } from './replicated.ts';

/** A master and the replicas of which each commit on it waits for one. */
interface Confirming {
  readonly master: string;
  readonly replicas: readonly string[];
}

async function run(cluster: FaultyCluster, node: string, statements: readonly string[]): Promise<void> {
  for (const sql of statements) await cluster.node(node).query(sql);
}

const engines: Readonly<Record<DriverName, (cluster: FaultyCluster, nodes: Confirming) => Promise<void>>> = {
  async postgres(cluster, { master, replicas }) {
    const names = replicas.map((node) => `"${cluster.node(node).name}"`).join(', ');
    await run(cluster, master, [
      `ALTER SYSTEM SET synchronous_standby_names = 'FIRST 1 (${names})'`,
      'SELECT pg_reload_conf()',
    ]);
  },
  async mysql(cluster, { master, replicas }) {
    for (const node of replicas) {
      await run(cluster, node, ['SET GLOBAL rpl_semi_sync_slave_enabled = 1', 'STOP REPLICA', 'START REPLICA']);
    }
    await run(cluster, master, [
      "SET GLOBAL rpl_semi_sync_master_wait_point = 'AFTER_SYNC'",
      'SET GLOBAL rpl_semi_sync_master_timeout = 3600000',
      'SET GLOBAL rpl_semi_sync_master_enabled = 1',
    ]);
  },
};

/** Lets each commit on the master wait for one of the replicas, for ever. */
export function synchronise(engine: DriverName, cluster: FaultyCluster, nodes: Confirming): Promise<void> {
  return engines[engine](cluster, nodes);
}
