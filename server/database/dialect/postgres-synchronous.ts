import type { SynchronousMode } from './dialect.ts';

const anybody = '*';
const list = /^\s*(?:(?:FIRST|ANY)\s+)?(\d+)\s*\((.*)\)\s*$/is;
const name = /"((?:[^"]|"")*)"|([^\s,"]+)/g;

const anybodyText =
  "synchronous_standby_names has '*' in it, so that any replica may be the one that has the newest writes. " +
  'Write the names of the replicas there.';

/**
 * `a, b`, `2 (a, b)`, `FIRST 2 (a, b)` and `ANY 2 (a, b)`: whom a commit may wait for, and for how many of them. Which of
 * the two words stands there makes no difference: a list by priority takes the next one when the first is not connected, so
 * that any of them may be the one that confirmed. Letter case makes none for the server either.
 */
export function confirmersOf(names: string): Pick<SynchronousMode, 'required' | 'confirmers' | 'gap'> {
  const [, count = '1', inner = names] = list.exec(names) ?? [];
  const all = [...inner.matchAll(name)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
  const confirmers = [...new Set(all.map((one) => one.toLowerCase()))];
  return { required: Number(count), confirmers, gap: confirmers.includes(anybody) ? anybodyText : '' };
}
