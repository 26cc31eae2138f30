import { test } from '@playwright/test';
import { startTestCluster, type TestCluster } from '../../tools/cluster/testing.ts';
import { type Holdfast, type HoldfastOptions, startHoldfast } from '../../tools/holdfast/index.ts';

export interface StoryOptions extends HoldfastOptions {
  /** Streaming replicas beside the master `pg-a`: `pg-b`, `pg-c`, ... Default 2. */
  readonly replicas?: number;
}

/** Brings a real server on a cluster of its own up before the tests of a spec file (or `describe` block), and down after them. */
export function useHoldfast({ replicas = 2, ...options }: StoryOptions = {}): () => Holdfast {
  let running: Holdfast | undefined;
  let database: TestCluster | undefined;
  test.beforeAll(async () => {
    test.setTimeout(120_000);
    database = await startTestCluster({ replicas });
    running = await startHoldfast(database.cluster, options);
  });
  test.afterAll(async () => {
    try {
      await running?.stop();
    } finally {
      await database?.stop();
    }
  });
  return () => {
    if (running === undefined) throw new Error('Holdfast runs only within the tests of this block.');
    return running;
  };
}
