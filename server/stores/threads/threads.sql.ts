import { type SqlVocabulary, type Statement, statement } from '../../database/index.ts';
import { postColumns } from '../posts/index.ts';

/** Only members of the channel follow its threads, whatever their rows say. `f` is the membership. */
const places = `
  JOIN threads t ON t.postid = f.postid
  JOIN channels c ON c.id = t.channelid
  JOIN channelmembers m ON m.channelid = t.channelid AND m.userid = f.userid
  JOIN posts p ON p.id = f.postid`;

const isUnread = 't.lastreplyat > f.lastviewed';

/** Of the thread of `f`. Uses ix_posts_rootid. */
const unreadReplies = `(SELECT count(*) FROM posts r
    WHERE r.rootid = f.postid AND r.rootid <> '' AND r.createat > f.lastviewed AND r.deleteat = 0)`;

/** Threads of a team, and of the direct and group channels, which every team shows. $1 user, $2 team. */
const ofTeam = `f.userid = $1 AND f.following AND (c.teamid = $2 OR c.teamid = '')`;

function threadColumns(sql: SqlVocabulary): string {
  return `${postColumns(sql)}, t.replycount, t.lastreplyat, f.lastviewed, f.unreadmentions, f.following,
    ${unreadReplies} AS unreadreplies`;
}

/**
 * A page of threads. The keys are found first and the rest is looked up for those that are listed. Uses
 * ix_threadmemberships_userid. $1 user, $2 team, $3 whether deleted ones are wanted, $4 whether only unread ones are,
 * $5 time: only what has changed since, $6 limit, then the pivot.
 */
function pageOf(name: string, order: 'ASC' | 'DESC', beyond: (sql: SqlVocabulary) => string): Statement {
  return statement(name, (sql) => {
    return `
  SELECT ${threadColumns(sql)}
  FROM (
    SELECT f.postid FROM threadmemberships f ${places}
    WHERE ${ofTeam} AND ($3 OR p.deleteat = 0) AND (NOT $4 OR ${isUnread})
      AND (f.lastupdated >= $5 OR t.lastreplyat >= $5) ${beyond(sql)}
    ORDER BY t.lastreplyat ${order}, t.postid ${order} LIMIT $6
  ) k
  JOIN threadmemberships f ON f.postid = k.postid AND f.userid = $1
  JOIN threads t ON t.postid = k.postid JOIN posts p ON p.id = k.postid
  ORDER BY t.lastreplyat ${order}, t.postid ${order}`;
  });
}

const place = ['t.lastreplyat', 't.postid'] as const;
const pivot = ['(SELECT lastreplyat FROM threads WHERE postid = $7)', '$7'] as const;

export const NEWEST = pageOf('threads.newest', 'DESC', () => '');
export const BEFORE = pageOf('threads.before', 'DESC', (sql) => `AND ${sql.rowBefore(place, pivot)}`);
/** Nearest to the pivot first, as Mattermost. */
export const AFTER = pageOf('threads.after', 'ASC', (sql) => `AND ${sql.rowAfter(place, pivot)}`);

/** $1 user, $2 thread. */
export const ONE = statement(
  'threads.one',
  (sql) => `SELECT ${threadColumns(sql)} FROM threadmemberships f ${places} WHERE f.userid = $1 AND f.postid = $2`,
);

/** $1 user, $2 team, $3 whether deleted ones count. */
export const TOTALS = statement(
  'threads.totals',
  `SELECT count(*) AS total, COALESCE(sum(CASE WHEN ${isUnread} THEN 1 ELSE 0 END), 0) AS unread,
     COALESCE(sum(f.unreadmentions), 0) AS mentions
   FROM threadmemberships f ${places} WHERE ${ofTeam} AND ($3 OR p.deleteat = 0)`,
);

/** Unread threads of each team of its own. $1 user. */
export const UNREAD_BY_TEAM = statement(
  'threads.unread_by_team',
  `SELECT c.teamid, sum(CASE WHEN ${isUnread} THEN 1 ELSE 0 END) AS unread, sum(f.unreadmentions) AS mentions
   FROM threadmemberships f ${places}
   WHERE f.userid = $1 AND f.following AND c.teamid <> '' AND c.deleteat = 0 AND p.deleteat = 0
   GROUP BY c.teamid`,
);

