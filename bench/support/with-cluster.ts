import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, createCluster } from '../../tools/cluster/index.ts';

const NAMES = ['pg-a', 'pg-b', 'pg-c'];

/** Runs `work` on a cluster of its own. Durable, unlike the tests' clusters: a commit that does not reach the disk proves nothing. */
export async function withCluster<T>(replicas: 0 | 1 | 2, work: (cluster: Cluster) => Promise<T>): Promise<T> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'holdfast-bench-')));
  // The databases' user must pass through it when the benchmark runs as root.
  await chmod(directory, 0o755);
  const cluster = await createCluster({ directory, nodes: NAMES.slice(0, 1 + replicas), durable: true });
  const abandon = (): void => cluster.killNow();
  process.once('exit', abandon);
  try {
    await cluster.start();
    return await work(cluster);
  } finally {
    await cluster.stop();
    process.off('exit', abandon);
    await rm(cluster.dataRoot, { recursive: true, force: true });
    await rm(directory, { recursive: true, force: true });
  }
}
