import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSearchTerms, type SearchTerms } from './search-terms.ts';

const parse = (terms: string, offset = 0): SearchTerms => parseSearchTerms(terms, offset);
/** The texts as short signs: `-` unwanted, `#` hashtag, `*` prefix. */
const texts = (terms: string): string[] =>
  parse(terms).texts.map(
    ({ text, prefix, wanted, hashtag }) => `${wanted ? '' : '-'}${hashtag ? '#' : ''}${text}${prefix ? '  *' : ''}`,
  );
const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);
const END = Number.MAX_SAFE_INTEGER;

describe('words', () => {
  it.each([
    ['hello  world', ['hello', 'world']],
    ['"hello world" again', ['hello world', 'again']],
    ['-bad --worse good', ['-bad', '-worse', 'good']],
    ['-"not this" that', ['-not this', 'that']],
    ['wor* "no prefix*"', ['wor*  *', 'no prefix*']],
    ['#release -#draft #v1*', ['#release', '-#draft', '#v1*  *']],
    ['"never closed', ['never closed']],
    ['https://example.com/a 12:30 from', ['https://example.com/a', '12:30', 'from']],
    ['"from:ada"', ['from:ada']],
    ['toString:x constructor:y __proto__:z', ['toString:x', 'constructor:y', '__proto__:z']],
    ['東京 "会議 資料"', ['東京', '会議 資料']],
    ['  ', []],
  ])('%s', (terms, expected) => {
    expect(texts(terms)).toEqual(expected);
  });
});

describe('operators', () => {
  it('name users, channels and kinds of files', () => {
    const terms = parse(
      'from:@Ada FROM:bob -from:eve in:~Town-Square channel:x -in:off in:@zoe ext:.PDF -ext:png word',
    );
    expect(terms.from).toEqual({ wanted: ['ada', 'bob'], unwanted: ['eve'] });
    expect(terms.in).toEqual({ wanted: ['town-square', 'x', '@zoe'], unwanted: ['off'] });
    expect(terms.extensions).toEqual({ wanted: ['pdf'], unwanted: ['png'] });
    expect(terms.texts.map(({ text }) => text)).toEqual(['word']);
  });

  it('take the next word when they have none of their own, and nothing at the end', () => {
    expect(parse('from: ada hello in:').from.wanted).toEqual(['ada']);
    expect(parse('from: ada hello in:').in.wanted).toEqual([]);
    expect(texts('from: ada hello in:')).toEqual(['hello']);
  });
});

describe('days', () => {
  it.each([
    ['on:2024-02-29', day('2024-02-29'), day('2024-03-01')],
    ['after:2024-02-28', day('2024-02-29'), END],
    ['before:2024-2-9', 0, day('2024-02-09')],
    ['after:2024-01-01 before:2024-01-05', day('2024-01-02'), day('2024-01-05')],
    ['-before:2024-01-01 -after:2024-01-05', day('2024-01-01'), day('2024-01-06')],
    ['on:2024-02-30 before:yesterday after: on:', 0, END],
    ['before:1800-01-01', 0, END],
  ])('%s', (terms, from, until) => {
    expect(parse(terms).within).toEqual({ from, until });
  });

  it('are those of the one who asks', () => {
    const berlin = parse('on:2024-07-01', 7_200).within;
    expect(new Date(berlin.from).toISOString()).toBe('2024-06-30T22:00:00.000Z');
    expect(parse('-on:2024-07-01', -18_000).notWithin).toEqual([
      { from: day('2024-07-01') + 18_000_000, until: day('2024-07-02') + 18_000_000 },
    ]);
  });
});

describe('any text', () => {
  const word = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom('from:', '-in:', '"', '-"', '#', '*', 'on:2024-01-01', '-', '--', 'ext:', 'a"b', '-from:"'),
  );
  const line = fc.array(word, { maxLength: 12 }).map((words) => words.join(' '));

  it('is read without an error, and gives nothing that was not there', () => {
    fc.assert(
      fc.property(line, fc.integer({ min: -50_400, max: 50_400 }), (terms, offset) => {
        const { texts: found, within, from, in: channels, extensions } = parseSearchTerms(terms, offset);
        for (const { text } of found) expect(terms).toContain(text);
        for (const name of [from, channels, extensions].flatMap((names) => [...names.wanted, ...names.unwanted])) {
          expect(terms.toLowerCase()).toContain(name);
          expect(name).not.toBe('');
        }
        expect(Number.isSafeInteger(within.from) && Number.isSafeInteger(within.until)).toBe(true);
      }),
    );
  });

  it('with every term negated wants none of it', () => {
    const plain = fc.array(fc.stringMatching(/^[a-z0-9]{1,8}$/), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(plain, (words) => {
        expect(texts(words.join(' '))).toEqual(words);
        expect(texts(words.map((each) => `-${each}`).join(' '))).toEqual(words.map((each) => `-${each}`));
        expect(parse(`"${words.join(' ')}"`).texts.map(({ text }) => text)).toEqual([words.join(' ')]);
      }),
    );
  });
});
