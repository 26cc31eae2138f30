import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the embedded start keeps its things. */
export interface Places {
  /** The project's folder, which holds `dist`. */
  readonly project: string;
  /** Databases, passwords, logs of the databases. */
  readonly data: string;
  readonly cluster: string;
  readonly lock: string;
  readonly config: string;
  readonly server: string;
}

/** HOLDFAST_DATA_DIR moves everything that is kept, the configuration included. */
export function findPlaces(environment: NodeJS.ProcessEnv = process.env, project: string = findProject()): Places {
  const moved = environment['HOLDFAST_DATA_DIR'];
  const data = moved === undefined || moved === '' ? join(project, 'data') : resolve(moved);
  return {
    project,
    data,
    cluster: join(data, 'cluster'),
    lock: join(data, 'running.json'),
    config: moved === undefined || moved === '' ? join(project, 'config', 'config.json') : join(data, 'config.json'),
    server: join(project, 'dist', 'server', 'main.js'),
  };
}

// This file is built to <project>/dist/tools/start/.
function findProject(): string {
  const above = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
  return above.endsWith('dist') ? dirname(above) : above;
}
