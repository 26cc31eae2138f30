import type { ConfigProblem } from '../../contract/index.ts';
import type { Position } from './json-scan.ts';
import { defaultConfig, keysOf, type SectionName } from './schema.ts';
import { isSecretPath } from './secrets.ts';
import { memberOf } from './values.ts';

export type FaultExcerpt = NonNullable<ConfigProblem['excerpt']>;

const LINES_AROUND = 2;
const MAX_WIDTH = 120;
const HIDDEN = '•••';

const STRUCTURE = /[\s{}[\],]+/y;
const NAME = /"([A-Za-z]{1,64})"[ \t]*:/y;
/** A number or a flag, perhaps misspelt, and nothing behind it but structure. */
const SCALAR = /[ \t]*(?:[-+.\d][\w.+-]{0,15}|true|false|null)(?=\s*(?:[,}\]]|$))/iy;

/** Names that this server knows; true for settings that are numbers or flags, whose value may be seen. */
const knownNames: ReadonlyMap<string, boolean> = new Map(
  Object.entries(defaultConfig()).flatMap(([section, values]): [string, boolean][] => [
    [section, false],
    ...keysOf(section as SectionName).map((key): [string, boolean] => {
      const plain = ['number', 'boolean'].includes(typeof memberOf(values, key));
      return [key, plain && !isSecretPath(`${section}.${key}`)];
    }),
  ]),
);

/** Matches at `at`; where the match ends, or undefined. */
const take = (pattern: RegExp, text: string, at: number): number | undefined => {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
};

const nameAt = (line: string, at: number): { readonly isPlain: boolean; readonly end: number } | undefined => {
  NAME.lastIndex = at;
  const isPlain = knownNames.get(NAME.exec(line)?.[1] ?? '');
  return isPlain === undefined ? undefined : { isPlain, end: NAME.lastIndex };
};

/**
 * What may be seen of a line of a text that does not parse. Such a text has no strings that could be told from the
 * rest - a quote too many turns all after it inside out - so that nothing is shown for what it seems to be: only
 * brackets, commas, names of settings, and the values of those that are numbers or flags. From the first thing that is
 * anything else, the rest of the line is hidden, its length too; and what stands between the last name and that thing.
 */
const maskLine = (line: string): string => {
  let at = 0;
  /** Up to here the line is shown whatever follows: its indentation, then its last name with its value. */
  let shown = line.length - line.trimStart().length;
  while (at < line.length) {
    const name = nameAt(line, at);
    const end = name?.end ?? take(STRUCTURE, line, at);
    if (end === undefined) {
      const before = line.slice(0, shown);
      return `${before}${/\S$/.test(before) ? ' ' : ''}${HIDDEN}`;
    }
    at = name?.isPlain === true ? (take(SCALAR, line, end) ?? end) : end;
    if (name !== undefined) shown = at;
  }
  return line;
};

const clip = (text: string): string => (text.length > MAX_WIDTH ? `${text.slice(0, MAX_WIDTH - 1)}…` : text);

/** The faulty line and up to two on each side of it, without anything that could be a secret. */
export const excerptOf = (text: string, { line, column }: Position): FaultExcerpt => {
  const first = Math.max(1, line - LINES_AROUND);
  const lines = text
    .split('\n')
    .slice(first - 1, line + LINES_AROUND)
    .map((each, index) => ({ number: first + index, text: clip(maskLine(each.trimEnd())) }));
  const faulty = lines.find(({ number }) => number === line)?.text ?? '';
  const end = faulty.endsWith(HIDDEN) ? faulty.length - HIDDEN.length : faulty.length;
  return { column: Math.min(column, end + 1), lines };
};
