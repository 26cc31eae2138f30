import { describe, expect, it, vi } from 'vitest';
import { type SearchTerm, wordsOf, wordTextOf } from '../../database/index.ts';
import { choosePlan, indexQuestion, type PostSample, type SearchCase, type SearchPlan } from './search-plan.ts';

/** Of a hundred posts: `all` in each, `half` in every second one, `some` in ten, `few` in two, `one` in one. */
const posts = Array.from({ length: 100 }, (_, n) => {
  const [half, some, few] = [n % 2 === 0 ? 'half' : '', n % 10 === 0 ? 'some' : '', n % 50 === 0 ? 'few' : ''];
  return wordTextOf(`all ${half} ${some} ${few} ${n === 7 ? 'one' : ''}`);
});
const sample = (total: number): PostSample => ({ posts, total });
const ask = (...words: string[]): SearchTerm[] =>
  words.map((word) => ({ words: wordsOf(word), prefix: false, wanted: !word.startsWith('-') }));

async function plan(total: number, visible: number, words: string[], more: Partial<SearchCase> = {}) {
  let counted = 0;
  const question = { terms: ask(...words), any: false };
  const found = await choosePlan(sample(total), { question, oneAuthor: false, needed: 60, ...more }, async () => {
    counted++;
    return visible;
  });
  return { ...found, counted };
}
const way = async (...given: Parameters<typeof plan>): Promise<SearchPlan['by']> => (await plan(...given)).by;

describe('the way to the posts', () => {
  it('is the index for what is rare, without counting anything', async () => {
    expect(await plan(100_000, 100_000, ['missing'])).toEqual({ by: 'index', counted: 0 });
    expect(await plan(1_000_000, 1_000_000, ['missing', 'all'])).toEqual({ by: 'index', counted: 1 });
    expect(await way(1_000, 1_000, ['all'])).toBe('index');
  });

  it('is time for what nearly every post has', async () => {
    expect(await plan(1_000_000, 1_000_000, ['all'])).toMatchObject({ by: 'time', window: 500 });
    expect(await plan(1_000_000, 1_000_000, ['half'])).toMatchObject({ by: 'time', window: 500 });
    expect(await plan(1_000_000, 20_000, ['half'])).toMatchObject({ by: 'time', window: 16_000 });
  });

  it('is the channels of those who are in few of them', async () => {
    expect(await way(1_000_000, 500, ['all'])).toBe('channels');
    expect(await way(1_000_000, 500, [])).toBe('channels');
  });

  it('is time for all that an author has said, and for everything', async () => {
    expect(await way(1_000_000, 900_000, [], { oneAuthor: true })).toBe('time');
    expect(await way(1_000_000, 900_000, [])).toBe('time');
    expect(await way(1_000_000, 900_000, ['-all'])).toBe('time');
    expect(await plan(1_000, 900, [])).toMatchObject({ by: 'time', window: Number.POSITIVE_INFINITY });
  });
});

describe('a line of hundreds of terms', () => {
  const many = Array.from({ length: 340 }, (_, n) => `w${n}`);

  it.each([false, true])('is not looked for term by term in every post (any: %s)', async (any) => {
    const looks = vi.spyOn(String.prototype, 'includes');
    const question = { terms: [...ask(...many), ...ask(...many.map((word) => `-${word}`))], any };
    try {
      await choosePlan(sample(1_000_000), { question, oneAuthor: false, needed: 60 }, async () => 1_000_000);
      indexQuestion(sample(1_000_000), question);
      expect(looks.mock.calls.length).toBeLessThan(60 * posts.length);
    } finally {
      looks.mockRestore();
    }
  });

  it('is asked of the index by its longest ones, or as a whole where anything will do', () => {
    const terms = ask(...many, 'extraordinary');
    expect(indexQuestion(sample(1_000), { terms, any: false }).terms.map(({ words }) => words[0])).toContain(
      'extraordinary',
    );
    expect(indexQuestion(sample(1_000), { terms, any: true }).terms).toHaveLength(341);
  });
});

describe('the question to the index', () => {
  const words = (...asked: string[]): string[] =>
    indexQuestion(sample(1_000), { terms: ask(...asked), any: false }).terms.map((term) => term.words.join(' '));

  it('leaves out what is common, as long as something is left', () => {
    expect(words('all', 'few', 'half')).toEqual(['few']);
    expect(words('all', 'half')).toEqual(['all', 'half']);
    expect(words('all')).toEqual(['all']);
    expect(words('few', '-all')).toEqual(['few']);
  });

  it('keeps everything when anything will do', () => {
    const terms = ask('all', 'few');
    expect(indexQuestion(sample(1_000), { terms, any: true }).terms).toEqual(terms);
  });
});
