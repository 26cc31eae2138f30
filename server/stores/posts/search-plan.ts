import { answers, type SearchQuestion, type SearchTerm } from '../../database/index.ts';
import { type Window, windows } from './search-posts.sql.ts';

/** What is known of the posts without looking for anything. */
export interface PostSample {
  /** Some of the newest posts, as `wordTextOf` gives them. */
  readonly posts: readonly string[];
  /** How many posts there are in all. */
  readonly total: number;
}

/** The ways to the rows: each is fast where another one is slow. */
export type SearchPlan =
  | { readonly by: 'index' }
  | { readonly by: 'channels' }
  /** From the newest post on, beginning with this window. */
  | { readonly by: 'time'; readonly window: Window };

export interface SearchCase {
  readonly question: SearchQuestion;
  readonly oneAuthor: boolean;
  /** How many posts of the result are needed: the page and all before it. */
  readonly needed: number;
}

/** By an index, so few rows are read at once whatever else is the case. */
const FEW = 5_000;
/** A word in more posts than this is not worth being looked up, when there is a rarer one beside it. */
const COMMON = 0.05;
/** An author's part of all posts, as long as nobody has counted. */
const AUTHOR_SHARE = 0.01;
/** What it costs to find a row by the full-text index, and to pass over one in there, of what it costs to read the next one. */
const [FIND, PASS] = [1.5, 0.2];

/** So many terms are looked for in the sample, wherever there are more: a line of search terms has room for hundreds. */
const LOOKED_FOR = 8;
/** The longest ones are the rarest. */
const mostTelling = (terms: readonly SearchTerm[]): readonly SearchTerm[] =>
  terms.length <= LOOKED_FOR ? terms : terms.toSorted((a, b) => lengthOf(b) - lengthOf(a)).slice(0, LOOKED_FOR);
const lengthOf = ({ words }: SearchTerm): number => words.reduce((sum, word) => sum + word.length, 0);

/** Which part of all posts answers the question, by the sample; never 0. */
function shareOf({ posts }: PostSample, { terms, any }: SearchQuestion): number {
  const isWanted = ({ wanted }: SearchTerm): boolean => wanted;
  const [wanted, unwanted] = [terms.filter(isWanted), terms.filter((term) => !isWanted(term))];
  const question = { terms: [...mostTelling(wanted), ...mostTelling(unwanted)], any };
  const count = posts.reduce((sum, text) => sum + (answers(question, text) ? 1 : 0), 0);
  return Math.max(count, 0.5) / Math.max(posts.length, 1);
}

const single = (term: SearchTerm): SearchQuestion => ({ terms: [{ ...term, wanted: true }], any: false });

/** What the index is asked for: few words, and none that nearly every post has, as long as something is left. */
export function indexQuestion(sample: PostSample, { terms, any }: SearchQuestion): SearchQuestion {
  const wanted = terms.filter((term) => term.wanted);
  if (any || wanted.length < 2) return { terms: wanted, any };
  const looked = mostTelling(wanted);
  const rare = looked.filter((term) => shareOf(sample, single(term)) <= COMMON);
  return { terms: rare.length > 0 ? rare : looked, any };
}

/** How many rows the index leads to, in the cost of reading one. */
function indexCost(sample: PostSample, question: SearchQuestion): number {
  const asked = indexQuestion(sample, question);
  if (asked.terms.length === 0) return Number.POSITIVE_INFINITY;
  const looked = mostTelling(asked.terms);
  const found = looked.reduce((sum, term) => sum + shareOf(sample, single(term)), 0);
  const lists = (found / looked.length) * asked.terms.length;
  return (FIND * shareOf(sample, asked) + PASS * lists) * sample.total;
}

/**
 * The cheapest way to the rows, in the number of rows that are read. `visible` counts the posts of the channels that are
 * looked at; it is asked only when the index alone is not good enough.
 */
export async function choosePlan(
  sample: PostSample,
  search: SearchCase,
  visible: () => Promise<number>,
): Promise<SearchPlan> {
  const { question, oneAuthor, needed } = search;
  const index = indexCost(sample, question);
  if (index <= FEW) return { by: 'index' };
  const channels = await visible();
  const share = shareOf(sample, question) * (oneAuthor ? 1 : Math.min(1, channels / Math.max(sample.total, 1)));
  const time = Math.min(needed / share, sample.total * (oneAuthor ? AUTHOR_SHARE : 1));
  const window = windows.find((each) => each >= time * 2) ?? Number.POSITIVE_INFINITY;
  // A window is read as a whole, unless an author has fewer posts than that.
  const cost = oneAuthor ? time : Math.min(window, sample.total);
  if (index <= Math.min(channels, cost)) return { by: 'index' };
  if (channels <= cost) return { by: 'channels' };
  // Few posts are read all at once.
  if (sample.total <= FEW) return { by: 'time', window: Number.POSITIVE_INFINITY };
  // All posts of an author are few, all posts of everybody are more than those of any channels.
  if (window === Number.POSITIVE_INFINITY && !oneAuthor) return { by: 'channels' };
  return { by: 'time', window };
}
