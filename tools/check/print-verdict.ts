import type { CheckVerdict } from './run-checks.ts';

const SHOWN_FAULTS = 40;

/** `ok    lint            2.1 s  212 files` */
export function verdictLine({ name, passed, seconds, saw, faults }: CheckVerdict): string {
  const tail = passed ? saw : `${saw}, ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`;
  return `${passed ? 'ok  ' : 'FAIL'}  ${name.padEnd(14)} ${seconds.toFixed(1).padStart(5)} s  ${tail}`;
}

/** What a red checker found, below its name; the first forty, since the first ones mostly explain the rest. */
export function faultLines({ name, faults }: CheckVerdict): string[] {
  const shown = faults.slice(0, SHOWN_FAULTS).map((fault) => `  ${fault}`);
  const rest = faults.length - shown.length;
  return ['', `${name}:`, ...shown, ...(rest > 0 ? [`  ... and ${rest} more`] : [])];
}