/**
 * Everybody who follows a thread, with how much of it is new to them. Asked at each reply: most have read up to the same place, or
 * nothing, so replies are counted for each place and not for each of them. $1 thread.
 */
export const FOLLOWERS = statement(
  'threads.followers',
  `SELECT f.userid, f.lastviewed, f.unreadmentions, n.unreadreplies
   FROM threadmemberships f ${places}
   JOIN (
     SELECT v.lastviewed, count(r.id) AS unreadreplies
     FROM (SELECT DISTINCT lastviewed FROM threadmemberships WHERE postid = $1 AND following) v
     LEFT JOIN posts r ON r.rootid = $1 AND r.rootid <> '' AND r.createat > v.lastviewed AND r.deleteat = 0
     GROUP BY v.lastviewed
   ) n ON n.lastviewed = f.lastviewed
   WHERE f.postid = $1 AND f.following ORDER BY f.userid`,
);

/** What is new in a thread, oldest first. Uses ix_posts_rootid. $1 thread, $2 time. */
export const REPLIES_AFTER = statement(
  'threads.replies_after',
  `SELECT id, userid, rootid, message FROM posts
   WHERE rootid = $1 AND rootid <> '' AND createat > $2 AND deleteat = 0 ORDER BY createat, id`,
);

/** When the last reply came; what is read is read up to there, however the clocks go. */
const lastReplyOf = (id: string): string => `(SELECT t.lastreplyat FROM threads t WHERE t.postid = ${id})`;

/** Who begins to follow has read what there is. $1 thread, $2 user, $3 whether it is followed, $4 time. */
export const FOLLOW = statement(
  'threads.follow',
  (sql) => `
  INSERT INTO threadmemberships (postid, userid, following, lastviewed, lastupdated, unreadmentions)
  SELECT p.id, $2, $3, CASE WHEN $3 THEN ${sql.greatest(lastReplyOf('p.id'), '$4')} ELSE 0 END, $4, 0
  FROM posts p WHERE p.id = $1
  ${sql.orIgnore('threadmemberships', ['postid', 'userid'])}`,
);
/** The same values. Whoever follows already keeps what is unread. */
export const CHANGE_FOLLOW = statement(
  'threads.change_follow',
  (sql) => `
  UPDATE threadmemberships SET
    lastviewed = CASE WHEN $3 THEN ${sql.greatest('lastviewed', sql.greatest(lastReplyOf('$1'), '$4'))} ELSE lastviewed END,
    unreadmentions = CASE WHEN $3 THEN 0 ELSE unreadmentions END,
    following = $3, lastupdated = ${sql.greatest('lastupdated', '$4')}
  WHERE postid = $1 AND userid = $2 AND following <> $3`,
);

/** $1 thread, $2 user, $3 up to when it is read, $4 mentions after that, $5 time. */
export const MARK_READ = statement(
  'threads.mark_read',
  (sql) => `
  UPDATE threadmemberships SET lastviewed = $3, unreadmentions = $4, lastupdated = ${sql.greatest('lastupdated', '$5')}
  WHERE postid = $1 AND userid = $2`,
);

const isNew = `(${isUnread} OR f.unreadmentions > 0)`;

/** Nothing moves backwards. The rows are locked in the order of their threads. $1 user, $2 team, $3 time. */
export const MARK_ALL_READ = statement('threads.mark_all_read', (sql) =>
  sql.can.writeInCte
    ? `
  WITH place AS MATERIALIZED (
    SELECT f.postid, t.lastreplyat FROM threadmemberships f ${places}
    WHERE ${ofTeam} AND ${isNew} ORDER BY f.postid FOR UPDATE OF f
  )
  UPDATE threadmemberships f SET
    lastviewed = GREATEST(f.lastviewed, k.lastreplyat, $3), lastupdated = GREATEST(f.lastupdated, $3), unreadmentions = 0
  FROM place k WHERE f.postid = k.postid AND f.userid = $1`
    : `
  UPDATE threadmemberships f ${places} SET
    f.lastviewed = GREATEST(f.lastviewed, t.lastreplyat, $3), f.lastupdated = GREATEST(f.lastupdated, $3),
    f.unreadmentions = 0
  WHERE ${ofTeam} AND ${isNew}`,
);
