import type { TestProject } from 'vitest/node';

import { startTestCluster, type TestCluster } from '../cluster/testing.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The application's user, who may create databases here, on the database `postgres` of a running single master. */
    postgresUrl: string;
    /** The same for the superuser. */
    postgresAdminUrl: string;
  }
}

let running: TestCluster | undefined;

/** Starts the one PostgreSQL that all database tests share; each makes databases of its own in it with `createDatabase`. */
export async function setup(project: TestProject): Promise<void> {
  running = await startTestCluster();
  const [node] = running.cluster.nodes;
  if (node === undefined) throw new Error('The test cluster has no node.');
  await node.query('ALTER ROLE holdfast CREATEDB');
  project.provide('postgresUrl', node.url('postgres'));
  project.provide('postgresAdminUrl', node.adminUrl());
}

export async function teardown(): Promise<void> {
  await running?.stop();
}
