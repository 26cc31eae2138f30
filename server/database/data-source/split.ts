import { formOf, isComplete, leadingKeyword, startsLikeGo, startsWithScheme } from './form.ts';
import { scanLibpq } from './libpq.ts';
import { MAX_DATA_SOURCE_LENGTH } from './parse.ts';

const NEEDED = ['dbname', 'user'] as const;

/** A libpq text ends where a name comes again, or where all that it needs has been given; never inside quotes. */
const libpqEndsBefore = (current: string, next: string): boolean => {
  const otherForm = startsWithScheme(next) || startsLikeGo(next);
  const keyword = leadingKeyword(next);
  if (!otherForm && keyword === undefined) return false;
  const { open, names } = scanLibpq(current);
  if (open) return false;
  const complete = NEEDED.every((name) => names.has(name)) && (names.has('host') || names.has('hostaddr'));
  return otherForm || complete || (keyword !== undefined && names.has(keyword));
};

const startsDataSource = (current: string, next: string): boolean => {
  if (formOf(current) === 'libpq') return libpqEndsBefore(current, next);
  if (startsWithScheme(next)) return true;
  return isComplete(current) && (leadingKeyword(next) !== undefined || startsLikeGo(next));
};

/** Commas and white space up to the end or to the next data source make empty entries, which are reported. */
const isSplit = (current: string, rest: string): boolean => {
  const next = rest.replace(/^[\s,]+/, '');
  if (next !== '') return startsDataSource(current, next);
  return formOf(current) === 'libpq' ? !scanLibpq(current).open : isComplete(current);
};

/**
 * Splits a list of data sources at those commas that start a new one; commas in passwords, option values and lists of
 * hosts stay where they are. Entries are trimmed; empty ones are kept, for they are mistakes to report. A text
 * longer than `MAX_DATA_SOURCE_LENGTH` comes back in one piece.
 *
 * What a comma cannot be told apart from must be written unmistakably: in a URL as `%2C`, in the libpq form in quotes.
 */
export const splitDataSources = (text: string): readonly string[] => {
  if (text.length > MAX_DATA_SOURCE_LENGTH) return [text];
  const entries: string[] = [];
  let start = 0;
  for (let comma = text.indexOf(','); comma >= 0; comma = text.indexOf(',', comma + 1)) {
    const current = text.slice(start, comma).trim();
    if (!isSplit(current, text.slice(comma + 1))) continue;
    entries.push(current);
    start = comma + 1;
  }
  return [...entries, text.slice(start).trim()];
};
