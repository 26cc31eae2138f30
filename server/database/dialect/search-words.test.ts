import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { search } from '../../migrations/steps/0010-search.ts';
import {
  answers,
  mysqlWords,
  postgresWords,
  searchParameter,
  type SearchTerm,
  wordsOf,
  wordTextOf,
} from './search-words.ts';

const term = (words: string, more: Partial<SearchTerm> = {}): SearchTerm => ({
  words: wordsOf(words),
  prefix: false,
  wanted: true,
  ...more,
});

describe('words', () => {
  it.each([
    ['The quick-BROWN fox_s', ['the', 'quick', 'brown', 'fox', 's']],
    ['https://a.b/c?d=1', ['https', 'a', 'b', 'c', 'd', '1']],
    ['東京tower', ['東', '京', 'tower']],
    ['น้ำ', ['น', '้', 'ำ']],
    ['회의를 Ärger', ['회', '의', '를', 'ärger']],
    ['ΟΔΟΣ İ', ['οδοσ', 'i']],
    ['🦆 -- !', []],
    ['x'.repeat(100), ['x'.repeat(80)]],
  ])('of %s', (text, expected) => {
    expect(wordsOf(text)).toEqual(expected);
  });

  it('hold nothing that a query language minds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        for (const word of wordsOf(text)) expect(word).toMatch(/^[\p{L}\p{M}\p{N}]{1,80}$/u);
      }),
    );
  });

  it('are made by the very text that the indexes were made with', () => {
    const { postgres = [], mysql = [] } = search.statements;
    expect(postgres.filter((text) => text.includes(postgresWords('message')))).toHaveLength(1);
    expect(postgres.filter((text) => text.includes(postgresWords('name')))).toHaveLength(1);
    expect(mysql.filter((text) => text.includes(mysqlWords('message')))).toHaveLength(1);
    expect(mysql.filter((text) => text.includes(mysqlWords('name')))).toHaveLength(1);
  });
});

describe('a question', () => {
  it('is put to each engine in its own words', () => {
    const terms = [term('to be'), term('wor', { prefix: true }), term('bad', { wanted: false })];
    expect(JSON.parse(searchParameter({ terms, any: false }))).toEqual({
      tsquery: `('to' & 'be') & ('wor':*)`,
      tsexact: `(('to' <-> 'be') & ('wor':*)) & (!('bad'))`,
      like: '%wor%',
      boolean: '+(+to__ +be__) +(+wor*)',
      regexp: '(?s)^(?=.*(?: to__ be__ ))(?=.*(?: wor))(?!.* bad__ )',
    });
    expect(JSON.parse(searchParameter({ terms, any: true }, { terms: [term('wor')], any: true }))).toEqual({
      tsquery: `('wor')`,
      tsexact: `(('to' <-> 'be') | ('wor':*)) & (!('bad'))`,
      like: '%',
      boolean: '(+wor__)',
      regexp: '(?s)^(?=.*(?: to__ be__ | wor))(?!.* bad__ )',
    });
  });

  it('is answered by a text that has its words', () => {
    const text = wordTextOf('One two, three');
    const ask = (any: boolean, ...terms: SearchTerm[]): boolean => answers({ terms, any }, text);
    expect(ask(false, term('two three'))).toBe(true);
    expect(ask(false, term('three two'))).toBe(false);
    expect(ask(false, term('thr'))).toBe(false);
    expect(ask(false, term('thr', { prefix: true }))).toBe(true);
    expect(ask(false, term('one'), term('four'))).toBe(false);
    expect(ask(true, term('one'), term('four'))).toBe(true);
    expect(ask(true, term('one'), term('two', { wanted: false }))).toBe(false);
    expect(ask(true, term('four', { wanted: false }))).toBe(true);
  });
});
