import { type SqlVocabulary, type Statement, statement } from '../../database/index.ts';
import { joinThread, listedColumns } from './post-json.ts';

/** `since` answers at most this many posts, as Mattermost does. */
const SINCE_LIMIT = 1_000;

type Query = (sql: SqlVocabulary) => string;

/**
 * The listed posts, newest first, then what their threads need to be shown. `listed` is a query of rows of `posts`;
 * `extras` one of the ids of further posts, out of `listed`.
 */
function listStatement(name: string, listed: Query, extras: string): Statement {
  return statement(name, (sql) => (sql.can.shareCte ? listByRows : listByKeys)(sql, listed(sql), extras));
}

/** The posts to list: whole rows, unless the engine computes them anew for each of their uses. */
const posts = (sql: SqlVocabulary): string => `SELECT ${sql.can.shareCte ? '*' : 'id, rootid, createat'} FROM posts`;

/**
 * A page has at most 200 posts, and its two neighbours. Said as a constant: the planner takes `LIMIT $n` for a tenth of
 * the channel, finds its general plan dear, and plans each request anew for longer than it then runs.
 */
const aPage = (rows: string): string => `SELECT * FROM (${rows}) page LIMIT 202`;

function listByRows(sql: SqlVocabulary, listed: string, extras: string): string {
  const columns = listedColumns(sql);
  return `
WITH listed AS (${listed}), extra AS (${extras})
SELECT TRUE AS listed, ${columns} FROM listed p ${joinThread}
UNION ALL
SELECT FALSE, ${columns} FROM extra e JOIN posts p ON p.id = e.id ${joinThread}
WHERE p.deleteat = 0 AND p.id NOT IN (SELECT id FROM listed)
ORDER BY listed DESC, createat DESC, id DESC`;
}

/** Only keys are put together and sorted, and the rows looked up in that order: no text goes through a temporary table. */
function listByKeys(sql: SqlVocabulary, listed: string, extras: string): string {
  return `
WITH listed AS (${listed}), extra AS (${extras})
SELECT k.listed = 1 AS listed, ${listedColumns(sql)}
FROM (
  SELECT u.id, MAX(u.createat) AS createat, MAX(u.listed) AS listed
  FROM (SELECT id, createat, 1 AS listed FROM listed UNION ALL SELECT id, 0, 0 FROM extra) u GROUP BY u.id
) k JOIN posts p ON p.id = k.id ${joinThread}
WHERE k.listed = 1 OR p.deleteat = 0
ORDER BY k.listed DESC, k.createat DESC, k.id DESC`;
}

const rootsOfListed = `SELECT DISTINCT rootid AS id FROM listed WHERE rootid <> ''`;

/** The roots of the listed replies and, unless the caller wants them skipped, all the other replies to them. */
function threadsOfListed(full: string): string {
  return `${rootsOfListed}
  UNION
  SELECT q.id FROM (${rootsOfListed}) r JOIN posts q ON q.rootid = r.id AND q.rootid <> '' WHERE ${full}`;
}

/** The newest page, which is asked for most. Uses ix_posts_page. $1 channel, $2 limit, $3 whether threads come in full. */
export const NEWEST_PAGE = listStatement(
  'posts.newest_page',
  // The inner limit is for the planner, as above; no more than the outer one asks for is read.
  (sql) => `SELECT * FROM (
    ${posts(sql)} WHERE channelid = $1 AND deleteat = 0 ORDER BY createat DESC, id DESC LIMIT 202
   ) page LIMIT $2`,
  threadsOfListed('$3'),
);

/** Uses ix_posts_page. $1 channel, $2 limit, $3 offset, $4 whether threads come in full. */
export const PAGE = listStatement(
  'posts.page',
  (sql) =>
    aPage(`${posts(sql)} WHERE channelid = $1 AND deleteat = 0 ORDER BY createat DESC, id DESC LIMIT $2 OFFSET $3`),
  threadsOfListed('$4'),
);

/** The pivot's place. Two scalar queries instead of a join: only so is the comparison a range of ix_posts_page. */
const pivot = [
  '(SELECT createat FROM posts WHERE id = $2 AND channelid = $1)',
  '(SELECT id FROM posts WHERE id = $2)',
] as const;
const place = ['createat', 'id'] as const;

