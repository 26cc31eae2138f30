import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Engine } from '../cluster/index.ts';

/** Where the embedded start keeps its things. */
export interface Places {
  /** The project's folder, which holds `dist`. */
  readonly project: string;
  /** Databases, passwords, logs of the databases. */
  readonly data: string;
  /** The folder of each engine's databases: starting the one leaves the other's alone. */
  readonly clusters: Readonly<Record<Engine, string>>;
  /** Names the engine that was started last. */
  readonly engine: string;
  readonly lock: string;
  readonly config: string;
  readonly server: string;
}

/** HOLDFAST_DATA_DIR moves everything that is kept, the configuration included. */
export function findPlaces(environment: NodeJS.ProcessEnv = process.env, project: string = findProject()): Places {
  const moved = environment['HOLDFAST_DATA_DIR'];
  const isMoved = moved !== undefined && moved !== '';
  const data = isMoved ? resolve(moved) : join(project, 'data');
  return {
    project,
    data,
    clusters: { postgres: join(data, 'cluster'), mysql: join(data, 'cluster-mysql') },
    engine: join(data, 'engine'),
    lock: join(data, 'running.json'),
    config: isMoved ? join(data, 'config.json') : join(project, 'config', 'config.json'),
    server: join(project, 'dist', 'server', 'main.js'),
  };
}

// This file is built to <project>/dist/tools/start/.
function findProject(): string {
  const above = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
  return above.endsWith('dist') ? dirname(above) : above;
}
