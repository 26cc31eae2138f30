import type { Choice, SearchText, TimeRange } from '../../stores/search/index.ts';
import { dayOf } from './days.ts';

/** What a line of search terms means. Names are in lower case and without `@` and `~`. */
export interface SearchTerms {
  readonly texts: readonly SearchText[];
  /** `from:`, names of users. */
  readonly from: Choice;
  /** `in:` and `channel:`, names of channels; `@name` is the direct channel with a user. */
  readonly in: Choice;
  /** `ext:`, of files. */
  readonly extensions: Choice;
  /** `on:`, `after:`, `before:` together; milliseconds, the end is not part of it. */
  readonly within: TimeRange;
  /** Days that were excluded with `-on:`. */
  readonly notWithin: readonly TimeRange[];
}

interface Token {
  readonly text: string;
  readonly quoted: boolean;
  readonly wanted: boolean;
}

type Operator = 'from' | 'in' | 'ext' | 'on' | 'before' | 'after';

const operators: Readonly<Record<string, Operator>> = {
  from: 'from',
  in: 'in',
  channel: 'in',
  ext: 'ext',
  on: 'on',
  before: 'before',
  after: 'after',
};

/** Texts in quotes (a missing last one is at the end), and whatever has no space in it; each may have a `-` in front. */
const TOKEN = /(-*)"([^"]*)(?:"|$)|(\S+)/gu;
const OPERATOR = /^([a-z]+):(.*)$/isu;

/**
 * Reads Mattermost's search terms. Nothing is an error: what makes no sense (a date that is none, an operator without a
 * value) asks for nothing.
 *
 * @param offsetSeconds how far the days of the one who asks are ahead of UTC.
 */
export function parseSearchTerms(terms: string, offsetSeconds: number): SearchTerms {
  const found = new Collector(offsetSeconds);
  const tokens = tokensOf(terms);
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] as Token;
    const operator = operatorOf(token);
    if (operator === undefined) found.addText(token);
    // `from: ada` is meant as `from:ada`.
    else found.add(operator.name, operator.value || (tokens[++at]?.text ?? ''), token.wanted);
  }
  return found.terms;
}

function tokensOf(terms: string): Token[] {
  return [...terms.matchAll(TOKEN)].map(([, minus = '', quoted, plain = '']) => {
    if (quoted !== undefined) return { text: quoted, quoted: true, wanted: minus === '' };
    const text = plain.replace(/^-+/, '');
    return { text, quoted: false, wanted: text === plain };
  });
}

function operatorOf({ text, quoted }: Token): { name: Operator; value: string } | undefined {
  if (quoted) return undefined;
  const [, name = '', value = ''] = OPERATOR.exec(text) ?? [];
  const operator = Object.hasOwn(operators, name.toLowerCase()) ? operators[name.toLowerCase()] : undefined;
  return operator && { name: operator, value };
}

class Collector {
  readonly #offsetSeconds: number;
  readonly #texts: SearchText[] = [];
  readonly #names = { from: newNames(), in: newNames(), ext: newNames() };
  readonly #notWithin: TimeRange[] = [];
  #within: TimeRange = { from: 0, until: Number.MAX_SAFE_INTEGER };

  constructor(offsetSeconds: number) {
    this.#offsetSeconds = offsetSeconds;
  }

  get terms(): SearchTerms {
    const { from, in: channels, ext } = this.#names;
    return {
      texts: this.#texts,
      from,
      in: channels,
      extensions: ext,
      within: this.#within,
      notWithin: this.#notWithin,
    };
  }

  addText({ text, quoted, wanted }: Token): void {
    const prefix = !quoted && text.endsWith('*');
    const hashtag = !quoted && text.startsWith('#');
    this.#texts.push({ text: hashtag ? text.slice(1) : text, prefix, wanted, hashtag });
  }

  add(operator: Operator, value: string, wanted: boolean): void {
    if (operator === 'on' || operator === 'before' || operator === 'after') this.#addDay(operator, value, wanted);
    else {
      const name = nameOf(operator, value);
      if (name !== '') this.#names[operator][wanted ? 'wanted' : 'unwanted'].push(name);
    }
  }

  #addDay(operator: 'on' | 'before' | 'after', value: string, wanted: boolean): void {
    const day = dayOf(value, this.#offsetSeconds);
    if (day === undefined) return;
    if (operator === 'on' && !wanted) this.#notWithin.push(day);
    else if (operator === 'on') this.#narrow(day.from, day.until);
    // Not before a day is on it or later, and not after it is on it or earlier.
    else if (operator === 'before') {
      if (wanted) this.#narrow(0, day.from);
      else this.#narrow(day.from, Number.MAX_SAFE_INTEGER);
    } else if (wanted) this.#narrow(day.until, Number.MAX_SAFE_INTEGER);
    else this.#narrow(0, day.until);
  }

  #narrow(from: number, until: number): void {
    this.#within = { from: Math.max(this.#within.from, from), until: Math.min(this.#within.until, until) };
  }
}

const newNames = (): { wanted: string[]; unwanted: string[] } => ({ wanted: [], unwanted: [] });

function nameOf(operator: 'from' | 'in' | 'ext', value: string): string {
  const name = value.toLowerCase().replace(/^"|[",]+$/g, '');
  if (operator === 'from') return name.replace(/^@/, '');
  return operator === 'in' ? name.replace(/^~/, '') : name.replace(/^\./, '');
}
