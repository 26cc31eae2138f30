import { fault, type Finding, type Reading } from './finding.ts';
import { postgresParts } from './postgres-parts.ts';

type Pair = { readonly name: string; readonly value: string; readonly end: number };

const isSpace = (character: string | undefined): boolean => character !== undefined && /\s/.test(character);

const skipSpace = (text: string, from: number): number => {
  let at = from;
  while (isSpace(text[at])) at += 1;
  return at;
};

/** A value from `from` on: quoted or bare; a backslash takes the next character as it is in both. */
const readValue = (text: string, from: number): { value: string; end: number } | undefined => {
  const quoted = text[from] === "'";
  let value = '';
  for (let at = quoted ? from + 1 : from; ; at += 1) {
    const character = text[at];
    if (character === undefined) return quoted ? undefined : { value, end: at };
    if (quoted && character === "'") return { value, end: at + 1 };
    if (!quoted && isSpace(character)) return { value, end: at };
    if (character === '\\' && at + 1 < text.length) at += 1;
    value += text[at];
  }
};

const readPair = (text: string, from: number): Pair | { readonly finding: Finding } => {
  const name = /^[a-z_][a-z0-9_]*/i.exec(text.slice(from))?.[0];
  const equals = name === undefined ? -1 : skipSpace(text, from + name.length);
  if (name === undefined || text[equals] !== '=') {
    return fault(
      'unparsable',
      'A word stands without `name=` before it. Put values that contain spaces, commas or quotes in single quotes.',
    );
  }
  const read = readValue(text, skipSpace(text, equals + 1));
  if (read === undefined) return fault('unparsable', "A single quote is not closed. Write a quote in a value as \\'.");
  if (read.end < text.length && !isSpace(text[read.end])) {
    return fault('unparsable', "Text follows directly after a closing quote. Write a quote in a value as \\'.");
  }
  return { name: name.toLowerCase(), ...read };
};

/** The pairs of a libpq connection string; of a name that stands twice the last value counts, as in libpq. */
const readPairs = (text: string): ReadonlyMap<string, string> | { readonly finding: Finding } => {
  const pairs = new Map<string, string>();
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const pair = readPair(text, at);
    if ('finding' in pair) return pair;
    pairs.set(pair.name, pair.value);
    at = skipSpace(text, pair.end);
  }
  return pairs;
};

/** Reads `host=pg-a port=5432 dbname=chat user=chat password='...'`. */
export const readLibpq = (entry: string): Reading => {
  const pairs = readPairs(entry);
  return 'finding' in pairs ? pairs : postgresParts(pairs);
};

/** What the splitter needs to know about a libpq text that may go on: is a quote open, which names were given? */
export const scanLibpq = (text: string): { readonly open: boolean; readonly names: ReadonlySet<string> } => {
  const names = new Set<string>();
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const start = /^([a-z_][a-z0-9_]*)\s*=\s*/i.exec(text.slice(at));
    if (start === null) {
      while (at < text.length && !isSpace(text[at])) at += 1;
    } else {
      names.add((start[1] ?? '').toLowerCase());
      const read = readValue(text, at + start[0].length);
      if (read === undefined) return { open: true, names };
      at = Math.max(read.end, at + 1);
    }
    at = skipSpace(text, at);
  }
  return { open: false, names };
};
