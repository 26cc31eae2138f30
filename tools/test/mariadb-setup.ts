import type { TestProject } from 'vitest/node';

import { provideMariadb, stopMariadb } from './mariadb.ts';

/** For tests that know nothing of engines, and are run on the other one as well. */
export async function setup(project: TestProject): Promise<void> {
  project.provide('engine', 'mysql');
  await provideMariadb(project);
}

export async function teardown(): Promise<void> {
  await stopMariadb();
}
