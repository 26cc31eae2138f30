import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import type { Cluster, ClusterNode } from '../cluster/index.ts';

/** The comma-separated list that `SqlSettings.DataSource` takes: the master, then the replicas. */
function dataSourceList(cluster: Cluster): string {
  return [cluster.master(), ...cluster.replicas()].map((node) => node.url()).join(',');
}

/** Writes the configuration of a first start. False when there is one already: that is never touched. */
export function writeFirstConfig(path: string, cluster: Cluster): boolean {
  if (existsSync(path)) return false;
  const config = { SqlSettings: { DriverName: 'postgres', DataSource: dataSourceList(cluster) } };
  mkdirSync(dirname(path), { recursive: true });
  // It holds a password.
  writeFileSync(path, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return true;
}

/**
 * The node that a list of data sources names first, and which the server will therefore take for the master. Undefined when it names
 * none. By the port alone: the nodes are the only ones on their ports, and validating the list is the server's business.
 */
export function firstNamedNode<N extends Pick<ClusterNode, 'port'>>(list: string, nodes: readonly N[]): N | undefined {
  for (const [, port] of list.matchAll(/[:=\s](\d{2,5})\b/g)) {
    const named = nodes.find((node) => node.port === Number(port));
    if (named !== undefined) return named;
  }
  return undefined;
}

/** `SqlSettings.DataSource` as the server will see it; empty when it cannot be read, of which the server tells more. */
export function configuredList(path: string, environment: NodeJS.ProcessEnv = process.env): string {
  const override = environment['MM_SQLSETTINGS_DATASOURCE'];
  if (override !== undefined) return override;
  try {
    const config = JSON.parse(readFileSync(path, 'utf8')) as { SqlSettings?: { DataSource?: unknown } };
    return String(config.SqlSettings?.DataSource ?? '');
  } catch {
    return '';
  }
}
