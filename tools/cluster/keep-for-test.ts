import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Startable {
  start(): Promise<void>;
  stop(): Promise<void>;
  killNow(): void;
}

/** Starts a cluster in a temporary folder, which goes with it: when it is stopped, and when the test's process ends or dies. */
export async function keepForTest<C extends Startable>(
  make: (directory: string) => Promise<C>,
): Promise<{ readonly cluster: C; stop(): Promise<void> }> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-test-')));
  // The databases' user must pass through it when the tests run as root.
  chmodSync(directory, 0o755);
  const cluster = await make(directory);
  const abandon = (): void => {
    cluster.killNow();
    rmSync(directory, { recursive: true, force: true });
  };
  process.once('exit', abandon);
  const stop = async (): Promise<void> => {
    process.off('exit', abandon);
    await cluster.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await cluster.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { cluster, stop };
}