/** Uses ix_posts_page. $1 channel, $2 pivot, $3 limit, $4 offset, $5 whether threads come in full. */
export const BEFORE = listStatement(
  'posts.before',
  (sql) =>
    aPage(`${posts(sql)} WHERE channelid = $1 AND deleteat = 0 AND ${sql.rowBefore(place, pivot)}
   ORDER BY createat DESC, id DESC LIMIT $3 OFFSET $4`),
  threadsOfListed('$5'),
);

/** Uses ix_posts_page. $1 channel, $2 pivot, $3 limit, $4 offset, $5 whether threads come in full. */
export const AFTER = listStatement(
  'posts.after',
  (sql) =>
    aPage(`${posts(sql)} WHERE channelid = $1 AND deleteat = 0 AND ${sql.rowAfter(place, pivot)}
   ORDER BY createat, id LIMIT $3 OFFSET $4`),
  threadsOfListed('$5'),
);

/** Uses ix_posts_updateat. $1 channel, $2 time; deleted posts are listed, histories of edited ones are not. */
export const SINCE = listStatement(
  'posts.since',
  (sql) => `${posts(sql)} WHERE channelid = $1 AND updateat > $2 AND originalid = ''
   ORDER BY createat DESC, id DESC LIMIT ${SINCE_LIMIT}`,
  rootsOfListed,
);

/** Uses ix_posts_pinned. $1 channel. */
export const PINNED = listStatement(
  'posts.pinned',
  (sql) => `${posts(sql)} WHERE channelid = $1 AND ispinned AND deleteat = 0`,
  rootsOfListed,
);

/** The root that $1 belongs to. */
const root = `(SELECT CASE WHEN rootid = '' THEN id ELSE rootid END FROM posts WHERE id = $1)`;
const rootOnly = `SELECT DISTINCT rootid AS id FROM listed`;

/** A whole thread. Uses ix_posts_rootid. $1 any post of it. */
export const THREAD = listStatement(
  'posts.thread',
  (sql) => `${posts(sql)} WHERE id = ${root} AND deleteat = 0
   UNION ALL
   ${posts(sql)} WHERE rootid = ${root} AND rootid <> '' AND deleteat = 0`,
  rootOnly,
);

/**
 * A part of a thread, and its root. Uses ix_posts_rootid. $1 any post of it, $2 and $3 the time and the id that the
 * part begins after, $4 limit.
 */
export const THREAD_DOWN = listStatement(
  'posts.thread_down',
  (sql) =>
    aPage(`${posts(sql)} WHERE rootid = ${root} AND rootid <> '' AND deleteat = 0
   AND ${sql.rowAfter(place, ['$2', '$3'])} ORDER BY createat, id LIMIT $4`),
  `SELECT ${root} AS id`,
);

/** The same towards older replies. */
export const THREAD_UP = listStatement(
  'posts.thread_up',
  (sql) =>
    aPage(`${posts(sql)} WHERE rootid = ${root} AND rootid <> '' AND deleteat = 0
   AND ${sql.rowBefore(place, ['$2', '$3'])} ORDER BY createat DESC, id DESC LIMIT $4`),
  `SELECT ${root} AS id`,
);

const lastViewed = `(SELECT lastviewedat FROM channelmembers WHERE channelid = $1 AND userid = $2)`;

/** Up to where the member has read. Uses ix_posts_page. $1 channel, $2 user, $3 limit, $4 whether threads come in full. */
export const READ = listStatement(
  'posts.read',
  (sql) =>
    aPage(`${posts(sql)} WHERE channelid = $1 AND deleteat = 0 AND createat <= ${lastViewed}
   ORDER BY createat DESC, id DESC LIMIT $3`),
  threadsOfListed('$4'),
);

/** From the oldest post that the member has not read. The same values. */
export const UNREAD = listStatement(
  'posts.unread',
  (sql) =>
    aPage(`${posts(sql)} WHERE channelid = $1 AND deleteat = 0 AND createat > ${lastViewed}
   ORDER BY createat, id LIMIT $3`),
  threadsOfListed('$4'),
);
