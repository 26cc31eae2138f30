import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { processBegan } from './processes.ts';

const NOTE = 'guard.json';

// Waits on its input, which is a pipe from the launcher. `done` on it means a clean stop: nothing to do. The end of the pipe without
// that means that the launcher died, however hard; then the guard does what the launcher would have done. It is a shell script since
// it sleeps beside every cluster: one megabyte, and no start-up time.
const SCRIPT = `
others=
while read -r verb value; do
  case $verb in
    also) others="$others $value" ;;
    done) exit 0 ;;
  esac
done
for pid in $others; do kill -TERM "$pid" 2>/dev/null; done
members() {
  if [ -d /proc/self ]; then
    for found in $(grep -la -e "$MARK" /proc/[0-9]*/cmdline 2>/dev/null); do
      folder=\${found%/cmdline}
      if [ "$(cat "$folder/comm" 2>/dev/null)" = "$PROGRAM" ]; then echo "\${folder#/proc/}"; fi
    done
  else
    ps -axww -o pid=,command= | grep -e "$MARK" | grep -v grep | awk '{ print $1 }'
  fi
}
# Only those of the dead launcher: a new one may start others meanwhile.
ours=" $(members | tr '\\n' ' ') "
remaining() {
  for pid in $(members); do
    case "$ours" in *" $pid "*) echo "$pid" ;; esac
  done
}
if [ "$MODE" = stop ]; then
  for pid in $(remaining); do kill -CONT "$pid" 2>/dev/null; done
  if [ "$PROGRAM" = postgres ]; then
    for file in "$ROOT"/*/postmaster.pid; do
      pid=$(head -n 1 "$file" 2>/dev/null)
      case "$ours" in *" $pid "*) kill -INT "$pid" 2>/dev/null ;; esac
    done
  else
    for pid in $(remaining); do kill -TERM "$pid" 2>/dev/null; done
  fi
  tries=0
  while [ -n "$(remaining)" ] && [ "$tries" -lt 15 ]; do sleep 1; tries=$((tries + 1)); done
fi
for pid in $(remaining); do kill -KILL "$pid" 2>/dev/null; done
# As releaseSharedMemory does: a killed node leaves its segment behind.
for file in "$ROOT"/*/postmaster.pid; do
  pid=$(head -n 1 "$file" 2>/dev/null)
  segment=$(sed -n '7s/^ *[0-9-]* *//p' "$file" 2>/dev/null)
  case "$ours" in *" $pid "*) if [ -n "$segment" ]; then ipcrm -m "$segment" 2>/dev/null; fi ;; esac
done
if [ -n "$DISCARD" ]; then sleep 1; rm -rf -- "$DISCARD"; fi
`;

/** Which processes to end, and how, when the launcher dies. */
export interface GuardOptions {
  readonly clusterId: string;
  /** Where to note that a guard is on duty. */
  readonly directory: string;
  readonly dataRoot: string;
  /** False: the data are not worth a clean shutdown. */
  readonly durable: boolean;
  /** A folder to remove at the end: a test's own. */
  readonly discard?: string | undefined;
  /** The databases' program; default `postgres`. */
  readonly program?: string;
}

/** Stops a cluster's databases when this process ends without having stopped them, even by SIGKILL. */
export class Guard {
  readonly #child: ChildProcess;
  readonly #note: string;

  constructor({ clusterId, directory, dataRoot, durable, discard, program = 'postgres' }: GuardOptions) {
    this.#child = spawn(existsSync('/bin/sh') ? '/bin/sh' : 'sh', ['-c', SCRIPT], {
      cwd: '/',
      env: {
        PATH: process.env['PATH'] ?? '/usr/bin:/bin',
        MARK: `holdfast-${clusterId}-`,
        ROOT: dataRoot,
        MODE: durable ? 'stop' : 'kill',
        DISCARD: discard ?? '',
        PROGRAM: program,
      },
      // In a session of its own, out of reach of Ctrl-C.
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#note = join(directory, NOTE);
    const { pid = 0 } = this.#child;
    writeFileSync(this.#note, `${JSON.stringify({ pid, began: processBegan(pid) })}\n`);
    this.#child.on('error', () => {});
    this.#child.stdin?.on('error', () => {});
    // It must not keep the launcher alive.
    this.#child.unref();
    (this.#child.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  }

  /** Ends this process too (SIGTERM) when the launcher dies. Only for a child of the launcher that ends no earlier than it. */
  alsoStop(pid: number): void {
    this.#child.stdin?.write(`also ${pid}\n`);
  }

  /** Ends the guard: the cluster was stopped, or is meant to go on without us. */
  dismiss(): void {
    rmSync(this.#note, { force: true });
    this.#child.stdin?.end('done\n');
  }
}

/** Waits for the end of the guard of a launcher that died on this cluster a moment ago: it is stopping nodes. */
export async function waitForFormerGuard(directory: string): Promise<void> {
  const note = join(directory, NOTE);
  if (!existsSync(note)) return;
  const { pid, began } = JSON.parse(readFileSync(note, 'utf8')) as { pid: number; began?: string };
  while (began !== undefined && processBegan(pid) === began) await sleep(50);
}
