import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { findProcessesOf, type NodeProcess, signalAll } from '../processes.ts';

/** The process of one MariaDB server, found by its pid file, which is named in its arguments: from any process of this machine. */
export class MariadbProcess {
  readonly #pidFile: string;

  constructor(pidFile: string) {
    this.#pidFile = pidFile;
  }

  get pid(): number | undefined {
    return this.#find()?.pid;
  }

  #find(): NodeProcess | undefined {
    return findProcessesOf('mariadbd', (command) => command.includes(`--pid-file=${this.#pidFile}`))[0];
  }

  state(): 'running' | 'frozen' | 'unready' | 'stopped' {
    const found = this.#find();
    if (found === undefined) return 'stopped';
    if (found.frozen) return 'frozen';
    return this.isReady(found.pid) ? 'running' : 'unready';
  }

  /** Whether it accepts connections: it writes its pid file last. */
  isReady(pid: number | undefined): boolean {
    return pid !== undefined && existsSync(this.#pidFile) && Number(readFileSync(this.#pidFile, 'utf8').trim()) === pid;
  }

  signal(signal: NodeJS.Signals): void {
    const { pid } = this;
    if (pid !== undefined) signalAll([pid], signal);
  }

  /** Signals the process and waits until it is gone; false when `limitMs` passed before that. */
  async end(signal: NodeJS.Signals, limitMs: number): Promise<boolean> {
    const { pid } = this;
    if (pid === undefined) return true;
    signalAll([pid], signal);
    const deadline = Date.now() + limitMs;
    // Its arguments are the first thing that it loses, its ports and locks the last.
    while (isThere(pid)) {
      if (Date.now() > deadline) return false;
      await sleep(10);
    }
    return true;
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
