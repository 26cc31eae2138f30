import { type SqlVocabulary, type Statement, statement } from '../../database/index.ts';
import { joinThread, listedColumns } from './post-json.ts';

/** `since` answers at most this many posts, as Mattermost does. */
const SINCE_LIMIT = 1_000;

type Query = (sql: SqlVocabulary) => string;

/** A list as it is, and as clients ask for it that show threads apart from their channels. */
export interface ListStatements {
  readonly plain: Statement;
  /** Only roots, and of each whether the user follows it. A user's id takes the place of the plain statement's last value. */
  readonly collapsed: Statement;
}

/**
 * What changes with every change of what a channel's posts show. The newest change alone would not do: another server's clock may be
 * behind, and a post that was begun earlier may be written later; the count of posts rises with each. Two rows by their
 * indexes (ix_posts_updateat). $1 channel.
 */
const channelState = `(SELECT c.totalmsgcount || '.' || COALESCE((SELECT MAX(s.updateat) FROM posts s WHERE s.channelid = $1), 0)
  FROM channels c WHERE c.id = $1)`;
export const CHANNEL_STATE = statement('posts.channel_state', `SELECT ${channelState} AS state`);

type ListQuery = (sql: SqlVocabulary, roots: string) => string;

/**
 * `listed` is a query of rows of `posts`, with `roots` in its condition; `extras` one of the ids of further posts, out of
 * `listed`; `user` is where the user's id stands among the values of the collapsed list.
 */
function lists(name: string, listed: ListQuery, extras: string, user: string): ListStatements {
  const roots = `rootid = '' AND`;
  return {
    plain: listStatement(name, (sql) => listed(sql, ''), extras, { columns: `, ${channelState} AS state`, join: '' }),
    collapsed: listStatement(`${name}_collapsed`, (sql) => listed(sql, roots), rootsOfListed, followedBy(user)),
  };
}

/** The listed posts, newest first, then what their threads need to be shown. */
function listStatement(name: string, listed: Query, extras: string, more: Further = nothingMore): Statement {
  return statement(name, (sql) => (sql.can.shareCte ? listByRows : listByKeys)(sql, listed(sql), extras, more));
}

/** What a list has beside its posts: columns, and what they are read from. */
interface Further {
  readonly columns: string;
  readonly join: string;
}
const nothingMore: Further = { columns: '', join: '' };

/** Whether the user follows the thread of the root `p`. */
const followingColumn = `, CASE WHEN p.rootid = '' THEN COALESCE(f.following, FALSE) END AS following`;

/** The posts to list: whole rows, unless the engine computes them anew for each of their uses. */
const posts = (sql: SqlVocabulary): string => `SELECT ${sql.can.shareCte ? '*' : 'id, rootid, createat'} FROM posts`;

/**
 * A page has at most 200 posts, and its two neighbours. Said as a constant: the planner takes `LIMIT $n` for a tenth of
 * the channel, finds its general plan dear, and plans each request anew for longer than it then runs.
 */
const aPage = (rows: string): string => `SELECT * FROM (${rows}) page LIMIT 202`;

function listByRows(sql: SqlVocabulary, listed: string, extras: string, more: Further): string {
  const columns = listedColumns(sql) + more.columns;
  const join = joinThread + more.join;
  return `
WITH listed AS (${listed}), extra AS (${extras})
SELECT TRUE AS listed, ${columns} FROM listed p ${join}
UNION ALL
SELECT FALSE, ${columns} FROM extra e JOIN posts p ON p.id = e.id ${join}
WHERE p.deleteat = 0 AND p.id NOT IN (SELECT id FROM listed)
ORDER BY listed DESC, createat DESC, id DESC`;
}

