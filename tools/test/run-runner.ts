import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { RunnerResult } from './tally.ts';

/** One test runner's command line. It writes its JSON report to `reportFile` and its progress to our own output. */
export interface RunnerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly reportFile: string;
  /** The whole run's limit; afterwards its process group is stopped. */
  readonly limitMs: number;
}

const KILL_AFTER_MS = 10_000;

/** Runs a test runner to its end, or to its limit, and reads the report that it left. Never rejects: a runner that cannot start has left no report. */
export async function runRunner({
  command,
  args,
  cwd,
  environment = {},
  reportFile,
  limitMs,
}: RunnerCommand): Promise<RunnerResult> {
  // Its own process group, so that a stop at the limit reaches the servers and browsers below it as well.
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  const ended = new Promise<number>((resolve) => {
    child.on('error', () => resolve(127));
    child.on('close', (code) => resolve(code ?? 1));
  });
  const limit = stopAfter(child, limitMs);
  const passOn = (signal: NodeJS.Signals): void => stopGroup(child, signal);
  process.on('SIGINT', passOn).on('SIGTERM', passOn);
  const exitCode = await ended;
  process.off('SIGINT', passOn).off('SIGTERM', passOn);
  limit.cancel();
  return { exitCode, timedOut: limit.reached(), report: await readReport(reportFile) };
}

function stopAfter(child: ChildProcess, limitMs: number): { cancel: () => void; reached: () => boolean } {
  let reached = false;
  const timers = [
    setTimeout(() => {
      reached = true;
      stopGroup(child, 'SIGTERM');
    }, limitMs),
    setTimeout(() => stopGroup(child, 'SIGKILL'), limitMs + KILL_AFTER_MS),
  ];
  return { cancel: () => timers.forEach((timer) => clearTimeout(timer)), reached: () => reached };
}

function stopGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // The group is gone already, which is what we wanted.
  }
}

async function readReport(reportFile: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(reportFile, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}
