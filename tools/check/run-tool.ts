import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface ToolRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const projectRoot = join(import.meta.dirname, '..', '..');

/** Runs a command that npm installed in this project (`node_modules/.bin/NAME`) in `cwd` and collects what it printed. Rejects only when it cannot be started. */
export function runTool(
  name: string,
  args: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<ToolRun> {
  return runCommand(join(projectRoot, 'node_modules', '.bin', name), args, cwd, environment);
}

/** Like `runTool`, for a command of the machine. */
export function runCommand(
  command: string,
  args: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<ToolRun> {
  return new Promise((resolve, reject) => {
    // The caller's own colour and loader settings would change what the tools print.
    const env = { ...process.env, NODE_OPTIONS: '', FORCE_COLOR: undefined, NO_COLOR: '1', ...environment };
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (signal !== null) output.stderr += `\nended by ${signal}`;
      resolve({ code: code ?? 1, ...output });
    });
  });
}

/** Non-empty lines of a tool's output; what a checker reports when the tool failed without findings that we could read. */
export function outputLines(run: ToolRun): string[] {
  const lines = `${run.stdout}\n${run.stderr}`.split('\n').filter((line) => line.trim() !== '');
  return lines.length > 0 ? lines : [`the tool ended with exit code ${run.code} and printed nothing`];
}
