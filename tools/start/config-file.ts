import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { type EmbeddedCluster, type EmbeddedNode, type Engine, engines, readPorts } from '../cluster/index.ts';
import type { Places } from './places.ts';

/** The comma-separated list that `SqlSettings.DataSource` takes: the master, then the replicas. */
function dataSourceList(cluster: EmbeddedCluster): string {
  return [cluster.master(), ...cluster.replicas()].map((node) => node.url()).join(',');
}

/** What became of `config.json`. */
export interface ConfigProvision {
  /** `kept`: it was there. `written`: it is new. `restored`: it is the one that was put aside. */
  readonly outcome: 'kept' | 'written' | 'restored';
  /** The other engine, whose databases it named until now; that file is `keptConfig`. */
  readonly aside: Engine | undefined;
}

/** Where the configuration of an engine is kept while the other one is in use. */
export function keptConfig(path: string, engine: Engine): string {
  return `${path.replace(/\.json$/, '')}.${engine}.json`;
}

/**
 * Provides the configuration for an engine's databases. One that names the other engine's is put aside, and comes back with that
 * engine; what else it sets goes over into the new one. One that names neither is never touched.
 */
export function provideConfig(
  { config: path, clusters }: Places,
  engine: Engine,
  cluster: EmbeddedCluster,
): ConfigProvision {
  const list = listIn(path);
  const names = (one: Engine): boolean =>
    firstNamedNode(
      list,
      readPorts(clusters[one]).map((port) => ({ port })),
    ) !== undefined;
  const aside = names(engine) ? undefined : engines.find((other) => other !== engine && names(other));
  if (existsSync(path) && aside === undefined) return { outcome: 'kept', aside };
  const settings = aside === undefined ? {} : settingsIn(path);
  if (aside !== undefined) putAside(path, keptConfig(path, aside));
  if (existsSync(keptConfig(path, engine))) {
    renameSync(keptConfig(path, engine), path);
    return { outcome: 'restored', aside };
  }
  const config = { ...settings, SqlSettings: { DriverName: engine, DataSource: dataSourceList(cluster) } };
  mkdirSync(dirname(path), { recursive: true });
  // It holds a password.
  writeFileSync(path, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return { outcome: 'written', aside };
}

function putAside(path: string, kept: string): void {
  if (existsSync(kept)) renameSync(kept, `${kept}.bak`);
  renameSync(path, kept);
}

/**
 * The node that a list of data sources names first, and which the server will therefore take for the master. Undefined when it names
 * none. By the port alone: the nodes are the only ones on their ports, and validating the list is the server's business.
 */
export function firstNamedNode<N extends Pick<EmbeddedNode, 'port'>>(list: string, nodes: readonly N[]): N | undefined {
  for (const [, port] of list.matchAll(/[:=\s](\d{2,5})\b/g)) {
    const named = nodes.find((node) => node.port === Number(port));
    if (named !== undefined) return named;
  }
  return undefined;
}

/** `SqlSettings.DataSource` as the server will see it; empty when it cannot be read, of which the server tells more. */
export function configuredList(path: string, environment: NodeJS.ProcessEnv = process.env): string {
  const override = environment['MM_SQLSETTINGS_DATASOURCE'];
  return override ?? listIn(path);
}

function listIn(path: string): string {
  const { SqlSettings } = settingsIn(path) as { SqlSettings?: { DataSource?: unknown } };
  return String(SqlSettings?.DataSource ?? '');
}

function settingsIn(path: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
}
