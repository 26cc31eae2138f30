import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** One operating system process of a database node: its postmaster or one of the children. */
export interface NodeProcess {
  readonly pid: number;
  readonly parent: number;
  /** Stopped by SIGSTOP. */
  readonly frozen: boolean;
}

interface ProcessEntry extends NodeProcess {
  /** Arguments, joined by blanks; PostgreSQL's children put their title there. */
  readonly command: string;
}

/**
 * All processes of the node with this `cluster_name`.
 *
 * The name is in the postmaster's arguments and in the title of each child. Found by it, a child is recognised even after its
 * postmaster was killed (it is nobody's child then, and in a session of its own), and a recycled process id is never mistaken for a node.
 */
export function findProcesses(clusterName: string): NodeProcess[] {
  return findProcessesOf('postgres', clusterNameMatcher(clusterName));
}

/** All processes of a program, as the system names it, whose arguments, joined by blanks, satisfy `belongs`. */
export function findProcessesOf(program: string, belongs: (command: string) => boolean): NodeProcess[] {
  const listed = existsSync('/proc/self/stat') ? listFromProc(program) : listFromPs(program);
  return listed.filter((entry) => belongs(entry.command));
}

/** Tells whether a command line is that of a process of the named node, and not of one whose name only begins alike. */
export function clusterNameMatcher(clusterName: string): (command: string) => boolean {
  const escaped = clusterName.replaceAll(/[^\w-]/g, '\\$&');
  const pattern = new RegExp(`(?:cluster_name=|^postgres: )${escaped}(?:[: ]|$)`);
  return (command) => pattern.test(command);
}

/** Sends a signal to each process; those that have ended meanwhile are passed over. */
export function signalAll(pids: Iterable<number>, signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** Waits until the node has no process left. False when `limitMs` passed before that. */
export async function waitForEnd(clusterName: string, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (findProcesses(clusterName).length > 0) {
    if (Date.now() > deadline) return false;
    await sleep(10);
  }
  return true;
}

function listFromProc(program: string): ProcessEntry[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => readProcEntry(pid, program))
    .filter((entry) => entry !== undefined);
}

function readProcEntry(pid: string, program: string): ProcessEntry | undefined {
  try {
    if (readFileSync(`/proc/${pid}/comm`, 'utf8').trimEnd() !== program) return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trimEnd();
    // The second field, the name in brackets, may hold blanks: count from its end.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid: Number(pid), parent: Number(parent), frozen: state === 'T', command };
  } catch {
    // It ended between the listing and the reading.
    return undefined;
  }
}

function listFromPs(program: string): ProcessEntry[] {
  const listing = execFileSync('ps', ['-axww', '-o', 'pid=,ppid=,stat=,command='], { encoding: 'utf8' });
  return parsePsListing(listing, program);
}

/** Reads lines of `ps -o pid=,ppid=,stat=,command=` and keeps those of a program. */
export function parsePsListing(listing: string, program: string): ProcessEntry[] {
  const named = new RegExp(`^(?:\\S*/)?${program}[: ]`);
  const entries: ProcessEntry[] = [];
  for (const line of listing.split('\n')) {
    const [, pid, parent, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (command === undefined || !named.test(command)) continue;
    if (state?.startsWith('Z')) continue;
    entries.push({ pid: Number(pid), parent: Number(parent), frozen: state?.startsWith('T') ?? false, command });
  }
  return entries;
}

/**
 * When a process began, in the system's own notation; undefined when there is none. Together with the id it names a process for ever:
 * ids alone are used again.
 */
export function processBegan(pid: number): string | undefined {
  try {
    if (!existsSync('/proc/self/stat')) {
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    }
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // The 22nd field of the line, where `state` is the third. A zombie has ended.
    return state === 'Z' ? undefined : rest[18];
  } catch {
    return undefined;
  }
}
