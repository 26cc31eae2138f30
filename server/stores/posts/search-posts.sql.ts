import { type SqlVocabulary, type Statement, statement } from '../../database/index.ts';
import { statementOnce } from '../built-query.ts';
import { inTime, isNoneOf, isOneOf, visible } from '../search/index.ts';
import { joinThread, listedColumns } from './post-json.ts';

// The values of every search: $1 to $5 the channels, $6 to $8 the time, $9 unwanted authors, $10 the author or a list of
// authors, $11 hashtags, $12 limit, $13 offset, and, when it asks for words, $14 the question.

/** How a search is asked, beside its values. */
export interface SearchShape {
  /** `$10` is one id, and not a list. */
  readonly oneAuthor: boolean;
  /** Whether rows are looked at for the words that they must have. */
  readonly reads: boolean;
}

/** The newest posts are looked through in windows: so many of them, then more, then all. */
export const windows = [500, 4_000, 16_000, 64_000, Number.POSITIVE_INFINITY] as const;
export type Window = (typeof windows)[number];

const author = (sql: SqlVocabulary, { oneAuthor }: SearchShape, row: string): string =>
  oneAuthor ? `${row}.userid = $10` : isOneOf(sql, `${row}.userid`, '$10');

const hashtags = (sql: SqlVocabulary): string => `($11 = '[]' OR NOT EXISTS (
  SELECT 1 FROM ${sql.rows('$11', { pattern: 'text', wanted: 'boolean' }, 'h')}
  WHERE (' ' || lower(p.hashtags) || ' ' LIKE h.pattern) <> h.wanted))`;

/**
 * What every found post is, out of `posts p`: no system message, not deleted, no old version. Its time is looked at in the row:
 * the planner, who does not know the values, would read all of ix_posts_createat beside the words.
 */
const found = (sql: SqlVocabulary, shape: SearchShape): string => `
  p.deleteat = 0 AND p.originalid = '' AND LEFT(p.type, 7) <> 'system_' AND ${inTime(sql, '(p.createat + 0)')}
  AND ${isNoneOf(sql, 'p.userid', '$9')} AND ${author(sql, shape, 'p')} AND ${hashtags(sql)}
  ${shape.reads ? `AND ${sql.answers('p.message', '$14')}` : ''}`;

/** As a value, and not as a join: looked up for each row before its text is read, and the order of the rows stays. */
const isVisible = (sql: SqlVocabulary): string => `(p.channelid IN (SELECT m.channelid ${visible(sql)})) IS TRUE`;
const aPage = 'ORDER BY p.createat DESC, p.id DESC LIMIT $12 OFFSET $13';

/** By ft_posts_message. Kept apart from the rest, so that nothing else than the index leads to the rows. */
const byIndex = (sql: SqlVocabulary, shape: SearchShape): string => `
  SELECT p.id, p.createat FROM (${sql.can.shareCte ? 'SELECT * FROM hit' : hits(sql, shape)}) p
  WHERE ${isVisible(sql)} ${aPage}`;

const hits = (sql: SqlVocabulary, shape: SearchShape): string => `
  SELECT p.id, p.createat, p.channelid FROM posts p
  WHERE ${sql.hasWords('p.message', '$14')} AND ${found(sql, shape)}`;

/** By ix_posts_createat or ix_posts_userid, backwards. Only keys where a derived table is written down. */
const byTime =
  (window: Window) =>
  (sql: SqlVocabulary, shape: SearchShape): string => {
    const rest = `WHERE ${found(sql, shape)} AND ${isVisible(sql)} ${aPage}`;
    if (window === Number.POSITIVE_INFINITY) return `SELECT p.id, p.createat FROM posts p ${rest}`;
    const newest = (columns: string, hint: string): string => `SELECT ${columns} FROM posts w ${hint}
      WHERE w.deleteat = 0 AND w.originalid = '' AND w.createat >= $6 AND w.createat < $7
        ${shape.oneAuthor ? `AND ${author(sql, shape, 'w')}` : ''}
      ORDER BY w.createat DESC, w.id DESC LIMIT ${window}`;
    if (sql.can.shareCte) return `SELECT p.id, p.createat FROM (${newest('*', '')}) p ${rest}`;
    const index = shape.oneAuthor ? 'ix_posts_userid' : 'ix_posts_createat';
    return `SELECT p.id, p.createat
      FROM (${newest('w.id', `FORCE INDEX (${index})`)}) n STRAIGHT_JOIN posts p ON p.id = n.id ${rest}`;
  };

