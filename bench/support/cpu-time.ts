import { readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second, whatever the kernel's own clock does. */
const MS_PER_TICK = 10;

/**
 * CPU time that a process of this machine has used so far, in milliseconds; NaN where the system does not tell (no Linux).
 * When clients, server and databases share the cores, the rates of two servers also compare what else was running; the
 * CPU time of a request does not.
 */
export function cpuTimeOf(pid: number): number {
  try {
    // The name of the program comes first, in brackets, and may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
  } catch {
    return Number.NaN;
  }
}
