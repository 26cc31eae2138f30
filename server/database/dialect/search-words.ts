/**
 * What counts as a word, for both engines: their own ideas of it differ (the shortest word, stop words, hyphens, scripts
 * without spaces), so texts are cut into words before the engine's full-text search gets them, the same way in an index,
 * in a row and in a question.
 */

/**
 * Scripts that are written without spaces, or whose words carry endings (Korean). Each character is a word of its own, and a
 * word of theirs is a row of such words: found wherever it stands. In a character class, escaped as PostgreSQL does it.
 */
const spacelessRanges = [
  ['0E00', '0EFF'],
  ['1000', '109F'],
  ['1780', '17FF'],
  ['3005', '3007'],
  ['3041', '309A'],
  ['309D', '309F'],
  ['30A1', '30FA'],
  ['30FC', '30FF'],
  ['31F0', '31FF'],
  ['3400', '4DBF'],
  ['4E00', '9FFF'],
  ['AC00', 'D7AF'],
  ['F900', 'FAFF'],
  ['FF66', 'FF9F'],
  ['20000', '3FFFF'],
] as const;

const classOf = (escape: (code: string) => string): string =>
  spacelessRanges.map(([from, to]) => `${escape(from)}-${escape(to)}`).join('');

/** The end of a longer word is not looked at. */
const WORD_MAX = 80;

/** PostgreSQL's parser makes one word of an address or a path; without signs there are none. What else is no letter parts words. */
const postgresSigns =
  '!-/:-@\\[-\\u0060{-\\u00A9\\u00AB-\\u00B1\\u00B4\\u00B6-\\u00B8\\u00BB\\u00BF\\u00D7\\u00F7\\u037E\\u0387\\u055A-\\u055F\\u0589-\\u058A\\u05BE\\u05C0\\u05C3\\u05C6\\u05F3-\\u05F4\\u0600-\\u060F\\u061B-\\u061F\\u066A-\\u066D\\u06D4\\u0700-\\u070F\\u0964-\\u0965\\u0970\\u1360-\\u1368\\u1800-\\u180A\\u2000-\\u2BFF\\u2E00-\\u2FFF\\u3000-\\u3004\\u3008-\\u3020\\u3030\\u303D\\u309B-\\u309C\\u30A0\\u30FB\\u3200-\\u321F\\u322A-\\u3247\\u3260-\\u327F\\u328A-\\u32B0\\u32C0-\\u33FF\\uFF01-\\uFF0F\\uFF1A-\\uFF20\\uFF3B-\\uFF40\\uFF5B-\\uFF65\\uFFE0-\\uFFFF\\uFE00-\\uFE1F\\uFE30-\\uFE6F\\U0001F000-\\U0001FAFF';
