import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { isBuilt } from '../build.mjs';

const projectRoot = join(import.meta.dirname, '..', '..');
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 20_000;
const LISTENING = /Listening on (http:\/\/127\.0\.0\.1:\d+)/;
const KEPT_LOG_CHARACTERS = 200_000;

/** One running Holdfast server. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** The end of what it has printed so far. */
  readonly log: () => string;
  /** Stops it as an operator would (SIGTERM) and rejects when it does not end by itself. */
  readonly stop: () => Promise<void>;
}

/**
 * What Node is to run: the build, unless it is missing or older than its sources. It is not made here: several tests
 * that start servers at once would build over each other.
 */
export function serverProgram(project: string = projectRoot): string[] {
  if (isBuilt('server', project)) return [join(project, 'dist', 'server', 'main.js')];
  return ['--import', 'tsx', join(project, 'server', 'main.ts')];
}

/** Starts the real server and resolves when it listens. Rejects with its log when it ends before. */
export async function startServer(configFile: string, dataDirectory: string): Promise<ServerProcess> {
  const child = spawn(process.execPath, [...serverProgram(), '--config', configFile], {
    cwd: projectRoot,
    env: { ...process.env, NODE_OPTIONS: '', HOLDFAST_DATA_DIR: dataDirectory },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  const keep = (text: string): void => {
    log = (log + text).slice(-KEPT_LOG_CHARACTERS);
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  const killNow = (): void => void child.kill('SIGKILL');
  process.once('exit', killNow);
  // However it ends: stopped, killed by a test, or because it could not start.
  for (const end of ['exit', 'error']) child.once(end, () => process.off('exit', killNow));
  const url = await waitForListening(child, () => log);
  return { url, pid: child.pid ?? 0, log: () => log, stop: () => stopProcess(child, () => log) };
}

function waitForListening(child: ChildProcess, log: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      settle();
      child.kill('SIGKILL');
      reject(new Error(`The server ${why}. Its log:\n${log()}`));
    };
    const onExit = (code: number | null, signal: string | null): void =>
      fail(`ended (${code ?? signal}) before it listened`);
    const onError = (error: Error): void => fail(`cannot be started: ${error.message}`);
    const onData = (): void => {
      const url = LISTENING.exec(log())?.[1];
      if (url === undefined) return;
      settle();
      resolve(url);
    };
    const limit = setTimeout(() => fail(`does not listen after ${START_LIMIT_MS} ms`), START_LIMIT_MS);
    const settle = (): void => {
      clearTimeout(limit);
      child.off('exit', onExit).off('error', onError);
      child.stdout?.off('data', onData);
    };
    child.on('exit', onExit).on('error', onError);
    child.stdout?.on('data', onData);
  });
}

function stopProcess(child: ChildProcess, log: () => string): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`The server did not stop within ${STOP_LIMIT_MS} ms of SIGTERM. Its log:\n${log()}`));
    }, STOP_LIMIT_MS);
    child.once('exit', () => {
      clearTimeout(limit);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
