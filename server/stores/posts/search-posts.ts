import { setImmediate } from 'node:timers/promises';
import {
  type Database,
  type Row,
  searchParameter,
  type SqlValue,
  type Statement,
  wordTextOf,
} from '../../database/index.ts';
import {
  asksForSomething,
  listOf,
  questionOf,
  type SearchScope,
  type SearchText,
  timeValues,
  visibleValues,
} from '../search/index.ts';
import { listedTexts } from './find-posts.ts';
import { type ListedPost, postListJson } from './post-json.ts';
import { choosePlan, indexQuestion, type PostSample } from './search-plan.ts';
import { likeText } from '../like-text.ts';
import {
  ALL_POSTS,
  SAMPLE,
  searchByChannel,
  searchByIndex,
  searchByTime,
  VISIBLE_POSTS,
  type Window,
  windows,
} from './search-posts.sql.ts';

export interface PostSearch {
  /**
   * The posts that the user may read and that have what is asked for, newest first, as the JSON text of a `PostList`. From
   * a search replica, so it may lag.
   */
  search(scope: SearchScope): Promise<string>;
}

export interface PostSearchOptions {
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** How long a sample of the posts stands for all of them. */
const SAMPLE_MS = 10 * 60_000;
/** How many posts of a sample are taken apart at a time. */
const AT_ONCE = 50;

export function createPostSearch(database: Pick<Database, 'readStale'>, options: PostSearchOptions = {}): PostSearch {
  const sampler = createSampler(database, options.now ?? Date.now);
  return {
    async search(scope) {
      const question = questionOf(scope);
      if (!asksForSomething(scope, question)) return postListJson([], new Map(), { next: '', previous: '' });
      const rows = await find(database, scope, await sampler());
      const read = <R extends Row>(asked: Statement, ...values: string[]): Promise<R[]> =>
        database.readStale<R>(asked, ...values);
      const order = rows.map((row) => row.id);
      return postListJson(order, await listedTexts(read, rows), { next: '', previous: '' });
    },
  };
}

type Reader = Pick<Database, 'readStale'>;
type Sampler = () => Promise<PostSample>;

/** One sample for all searches of a while. The next one is made by the search that finds it too old. */
function createSampler(database: Reader, now: () => number): Sampler {
  let kept: { readonly sample: Promise<PostSample>; readonly until: number } | undefined;
  return () => {
    if (kept !== undefined && now() < kept.until) return kept.sample;
    const made = { sample: takeSample(database), until: now() + SAMPLE_MS };
    kept = made;
    made.sample.catch(() => {
      if (kept === made) kept = undefined;
    });
    return made.sample;
  };
}

async function takeSample(database: Reader): Promise<PostSample> {
  const [posts, [all]] = await Promise.all([
    database.readStale<{ message: string }>(SAMPLE),
    database.readStale<{ n: number }>(ALL_POSTS),
  ]);
  return { posts: await wordTexts(posts), total: Math.max(Number(all?.n ?? 0), posts.length) };
}

/** In between everybody else has a turn: all of them together are a tenth of a second of work. */
async function wordTexts(posts: readonly { readonly message: string }[]): Promise<string[]> {
  const texts: string[] = [];
  for (const { message } of posts) {
    texts.push(wordTextOf(message));
    if (texts.length % AT_ONCE === 0) await setImmediate();
  }
  return texts;
}

async function find(database: Reader, scope: SearchScope, sample: PostSample): Promise<ListedPost[]> {
  const question = questionOf(scope);
  const search = {
    question,
    oneAuthor: scope.authors.wanted.length === 1,
    needed: scope.offset + scope.limit,
  };
  const plan = await choosePlan(sample, search, () => visiblePosts(database, scope));
  if (plan.by === 'time') return findByTime(database, scope, plan.window);
  if (plan.by === 'channels') return database.readStale(searchByChannel(shapeOf(scope, true)), ...valuesOf(scope));
  const asked = indexQuestion(sample, question);
  // The index finds words, not where they stand, and nothing of what must not be there.
  const reads = asked.terms.length < question.terms.length || question.terms.some(({ words }) => words.length > 1);
  const parameter = searchParameter(question, asked);
  return database.readStale(searchByIndex(shapeOf(scope, reads)), ...valuesOf(scope, parameter));
}

/**
 * Window by window, until there are enough: those who ask for what everybody says get it out of the first one. What is hardly
 * there is at last read channel by channel, and not out of all posts.
 */
async function findByTime(database: Reader, scope: SearchScope, first: Window): Promise<ListedPost[]> {
  const shape = shapeOf(scope, true);
  for (const window of windows.filter((each) => each >= first && each < Number.POSITIVE_INFINITY)) {
    const rows = await database.readStale<ListedPost>(searchByTime(shape, window), ...valuesOf(scope));
    if (rows.length >= scope.limit) return rows;
  }
  const all = Number.POSITIVE_INFINITY;
  const rest = shape.oneAuthor || first === all ? searchByTime(shape, all) : searchByChannel(shape);
  return database.readStale(rest, ...valuesOf(scope));
}

async function visiblePosts(database: Reader, scope: SearchScope): Promise<number> {
  const [row] = await database.readStale<{ n: number }>(VISIBLE_POSTS, ...visibleValues(scope));
  return Number(row?.n ?? 0);
}

const shapeOf = (scope: SearchScope, reads: boolean) => ({
  oneAuthor: scope.authors.wanted.length === 1,
  reads: reads && questionOf(scope).terms.length > 0,
});

/** The question is a value only where something is asked. */
function valuesOf(scope: SearchScope, parameter?: string): SqlValue[] {
  const { authors, limit, offset } = scope;
  const [only = '', ...others] = authors.wanted;
  const question = questionOf(scope);
  const words = parameter ?? (question.terms.length > 0 ? searchParameter(question) : undefined);
  return [
    ...visibleValues(scope),
    ...timeValues(scope),
    listOf(authors.unwanted),
    only !== '' && others.length === 0 ? only : listOf(authors.wanted),
    JSON.stringify(scope.texts.filter(isHashtagOf(scope)).map(hashtagOf)),
    limit,
    offset,
    ...(words === undefined ? [] : [words]),
  ];
}

/** Where any of the texts will do, a wanted hashtag is one of them, as a word. */
const isHashtagOf =
  ({ any }: SearchScope) =>
  ({ hashtag, wanted }: SearchText): boolean =>
    hashtag && !(any && wanted);

/** A hashtag as a pattern for the hashtags of a post between spaces. */
function hashtagOf({ text, prefix, wanted }: SearchText): { pattern: string; wanted: boolean } {
  const tag = likeText((prefix ? text.replace(/\*+$/, '') : text).toLowerCase());
  return { pattern: `% #${tag}${prefix ? '' : ' '}%`, wanted };
}