const postgresSpaceless = classOf((code) => (code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code}`));

/** The words of a column, with their places. An index that is to be used has this very text: never change it. */
export function postgresWords(column: string): string {
  const apart = `regexp_replace(regexp_replace(${column}, '([${postgresSpaceless}])', ' \\1 ', 'g'), '[${postgresSigns}]', ' ', 'g')`;
  return `to_tsvector('simple', ${apart})`;
}

const mysqlSpaceless = classOf((code) => `\\\\x{${code}}`);
/** Numbers in circles, signs that join emojis: letters and numbers by their kind. */
const mysqlSigns = '\\\\x{2000}-\\\\x{2BFF}\\\\x{FE00}-\\\\x{FE0F}';
const mysqlWordSigns = '\\\\p{L}\\\\p{M}\\\\p{N}';
/** Each engine passes over the replacement that only the other one understands. */
const replacement = (before: string, after: string): string =>
  `/*M! '${before}\\\\1${after}' */ /*!80000 '${before}$1${after}' */`;

/**
 * The words of a column as a text for a full-text index: ` one__ two__ `. With their ending no word is too short for the
 * index, and none is a stop word. For a migration, as the expression of a stored column `words_<column>`: never change it.
 */
export function mysqlWords(column: string): string {
  const apart = `REGEXP_REPLACE(LOWER(${column}), '([${mysqlSpaceless}])', ${replacement(' ', ' ')})`;
  const words = `REGEXP_REPLACE(CONCAT(' ', ${apart}, ' '), '(?:[^${mysqlWordSigns}]|[${mysqlSigns}])+', ' ')`;
  return `REGEXP_REPLACE(${words}, '([^ ]{1,${WORD_MAX}})[^ ]*', ${replacement('', '__')})`;
}

const spaceless = new RegExp(`[${classOf((code) => `\\u{${code}}`)}]`, 'gu');
/** Letter by letter and each as one, as the engines do it: JavaScript minds where a word ends, and makes two of the Turkish İ. */
const lowerCase = (letter: string): string => String.fromCodePoint(letter.toLowerCase().codePointAt(0) ?? 0);
const noWordSigns = /(?:[^\p{L}\p{M}\p{N}]|[\u{2000}-\u{2BFF}]|[\u{FE00}-\u{FE0F}])+/u;

/** The words of a text, in lower case. */
export function wordsOf(text: string): string[] {
  const lower = Array.from(text, lowerCase).join('');
  return lower
    .replace(spaceless, ' $& ')
    .split(noWordSigns)
    .filter(Boolean)
    .map((word) => [...word].slice(0, WORD_MAX).join(''));
}

/** Something that a text is to have, or not to have. */
export interface SearchTerm {
  /** One word, or several that stand beside each other. */
  readonly words: readonly string[];
  /** The last word goes on. */
  readonly prefix: boolean;
  readonly wanted: boolean;
}

/** All of the wanted terms, or any of them; in any case none of the others. */
export interface SearchQuestion {
  readonly terms: readonly SearchTerm[];
  readonly any: boolean;
}

/** A text as `answers` reads it: its words, with a space around each. */
export function wordTextOf(text: string): string {
  return ` ${wordsOf(text).join(' ')} `;
}

/** Whether a text answers the question, by its words (`wordTextOf`): what the engines do, for texts in memory. */
export function answers({ terms, any }: SearchQuestion, text: string): boolean {
  const has = (term: SearchTerm): boolean => text.includes(` ${term.words.join(' ')}${term.prefix ? '' : ' '}`);
  const wanted = terms.filter((term) => term.wanted);
  const found = any ? wanted.some(has) || wanted.length === 0 : wanted.every(has);
  return found && !terms.some((term) => !term.wanted && has(term));
}

/**
 * A question for `sql.hasWords` and `sql.answers`, for whichever engine reads it. What `hasWords` finds may be more than
 * what answers the question: phrases count as their words there, and unwanted terms not at all.
 *
 * @param asked what `hasWords` asks for, when that is less than the whole question.
 */
export function searchParameter(question: SearchQuestion, asked: SearchQuestion = question): string {
  const { terms, any } = question;
  const wanted = terms.filter((term) => term.wanted);
  const unwanted = terms.filter((term) => !term.wanted);
  return JSON.stringify({
    tsquery: tsquery(asked.terms.filter((term) => term.wanted).map(ofIndex), any),
    tsexact: tsquery([tsquery(wanted.map(inPlace), any), ...unwanted.map((term) => `!(${inPlace(term)})`)], false),
    like: any ? '%' : `%${longestWord(wanted)}%`,
    boolean: asked.terms
      .filter((term) => term.wanted)
      .map((term) => `${any ? '' : '+'}(${booleanOf(term)})`)
      .join(' '),
    regexp: regexpOf(wanted, unwanted, any),
  });
}

const lexeme = (word: string, prefix: boolean): string => `'${word}'${prefix ? ':*' : ''}`;

function lexemes({ words, prefix }: SearchTerm): string[] {
  const last = words.length - 1;
  // The end of a word that was cut may be anything.
  return words.map((word, index) => lexeme(word, (prefix && index === last) || [...word].length >= WORD_MAX));
}

const ofIndex = (term: SearchTerm): string => [...new Set(lexemes(term))].join(' & ');
const inPlace = (term: SearchTerm): string => lexemes(term).join(' <-> ');

function tsquery(parts: readonly string[], any: boolean): string {
  return parts
    .filter(Boolean)
    .map((part) => `(${part})`)
    .join(any ? ' | ' : ' & ');
}

/** A cheap look at a text, before it is taken apart. */
function longestWord(wanted: readonly SearchTerm[]): string {
  return wanted.flatMap((term) => term.words).reduce((a, b) => (b.length > a.length ? b : a), '');
}

function booleanOf({ words, prefix }: SearchTerm): string {
  const last = words.length - 1;
  return [...new Set(words.map((word, at) => (prefix && at === last ? `+${word}*` : `+${word}__`)))].join(' ');
}

function regexpOf(wanted: readonly SearchTerm[], unwanted: readonly SearchTerm[], any: boolean): string {
  const text = ({ words, prefix }: SearchTerm): string => ` ${words.join('__ ')}${prefix ? '' : '__ '}`;
  const ahead = (texts: readonly string[]): string => (texts.length === 0 ? '' : `(?=.*(?:${texts.join('|')}))`);
  const found = any ? ahead(wanted.map(text)) : wanted.map((term) => ahead([text(term)])).join('');
  return `(?s)^${found}${unwanted.map((term) => `(?!.*${text(term)})`).join('')}`;
}
