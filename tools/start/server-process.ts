import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

const STOP_LIMIT_MS = 15_000;

/** How the server ended. */
export interface ServerEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The server in a process of its own. */
export interface ServerProcess {
  readonly pid: number;
  /** Resolves at the end of the process, whoever ended it. */
  readonly ended: Promise<ServerEnd>;
  /** Asks the server to end, and kills it when it has not after 15 s. */
  stop(): Promise<void>;
  killNow(): void;
}

/** Starts the built server with its output on ours. */
export async function startServer(script: string, config: string): Promise<ServerProcess> {
  const child = spawn(process.execPath, [script, '--config', config], {
    stdio: ['ignore', 'inherit', 'inherit'],
    // In a session of its own: after Ctrl-C the launcher stops it, once, before its databases.
    detached: true,
  });
  const ended = waitForEnd(child);
  await once(child, 'spawn');
  return {
    pid: child.pid ?? 0,
    ended,
    stop: async () => {
      child.kill('SIGTERM');
      const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      await ended;
      clearTimeout(limit);
    },
    killNow: () => {
      child.kill('SIGKILL');
    },
  };
}

function waitForEnd(child: ChildProcess): Promise<ServerEnd> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
}
