import { formatPath } from '../database/index.ts';

/** A place in a text; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface JsonFault extends Position {
  /** What is wrong there and, where it can be guessed, what to do. */
  readonly message: string;
}

/** Where each member of a JSON text begins, by path (`SqlSettings.DataSourceReplicas[0]`), and names that stand twice. */
export interface JsonMap {
  readonly positions: ReadonlyMap<string, Position>;
  readonly repeated: readonly { readonly path: string; readonly at: Position }[];
}

const MAX_DEPTH = 64;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** Leaves the scanner at once; never leaves this file. */
class Stop extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/**
 * Walks over a JSON text without building its value: `JSON.parse` says neither where a fault is (in short texts) nor
 * where a value stood, nor that a name stood twice.
 */
class Scanner {
  readonly #text: string;
  #at = 0;
  readonly offsets = new Map<string, number>();
  readonly repeated: { path: string; offset: number }[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  run(): void {
    this.#value([]);
    this.#space();
    if (this.#at < this.#text.length) this.#fail('The text goes on after its end: a } or a quote stands too early');
  }

  #value(path: readonly (string | number)[]): void {
    this.#space();
    if (path.length > MAX_DEPTH) this.#fail(`Nested deeper than ${MAX_DEPTH} levels`);
    this.offsets.set(formatPath(path), this.#at);
    const first = this.#text[this.#at];
    if (first === '{') this.#object(path);
    else if (first === '[') this.#array(path);
    else if (first === '"') this.#string();
    else if (!this.#take(LITERAL) && !this.#take(NUMBER)) this.#fail(this.#guess('A value is missing'));
  }

  #object(path: readonly (string | number)[]): void {
    const seen = new Set<string>();
    this.#at += 1;
    this.#space();
    if (this.#accept('}')) return;
    do {
      this.#space();
      const start = this.#at;
      if (this.#text[start] !== '"') this.#fail(this.#guess('A name in double quotes is missing'));
      const name = JSON.parse(this.#string()) as string;
      const inner = [...path, name];
      if (seen.has(name)) this.repeated.push({ path: formatPath(inner), offset: start });
      seen.add(name);
      this.#space();
      if (!this.#accept(':')) this.#fail('A colon is missing after the name');
      this.#value(inner);
      this.#space();
    } while (this.#accept(','));
    if (!this.#accept('}')) this.#fail(this.#guess('A comma or a } is missing before this'));
  }

  #array(path: readonly (string | number)[]): void {
    this.#at += 1;
    this.#space();
    if (this.#accept(']')) return;
    let index = 0;
    do {
      this.#value([...path, index]);
      index += 1;
      this.#space();
    } while (this.#accept(','));
    if (!this.#accept(']')) this.#fail(this.#guess('A comma or a ] is missing before this'));
  }

  /** Steps over a string and gives its source text. */
  #string(): string {
    const start = this.#at;
    this.#at += 1;
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined) this.#fail('The text ends inside of a string: a double quote is missing');
      if (character < ' ')
        this.#fail('A line break or control character stands in a string: a double quote is missing');
      if (character === '"') break;
      if (character === '\\') {
        if (!this.#take(ESCAPE)) this.#fail('A backslash in a string must be written twice');
      } else this.#at += 1;
    }
    this.#at += 1;
    return this.#text.slice(start, this.#at);
  }

  #space(): void {
    while (/[ \t\n\r]/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }

  #accept(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #guess(message: string): string {
    const rest = this.#text.slice(this.#at, this.#at + 2);
    if (rest === '') return 'The text ends too early: it is half-written, or a closing bracket is missing';
    if (/^(?:\/\/|\/\*|#)/.test(rest)) return 'JSON knows no comments';
    if (/^[\]}]/.test(rest)) return `${message}: the comma before it is one too many`;
    if (rest.startsWith("'")) return `${message}: use double quotes`;
    return message;
  }

  #fail(message: string): never {
    throw new Stop(message, this.#at);
  }
}

const positionOf = (text: string, offset: number): Position => {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
};

/** Positions for many offsets in one pass over the text; `offsets` must rise. */
const positionsOf = (text: string, offsets: ReadonlyMap<string, number>): ReadonlyMap<string, Position> => {
  let line = 1;
  let lineStart = 0;
  return new Map(
    [...offsets]
      .toSorted(([, a], [, b]) => a - b)
      .map(([path, offset]) => {
        for (let end = text.indexOf('\n', lineStart); end >= 0 && end < offset; end = text.indexOf('\n', lineStart)) {
          lineStart = end + 1;
          line += 1;
        }
        return [path, { line, column: offset - lineStart + 1 }];
      }),
  );
};

/** Checks that `text` is JSON and maps it; agrees with `JSON.parse` on every text up to 64 levels deep. */
export const scanJson = (text: string): { readonly fault: JsonFault } | { readonly map: JsonMap } => {
  const scanner = new Scanner(text);
  try {
    scanner.run();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { fault: { message: `${error.message}.`, ...positionOf(text, error.offset) } };
  }
  const repeated = scanner.repeated.map(({ path, offset }) => ({ path, at: positionOf(text, offset) }));
  return { map: { positions: positionsOf(text, scanner.offsets), repeated } };
};
