import { type SqlVocabulary, type Statement, statement } from '../../database/index.ts';
import { joinThread, listedColumns } from './post-json.ts';

/** `since` answers at most this many posts, as Mattermost does. */
const SINCE_LIMIT = 1_000;

/**
 * The listed posts, newest first, then what their threads need to be shown. `listed` is a query of whole rows of
 * `posts`; `extras` one of the ids of further posts, out of `listed`.
 */
function listStatement(name: string, listed: string, extras: string): Statement {
  return statement(name, (sql) => listText(sql, listed, extras));
}

/**
 * A page has at most 200 posts, and its two neighbours. Said as a constant: the planner takes `LIMIT $n` for a tenth of
 * the channel, finds its general plan dear, and plans each request anew for longer than it then runs.
 */
const aPage = (rows: string): string => `SELECT * FROM (${rows}) page LIMIT 202`;

function listText(sql: SqlVocabulary, listed: string, extras: string): string {
  const columns = listedColumns(sql);
  return `
WITH listed AS (${listed}), extra AS (${extras})
SELECT TRUE AS listed, ${columns} FROM listed p ${joinThread}
UNION ALL
SELECT FALSE, ${columns} FROM extra e JOIN posts p ON p.id = e.id ${joinThread}
WHERE p.deleteat = 0 AND p.id NOT IN (SELECT id FROM listed)
ORDER BY listed DESC, createat DESC, id DESC`;
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
  `SELECT * FROM (
    SELECT * FROM posts WHERE channelid = $1 AND deleteat = 0 ORDER BY createat DESC, id DESC LIMIT 202
   ) page LIMIT $2`,
  threadsOfListed('$3'),
);

/** Uses ix_posts_page. $1 channel, $2 limit, $3 offset, $4 whether threads come in full. */
export const PAGE = listStatement(
  'posts.page',
  aPage(`SELECT * FROM posts WHERE channelid = $1 AND deleteat = 0 ORDER BY createat DESC, id DESC LIMIT $2 OFFSET $3`),
  threadsOfListed('$4'),
);

/** The pivot's place. Two scalar queries instead of a join: only so is the comparison a range of ix_posts_page. */
const pivot = `((SELECT createat FROM posts WHERE id = $2 AND channelid = $1), (SELECT id FROM posts WHERE id = $2))`;

/** Uses ix_posts_page. $1 channel, $2 pivot, $3 limit, $4 offset, $5 whether threads come in full. */
export const BEFORE = listStatement(
  'posts.before',
  aPage(`SELECT * FROM posts WHERE channelid = $1 AND deleteat = 0 AND (createat, id) < ${pivot}
   ORDER BY createat DESC, id DESC LIMIT $3 OFFSET $4`),
  threadsOfListed('$5'),
);

/** Uses ix_posts_page. $1 channel, $2 pivot, $3 limit, $4 offset, $5 whether threads come in full. */
export const AFTER = listStatement(
  'posts.after',
  aPage(`SELECT * FROM posts WHERE channelid = $1 AND deleteat = 0 AND (createat, id) > ${pivot}
   ORDER BY createat, id LIMIT $3 OFFSET $4`),
  threadsOfListed('$5'),
);

/** Uses ix_posts_updateat. $1 channel, $2 time; deleted posts are listed, histories of edited ones are not. */
export const SINCE = listStatement(
  'posts.since',
  `SELECT * FROM posts WHERE channelid = $1 AND updateat > $2 AND originalid = ''
   ORDER BY createat DESC, id DESC LIMIT ${SINCE_LIMIT}`,
  rootsOfListed,
);

/** Uses ix_posts_pinned. $1 channel. */
export const PINNED = listStatement(
  'posts.pinned',
  `SELECT * FROM posts WHERE channelid = $1 AND ispinned AND deleteat = 0`,
  rootsOfListed,
);

/** The root that $1 belongs to. */
const root = `(SELECT CASE WHEN rootid = '' THEN id ELSE rootid END FROM posts WHERE id = $1)`;
const rootOnly = `SELECT DISTINCT rootid AS id FROM listed`;

/** A whole thread. Uses ix_posts_rootid. $1 any post of it. */
export const THREAD = listStatement(
  'posts.thread',
  `SELECT * FROM posts WHERE id = ${root} AND deleteat = 0
   UNION ALL
   SELECT * FROM posts WHERE rootid = ${root} AND rootid <> '' AND deleteat = 0`,
  rootOnly,
);

/**
 * A part of a thread, and its root. Uses ix_posts_rootid. $1 any post of it, $2 and $3 the time and the id that the
 * part begins after, $4 limit.
 */
export const THREAD_DOWN = listStatement(
  'posts.thread_down',
  aPage(`SELECT * FROM posts WHERE rootid = ${root} AND rootid <> '' AND deleteat = 0 AND (createat, id) > ($2, $3)
   ORDER BY createat, id LIMIT $4`),
  `SELECT ${root} AS id`,
);

/** The same towards older replies. */
export const THREAD_UP = listStatement(
  'posts.thread_up',
  aPage(`SELECT * FROM posts WHERE rootid = ${root} AND rootid <> '' AND deleteat = 0 AND (createat, id) < ($2, $3)
   ORDER BY createat DESC, id DESC LIMIT $4`),
  `SELECT ${root} AS id`,
);

const lastViewed = `(SELECT lastviewedat FROM channelmembers WHERE channelid = $1 AND userid = $2)`;

/** Up to where the member has read. Uses ix_posts_page. $1 channel, $2 user, $3 limit, $4 whether threads come in full. */
export const READ = listStatement(
  'posts.read',
  aPage(`SELECT * FROM posts WHERE channelid = $1 AND deleteat = 0 AND createat <= ${lastViewed}
   ORDER BY createat DESC, id DESC LIMIT $3`),
  threadsOfListed('$4'),
);

/** From the oldest post that the member has not read. The same values. */
export const UNREAD = listStatement(
  'posts.unread',
  aPage(`SELECT * FROM posts WHERE channelid = $1 AND deleteat = 0 AND createat > ${lastViewed}
   ORDER BY createat, id LIMIT $3`),
  threadsOfListed('$4'),
);