/** Only keys are put together and sorted, and the rows looked up in that order: no text goes through a temporary table. */
function listByKeys(sql: SqlVocabulary, listed: string, extras: string, more: Further): string {
  const columns = listedColumns(sql) + more.columns;
  return `
WITH listed AS (${listed}), extra AS (${extras})
SELECT k.listed = 1 AS listed, ${columns}
FROM (
  SELECT u.id, MAX(u.createat) AS createat, MAX(u.listed) AS listed
  FROM (SELECT id, createat, 1 AS listed FROM listed UNION ALL SELECT id, 0, 0 FROM extra) u GROUP BY u.id
) k JOIN posts p ON p.id = k.id ${joinThread}${more.join}
WHERE k.listed = 1 OR p.deleteat = 0
ORDER BY k.listed DESC, k.createat DESC, k.id DESC`;
}

function followedBy(user: string): Further {
  const join = ` LEFT JOIN threadmemberships f ON f.postid = p.id AND f.userid = ${user}`;
  return { columns: followingColumn, join };
}

const rootsOfListed = `SELECT DISTINCT rootid AS id FROM listed WHERE rootid <> ''`;

/** The roots of the listed replies and, unless the caller wants them skipped, all the other replies to them. */
function threadsOfListed(full: string): string {
  return `${rootsOfListed}
  UNION
  SELECT q.id FROM (${rootsOfListed}) r JOIN posts q ON q.rootid = r.id AND q.rootid <> '' WHERE ${full}`;
}

/** The newest page, which is asked for most. Uses ix_posts_page. $1 channel, $2 limit, $3 whether threads come in full. */
export const NEWEST_PAGE = lists(
  'posts.newest_page',
  // The inner limit is for the planner, as above; no more than the outer one asks for is read.
  (sql, roots) => `SELECT * FROM (
    ${posts(sql)} WHERE ${roots} channelid = $1 AND deleteat = 0 ORDER BY createat DESC, id DESC LIMIT 202
   ) page LIMIT $2`,
  threadsOfListed('$3'),
  '$3',
);

/** Uses ix_posts_page. $1 channel, $2 limit, $3 offset, $4 whether threads come in full. */
export const PAGE = lists(
  'posts.page',
  (sql, roots) =>
    aPage(
      `${posts(sql)} WHERE ${roots} channelid = $1 AND deleteat = 0 ORDER BY createat DESC, id DESC LIMIT $2 OFFSET $3`,
    ),
  threadsOfListed('$4'),
  '$4',
);

/** The pivot's place. Two scalar queries instead of a join: only so is the comparison a range of ix_posts_page. */
const pivot = [
  '(SELECT createat FROM posts WHERE id = $2 AND channelid = $1)',
  '(SELECT id FROM posts WHERE id = $2)',
] as const;
const place = ['createat', 'id'] as const;

/** Uses ix_posts_page. $1 channel, $2 pivot, $3 limit, $4 offset, $5 whether threads come in full. */
export const BEFORE = lists(
  'posts.before',
  (sql, roots) =>
    aPage(`${posts(sql)} WHERE ${roots} channelid = $1 AND deleteat = 0 AND ${sql.rowBefore(place, pivot)}
   ORDER BY createat DESC, id DESC LIMIT $3 OFFSET $4`),
  threadsOfListed('$5'),
  '$5',
);

/** Uses ix_posts_page. $1 channel, $2 pivot, $3 limit, $4 offset, $5 whether threads come in full. */
export const AFTER = lists(
  'posts.after',
  (sql, roots) =>
    aPage(`${posts(sql)} WHERE ${roots} channelid = $1 AND deleteat = 0 AND ${sql.rowAfter(place, pivot)}
   ORDER BY createat, id LIMIT $3 OFFSET $4`),
  threadsOfListed('$5'),
  '$5',
);

/** Uses ix_posts_updateat. $1 channel, $2 time; deleted posts are listed, histories of edited ones are not. */
export const SINCE = lists(
  'posts.since',
  (sql, roots) => `${posts(sql)} WHERE ${roots} channelid = $1 AND updateat > $2 AND originalid = ''
   ORDER BY createat DESC, id DESC LIMIT ${SINCE_LIMIT}`,
  rootsOfListed,
  '$3',
);

