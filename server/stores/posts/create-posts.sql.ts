import { type SqlVocabulary, type Statement, statement, type StatementText } from '../../database/index.ts';
import { createPostsInSteps } from './create-posts-in-steps.sql.ts';
import { followersOfMany, followThreads } from './follow-threads.sql.ts';
import {
  attachable,
  batchParameters,
  type BatchShape,
  everyoneIn,
  fileColumns,
  inputColumns,
  insertColumns,
  rootOf,
  wantedFileColumns,
} from './post-input.sql.ts';

/** Those who have taken part, in the order of their first replies, joined with the new ones. */
export const mergedParticipants = `(
      SELECT json_agg(d.userid ORDER BY d.place)::text FROM (
        SELECT u.userid, min(u.place) AS place FROM (
          SELECT a.userid, a.place FROM json_array_elements_text(t.participants::json)
            WITH ORDINALITY AS a(userid, place)
          UNION ALL
          SELECT b.userid, b.place + 1000000 FROM json_array_elements_text(EXCLUDED.participants::json)
            WITH ORDINALITY AS b(userid, place)
        ) u GROUP BY u.userid
      ) d)`;

/**
 * Many posts and all that follows from them, in one statement and one commit. Everything is derived from the rows that
 * were really inserted, so executing it again changes nothing.
 *
 * The channels' rows are locked first and in the order of their ids: without that, two servers that post into the same
 * channels lock them in each other's way. Under the lock of its channel nobody else touches a thread, a root or a
 * member's counters.
 *
 * $1 the posts as a JSON list; with mentions a list of `{postid, userid}`; with files a list of `{fileid, postid}`; with
 * replies a list of `{postid, userid, mentioned}`, whom they bring into their threads.
 */
function createPosts(sql: SqlVocabulary, shape: BatchShape): StatementText {
  if (!sql.can.writeInCte) return createPostsInSteps(sql, shape);
  return `
WITH input AS MATERIALIZED (
  SELECT * FROM ${sql.rows('$1', shape.files ? { ...inputColumns, ...fileColumns } : inputColumns, 'i')}
), channel AS MATERIALIZED (
  SELECT c.id, c.deleteat FROM channels c WHERE c.id IN (SELECT channelid FROM input) ORDER BY c.id FOR UPDATE
)${shape.files ? `, ${lockedFiles(sql, shape)}` : ''}, judged AS MATERIALIZED (${judgedPosts(shape)}
), inserted AS (
  INSERT INTO posts (${insertColumns}${shape.files ? ', files' : ''})
  SELECT id, createat, createat, userid, channelid, rootid, pendingpostid, type, message, props, hashtags, fileids
    ${shape.files ? ', files' : ''}
  FROM judged WHERE refusal IS NULL ORDER BY createat
  ON CONFLICT DO NOTHING
  RETURNING id
), placed AS MATERIALIZED (
  SELECT i.id, i.channelid, i.userid, i.rootid, i.createat, i.marksread, i.everyone,
    sum(i.counted) OVER places AS msgs,
    sum(CASE WHEN i.rootid = '' THEN i.counted ELSE 0 END) OVER places AS rootmsgs
  FROM inserted s JOIN input i ON i.id = s.id
  WINDOW places AS (PARTITION BY i.channelid ORDER BY i.createat ROWS UNBOUNDED PRECEDING)
), counted AS (
  UPDATE channels c SET
    lastpostat = GREATEST(c.lastpostat, n.lastat), lastrootpostat = GREATEST(c.lastrootpostat, n.lastrootat),
    totalmsgcount = c.totalmsgcount + n.msgs, totalmsgcountroot = c.totalmsgcountroot + n.rootmsgs
  FROM (
    SELECT channelid, max(createat) AS lastat, max(CASE WHEN rootid = '' THEN createat ELSE 0 END) AS lastrootat,
      max(msgs) AS msgs, max(rootmsgs) AS rootmsgs
    FROM placed GROUP BY channelid
  ) n
  WHERE c.id = n.channelid
  RETURNING c.id, c.totalmsgcount - n.msgs AS msgsbefore, c.totalmsgcountroot - n.rootmsgs AS rootmsgsbefore
), own AS MATERIALIZED (
  SELECT channelid, userid, max(createat) AS at, max(msgs) AS msgs, max(rootmsgs) AS rootmsgs
  FROM placed WHERE marksread GROUP BY channelid, userid
), ${shape.mentions ? mentionsOfMany(sql) : ''} member AS (
  UPDATE channelmembers m SET
    msgcount = GREATEST(m.msgcount, COALESCE(n.msgs, 0)),
    msgcountroot = GREATEST(m.msgcountroot, COALESCE(n.rootmsgs, 0)),
    lastviewedat = GREATEST(m.lastviewedat, COALESCE(n.at, 0)),
    lastupdateat = GREATEST(m.lastupdateat, n.changedat),
    mentioncount = CASE WHEN n.at IS NULL THEN m.mentioncount ELSE 0 END + n.mentions,
    mentioncountroot = CASE WHEN n.at IS NULL THEN m.mentioncountroot ELSE 0 END + n.rootmentions,
    urgentmentioncount = CASE WHEN n.at IS NULL THEN m.urgentmentioncount ELSE 0 END
  FROM (${shape.mentions ? changedMembers : changedAuthors}) n
  WHERE m.channelid = n.channelid AND m.userid = n.userid
)${shape.replies ? `, ${threadsOfMany}, ${followersOfReplies(sql, shape)}` : ''}${shape.files ? `, ${attachedFiles}` : ''}
SELECT j.id, j.refusal, s.id IS NOT NULL AS inserted,
  ${shape.replies ? 't.replycount, t.lastreplyat' : '0::bigint AS replycount, 0::bigint AS lastreplyat'},
  ${shape.mentions ? 'x.mentioned' : 'NULL'} AS mentioned
FROM judged j LEFT JOIN inserted s ON s.id = j.id
${shape.replies ? 'LEFT JOIN thread t ON t.postid = j.rootid' : ''}
${
  shape.mentions
    ? `LEFT JOIN (SELECT postid, string_agg(userid, ',') AS mentioned FROM pair GROUP BY postid) x ON x.postid = j.id`
    : ''
}`;
}

