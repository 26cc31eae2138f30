import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';

import {
  ClusterError,
  type ClusterLog,
  createCluster,
  createMariadbCluster,
  type EmbeddedCluster,
  type Engine,
  engines,
  openCluster,
  openMariadbCluster,
} from '../cluster/index.ts';
import type { Places } from './places.ts';

/** As people call them. */
export const engineNames: Readonly<Record<Engine, string>> = { postgres: 'PostgreSQL', mysql: 'MariaDB' };

const USAGE = `npm start takes --engine and nothing else: npm start -- --engine ${engines.join('|')}`;

/** The engine that the words after `npm start --` name, undefined where they name none. @throws ClusterError for other words. */
export function engineIn(words: readonly string[]): Engine | undefined {
  const engine = engineWord(words);
  if (engine === undefined || isEngine(engine)) return engine;
  throw new ClusterError(`There is no engine "${engine}". Engines: ${engines.join(', ')}.`);
}

function engineWord(words: readonly string[]): string | undefined {
  try {
    return parseArgs({ args: [...words], options: { engine: { type: 'string' } } }).values.engine;
  } catch {
    throw new ClusterError(USAGE);
  }
}

const isEngine = (word: string): word is Engine => (engines as readonly string[]).includes(word);

/** The engine that was started last; PostgreSQL where none was. */
export function lastEngine({ engine }: Places): Engine {
  const kept = existsSync(engine) ? readFileSync(engine, 'utf8').trim() : '';
  return isEngine(kept) ? kept : 'postgres';
}

export function rememberEngine({ engine }: Places, used: Engine): void {
  mkdirSync(dirname(engine), { recursive: true });
  writeFileSync(engine, `${used}\n`);
}

/** The engine's cluster, made where there is none. */
export function createEmbedded(engine: Engine, { clusters }: Places, log: ClusterLog): Promise<EmbeddedCluster> {
  const options = { directory: clusters[engine], log };
  return engine === 'mysql' ? createMariadbCluster(options) : createCluster(options);
}

/** The engine's cluster, undefined where none was made. */
export function openEmbedded(engine: Engine, { clusters }: Places): Promise<EmbeddedCluster | undefined> {
  return engine === 'mysql' ? openMariadbCluster(clusters.mysql) : openCluster(clusters.postgres);
}