/** By ix_posts_page, channel by channel. `OFFSET 0` keeps the order first and the conditions behind it: few rows are read then. */
const byChannel = (sql: SqlVocabulary, shape: SearchShape): string =>
  sql.can.lateral
    ? `SELECT p.id, p.createat FROM (SELECT m.channelid ${visible(sql)}) v CROSS JOIN LATERAL (
         SELECT p.id, p.createat FROM (
           SELECT * FROM posts w WHERE w.channelid = v.channelid AND w.deleteat = 0
           ORDER BY w.createat DESC, w.id DESC OFFSET 0) p
         WHERE ${found(sql, shape)}
         ORDER BY p.createat DESC, p.id DESC LIMIT CAST($12 AS BIGINT) + CAST($13 AS BIGINT)) p ${aPage}`
    : `SELECT p.id, p.createat FROM (SELECT DISTINCT m.channelid ${visible(sql)}) v
       STRAIGHT_JOIN posts p FORCE INDEX (ix_posts_page) ON p.channelid = v.channelid
       WHERE ${found(sql, shape)} ${aPage}`;

function searchBy(kind: string, shape: SearchShape, rows: (sql: SqlVocabulary, shape: SearchShape) => string) {
  const name = `posts.search_${kind}.${shape.oneAuthor ? 'a' : 'l'}${shape.reads ? 'r' : ''}`;
  return statementOnce(name, (sql) => listed(sql, rows(sql, shape), kind === 'index' ? hits(sql, shape) : ''));
}

/** The found posts as a list has them. */
function listed(sql: SqlVocabulary, rows: string, hit: string): string {
  const first = hit !== '' && sql.can.shareCte ? `hit AS MATERIALIZED (${hit}), ` : '';
  // At most a page. Said as a constant: for a `LIMIT $n` the planner thinks of a tenth of all posts, and reads them all.
  return `WITH ${first}found AS (SELECT * FROM (${rows}) page LIMIT 200)
    SELECT ${listedColumns(sql)} FROM found k JOIN posts p ON p.id = k.id ${joinThread}
    ORDER BY k.createat DESC, k.id DESC`;
}

export const searchByIndex = (shape: SearchShape): Statement => searchBy('index', shape, byIndex);
export const searchByChannel = (shape: SearchShape): Statement => searchBy('channels', shape, byChannel);
export const searchByTime = (shape: SearchShape, window: Window): Statement =>
  searchBy(`time${Number.isFinite(window) ? window : ''}`, shape, byTime(window));

/** How many posts the channels have that are looked at, replies and deleted ones included. $1 to $5. */
export const VISIBLE_POSTS = statement(
  'posts.search_visible',
  (sql) => `SELECT COALESCE(SUM(c.totalmsgcount), 0) AS n ${visible(sql)}`,
);

/** How many posts a sample has: enough to tell what is in one of a hundred. */
export const SAMPLE_SIZE = 2_000;
/** Characters of each: all searches wait while the sample is looked through. */
export const SAMPLE_TEXT = 300;
/** Uses ix_posts_createat. */
export const SAMPLE = statement(
  'posts.search_sample',
  `SELECT LEFT(p.message, ${SAMPLE_TEXT}) AS message FROM posts p WHERE p.deleteat = 0 AND p.originalid = ''
   ORDER BY p.createat DESC, p.id DESC LIMIT ${SAMPLE_SIZE}`,
);
export const ALL_POSTS = statement('posts.search_all', 'SELECT COALESCE(SUM(c.totalmsgcount), 0) AS n FROM channels c');