/** Uses ix_posts_pinned. $1 channel. */
export const PINNED = listStatement(
  'posts.pinned',
  (sql) => `${posts(sql)} WHERE channelid = $1 AND ispinned AND deleteat = 0`,
  rootsOfListed,
);

/**
 * Posts that a user has flagged, in channels that they are in: those of a team with the direct ones, or of one channel. By
 * the key of the preferences. $1 user, $2 team or empty, $3 channel or empty, $4 limit, $5 offset.
 */
export const FLAGGED = listStatement(
  'posts.flagged',
  (sql) =>
    aPage(`${posts(sql)} WHERE deleteat = 0 AND originalid = ''
   AND id IN (SELECT f.name FROM preferences f WHERE f.userid = $1 AND f.category = 'flagged_post' AND f.value = 'true')
   AND channelid IN (
     SELECT m.channelid FROM channelmembers m JOIN channels c ON c.id = m.channelid
     WHERE m.userid = $1 AND ($2 = '' OR c.teamid = $2 OR c.teamid = '') AND ($3 = '' OR c.id = $3))
   ORDER BY createat DESC, id DESC LIMIT $4 OFFSET $5`),
  rootsOfListed,
);

/** The root that $1 belongs to. */
const root = `(SELECT CASE WHEN rootid = '' THEN id ELSE rootid END FROM posts WHERE id = $1)`;
const rootOnly = `SELECT DISTINCT rootid AS id FROM listed`;

/** A thread is listed with all its replies either way. */
function threadLists(name: string, listed: Query, extras: string, user: string): ListStatements {
  return {
    plain: listStatement(name, listed, extras),
    collapsed: listStatement(`${name}_collapsed`, listed, extras, followedBy(user)),
  };
}

/** A whole thread. Uses ix_posts_rootid. $1 any post of it. */
export const THREAD = threadLists(
  'posts.thread',
  (sql) => `${posts(sql)} WHERE id = ${root} AND deleteat = 0
   UNION ALL
   ${posts(sql)} WHERE rootid = ${root} AND rootid <> '' AND deleteat = 0`,
  rootOnly,
  '$2',
);

/**
 * A part of a thread, and its root. Uses ix_posts_rootid. $1 any post of it, $2 and $3 the time and the id that the
 * part begins after, $4 limit.
 */
export const THREAD_DOWN = threadLists(
  'posts.thread_down',
  (sql) =>
    aPage(`${posts(sql)} WHERE rootid = ${root} AND rootid <> '' AND deleteat = 0
   AND ${sql.rowAfter(place, ['$2', '$3'])} ORDER BY createat, id LIMIT $4`),
  `SELECT ${root} AS id`,
  '$5',
);

/** The same towards older replies. */
export const THREAD_UP = threadLists(
  'posts.thread_up',
  (sql) =>
    aPage(`${posts(sql)} WHERE rootid = ${root} AND rootid <> '' AND deleteat = 0
   AND ${sql.rowBefore(place, ['$2', '$3'])} ORDER BY createat DESC, id DESC LIMIT $4`),
  `SELECT ${root} AS id`,
  '$5',
);

const lastViewed = `(SELECT lastviewedat FROM channelmembers WHERE channelid = $1 AND userid = $2)`;

/** Up to where the member has read. Uses ix_posts_page. $1 channel, $2 user, $3 limit, $4 whether threads come in full. */
export const READ = lists(
  'posts.read',
  (sql, roots) =>
    aPage(`${posts(sql)} WHERE ${roots} channelid = $1 AND deleteat = 0 AND createat <= ${lastViewed}
   ORDER BY createat DESC, id DESC LIMIT $3`),
  threadsOfListed('$4'),
  '$4',
);

/** From the oldest post that the member has not read. The same values. */
export const UNREAD = lists(
  'posts.unread',
  (sql, roots) =>
    aPage(`${posts(sql)} WHERE ${roots} channelid = $1 AND deleteat = 0 AND createat > ${lastViewed}
   ORDER BY createat, id LIMIT $3`),
  threadsOfListed('$4'),
  '$4',
);