/**
 * `file` is what the posts may take of what they want. The files are locked, in the order of their ids: a post of another
 * server that wants one of them waits, and finds it taken.
 */
function lockedFiles(sql: SqlVocabulary, shape: BatchShape): string {
  return `file AS MATERIALIZED (
  SELECT f.id, w.postid
  FROM ${sql.rows(batchParameters(shape).files, wantedFileColumns, 'w')}
  JOIN input i ON i.id = w.postid JOIN fileinfo f ON f.id = w.fileid AND ${attachable}
  ORDER BY f.id FOR UPDATE OF f
)`;
}

const attachedFiles = `attached AS (
  UPDATE fileinfo f SET postid = w.postid FROM file w JOIN inserted s ON s.id = w.postid
  WHERE f.id = w.id
)`;

/** Every post with the reason why it cannot be written, or null. */
function judgedPosts(shape: BatchShape): string {
  const root = rootOf(shape);
  return `
  SELECT i.*, CASE
    WHEN c.id IS NULL THEN 'no_channel'
    WHEN c.deleteat <> 0 THEN 'archived'
    WHEN i.membersonly AND m.userid IS NULL THEN 'not_member'
    ${root.refusal}
    ${shape.files ? `WHEN i.filecount <> (SELECT count(*) FROM file f WHERE f.postid = i.id) THEN 'files'` : ''}
  END AS refusal
  FROM input i
  LEFT JOIN channel c ON c.id = i.channelid
  LEFT JOIN channelmembers m ON m.channelid = i.channelid AND m.userid = i.userid
  ${root.join}`;
}

/**
 * `pair` is who is mentioned by which post. A mention that the same user's later post of the batch has read away is not
 * counted in `mentioned`.
 */
