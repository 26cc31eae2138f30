import { describe, inject } from 'vitest';
import type { DriverName } from '../data-source/data-source.ts';

/** As people call them. `mysql` is tested on MariaDB, the one that Debian has. */
const names: Readonly<Record<DriverName, string>> = { postgres: 'PostgreSQL', mysql: 'MariaDB' };

/** Whether this machine has the engine. The test run fails in CI without one of them; elsewhere it skips, visibly. */
export function hasEngine(engine: DriverName): boolean {
  return engine === 'postgres' || inject('mysqlUrl') !== '';
}

/** One suite for each engine: what the layer promises, it promises on both. */
export function describeEngines(title: string, suite: (engine: DriverName) => void): void {
  for (const engine of ['postgres', 'mysql'] as const) {
    describe.skipIf(!hasEngine(engine))(`${title} on ${names[engine]}`, () => suite(engine));
  }
}
