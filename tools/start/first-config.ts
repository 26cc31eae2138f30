import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import type { Cluster } from '../cluster/index.ts';

/** The comma-separated list that `SqlSettings.DataSource` takes: the master, then the replicas. */
export function dataSourceList(cluster: Cluster): string {
  return [cluster.master(), ...cluster.replicas()].map((node) => node.url()).join(',');
}

/**
 * Writes the configuration of a first start; an existing file is never touched.
 *
 * @returns `written`, `kept`, or `foreign` when the existing file names none of this cluster's databases.
 */
export function writeFirstConfig(path: string, cluster: Cluster): 'written' | 'kept' | 'foreign' {
  if (existsSync(path)) return namesAny(path, cluster) ? 'kept' : 'foreign';
  const config = { SqlSettings: { DriverName: 'postgres', DataSource: dataSourceList(cluster) } };
  mkdirSync(dirname(path), { recursive: true });
  // It holds a password.
  writeFileSync(path, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return 'written';
}

function namesAny(path: string, cluster: Cluster): boolean {
  const text = readFileSync(path, 'utf8');
  return cluster.nodes.some((node) => text.includes(String(node.port)));
}