function mentionsOfMany(sql: SqlVocabulary): string {
  return `pair AS MATERIALIZED (
  SELECT p.id AS postid, p.channelid, p.rootid, p.createat, m.userid
  FROM placed p JOIN ${sql.rows('$2', { postid: 'text', userid: 'text' }, 'x')} ON x.postid = p.id
  JOIN channelmembers m ON m.channelid = p.channelid AND m.userid = x.userid AND m.userid <> p.userid
  UNION
  SELECT p.id, p.channelid, p.rootid, p.createat, m.userid
  FROM placed p JOIN channelmembers m ON m.channelid = p.channelid AND m.userid <> p.userid
  WHERE p.everyone AND ${everyoneIn('p.channelid')}
), mentioned AS MATERIALIZED (
  SELECT k.channelid, k.userid, max(k.createat) AS at, count(*) AS mentions,
    sum(CASE WHEN k.rootid = '' THEN 1 ELSE 0 END) AS rootmentions
  FROM pair k LEFT JOIN own o ON o.channelid = k.channelid AND o.userid = k.userid
  WHERE o.at IS NULL OR k.createat > o.at
  GROUP BY k.channelid, k.userid
),`;
}

const changedAuthors = `
    SELECT o.channelid, o.userid, o.at, o.at AS changedat, c.msgsbefore + o.msgs AS msgs,
      c.rootmsgsbefore + o.rootmsgs AS rootmsgs, 0 AS mentions, 0 AS rootmentions
    FROM own o JOIN counted c ON c.id = o.channelid`;

/** Authors and mentioned members in one list: two updates of one row in one statement would lose one of them. */
const changedMembers = `
    SELECT COALESCE(o.channelid, k.channelid) AS channelid, COALESCE(o.userid, k.userid) AS userid, o.at,
      GREATEST(COALESCE(o.at, 0), COALESCE(k.at, 0)) AS changedat, c.msgsbefore + o.msgs AS msgs,
      c.rootmsgsbefore + o.rootmsgs AS rootmsgs, COALESCE(k.mentions, 0) AS mentions,
      COALESCE(k.rootmentions, 0) AS rootmentions
    FROM own o FULL JOIN mentioned k ON k.channelid = o.channelid AND k.userid = o.userid
    JOIN counted c ON c.id = COALESCE(o.channelid, k.channelid)`;

const threadsOfMany = `reply AS MATERIALIZED (
  SELECT a.rootid, a.channelid, sum(a.n) AS n, max(a.lastat) AS lastat,
    json_agg(a.userid ORDER BY a.firstat)::text AS participants
  FROM (
    SELECT rootid, channelid, userid, count(*) AS n, min(createat) AS firstat, max(createat) AS lastat
    FROM placed WHERE rootid <> '' GROUP BY rootid, channelid, userid
  ) a GROUP BY a.rootid, a.channelid
), thread AS (
  INSERT INTO threads AS t (postid, channelid, replycount, lastreplyat, participants)
  SELECT rootid, channelid, n, lastat, participants FROM reply
  ON CONFLICT (postid) DO UPDATE SET
    replycount = t.replycount + EXCLUDED.replycount,
    lastreplyat = GREATEST(t.lastreplyat, EXCLUDED.lastreplyat),
    participants = ${mergedParticipants}
  RETURNING t.postid, t.replycount, t.lastreplyat
), root AS (
  UPDATE posts p SET updateat = GREATEST(p.updateat, r.lastat) FROM reply r WHERE p.id = r.rootid
)`;

function followersOfReplies(sql: SqlVocabulary, shape: BatchShape): string {
  return `followed AS (${followThreads(sql, followersOfMany(sql, 'placed p', batchParameters(shape).follows))})`;
}

/** Every shape has a statement of its own, which is prepared when it is first needed. */
const statements = new Map(
  [false, true].flatMap((replies) =>
    [false, true].flatMap((mentions) =>
      [false, true].map((files): [string, Statement] => {
        const shape = { replies, mentions, files };
        return [keyOf(shape), statement(`posts.create_many${keyOf(shape)}`, (sql) => createPosts(sql, shape))];
      }),
    ),
  ),
);

function keyOf({ replies, mentions, files }: BatchShape): string {
  return `${replies ? '_replying' : ''}${mentions ? '_mentioning' : ''}${files ? '_with_files' : ''}`;
}

/** The statement for a batch; only what the batch needs is in it. */
export function createManyStatement(shape: BatchShape): Statement {
  return statements.get(keyOf(shape)) as Statement;
}
