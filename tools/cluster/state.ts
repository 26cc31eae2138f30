import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ClusterError } from './errors.ts';

/** What is remembered of a cluster between two runs. Roles are not in it: the nodes' own files tell those. */
export interface ClusterState {
  readonly format: 1;
  /** Tells this cluster's processes from those of another. */
  readonly id: string;
  /** The folder that holds one folder of data per node. */
  readonly dataRoot: string;
  /** False: made for a test, may be thrown away at any time. */
  readonly durable: boolean;
  /** In the order in which they are shown; the first was the first master. */
  readonly nodes: readonly NodeState[];
}

export interface NodeState {
  readonly name: string;
  readonly port: number;
}

/** The generated passwords of a cluster. */
export interface Secrets {
  readonly superuser: string;
  readonly application: string;
  readonly replication: string;
}

export const SUPERUSER = 'postgres';
export const APPLICATION_USER = 'holdfast';
export const REPLICATION_USER = 'replicator';
export const APPLICATION_DATABASE = 'holdfast';

export function newClusterId(): string {
  return randomBytes(4).toString('hex');
}

// Letters, digits, `-` and `_` only: they need no escaping in SQL, URLs and connection strings.
export function newSecrets(): Secrets {
  const secret = (): string => randomBytes(24).toString('base64url');
  return { superuser: secret(), application: secret(), replication: secret() };
}

/** The state kept in the cluster's folder, or undefined where none was made yet. */
export function readState(directory: string): ClusterState | undefined {
  const path = join(directory, 'cluster.json');
  if (!existsSync(path)) return undefined;
  const state = parse(path) as ClusterState;
  if (state.format !== 1) throw new ClusterError(`${path} was written by another version of Holdfast.`);
  return state;
}

/** The ports of the nodes of the cluster kept in `directory`; empty where there is none, or none that can be read. */
export function readPorts(directory: string): number[] {
  try {
    return readState(directory)?.nodes.map((node) => node.port) ?? [];
  } catch {
    return [];
  }
}

export function writeState(directory: string, state: ClusterState): void {
  writeWhole(join(directory, 'cluster.json'), state, 0o644);
}

export function readSecrets(directory: string): Secrets {
  return parse(join(directory, 'secrets.json')) as Secrets;
}

export function writeSecrets(directory: string, secrets: Secrets): void {
  writeWhole(join(directory, 'secrets.json'), secrets, 0o600);
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ClusterError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

function writeWhole(path: string, value: unknown, mode: number): void {
  const partial = `${path}.partial`;
  writeFileSync(partial, `${JSON.stringify(value, null, 2)}\n`, { mode });
  renameSync(partial, path);
}
