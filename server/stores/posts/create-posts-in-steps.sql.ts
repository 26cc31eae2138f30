import type { SqlVocabulary } from '../../database/index.ts';
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

/**
 * The same as `createPosts` for engines that cannot change rows inside of a query: several statements of one transaction,
 * which hand on what they found in variables of the session, as JSON lists. They answer with the same rows.
 *
 * A change reads its list first and looks the rows up (STRAIGHT_JOIN): a scan would wait for rows that others have locked.
 *
 * $1 the posts as a JSON list, ordered by channel; with mentions a list of `{postid, userid}`; with files a list of
 * `{fileid, postid}`, ordered by file; with replies a list of `{postid, userid, mentioned}`.
 */
export function createPostsInSteps(sql: SqlVocabulary, shape: BatchShape): string[] {
  return [
    keepLists(shape),
    lockChannels(sql),
    ...(shape.files ? [lockFiles(sql)] : []),
    judge(sql, shape),
    insert(sql, shape),
    place(sql),
    countInChannels(sql),
    shape.mentions ? countForMembers(sql, mentionedOf(sql)) : countForMembers(sql, ''),
    ...(shape.replies ? [countInThreads(sql), touchRoots(sql), follow(sql)] : []),
    ...(shape.files ? [attachFiles(sql)] : []),
    answer(sql, shape),
  ];
}

function keepLists(shape: BatchShape): string {
  const { mentions, files, follows } = batchParameters(shape);
  return (
    `SET @posts = $1${shape.mentions ? `, @mentions = ${mentions}` : ''}` +
    `${shape.files ? `, @files = ${files}` : ''}${shape.replies ? `, @follows = ${follows}` : ''}`
  );
}

function follow(sql: SqlVocabulary): string {
  return followThreads(sql, followersOfMany(sql, placed(sql, 'p'), '@follows'));
}

/** The order of the list is that of the locks: two servers that post into the same channels would lock each other out. */
function lockChannels(sql: SqlVocabulary): string {
  return `
SELECT count(c.id) FROM ${sql.rows('@posts', { channelid: 'key' }, 'i')} STRAIGHT_JOIN channels c ON c.id = i.channelid
FOR UPDATE`;
}

/** A post of another server that wants one of these files waits, and finds it taken. */
function lockFiles(sql: SqlVocabulary): string {
  return `
SELECT count(f.id) FROM ${sql.rows('@files', wantedFileColumns, 'w')} STRAIGHT_JOIN fileinfo f ON f.id = w.fileid
FOR UPDATE`;
}

/** How many files each post may take of those that it wants, by post. */
function attachableFiles(sql: SqlVocabulary): string {
  return `(
  SELECT w.postid, COUNT(*) AS n FROM ${sql.rows('@files', wantedFileColumns, 'w')}
  JOIN ${sql.rows('@posts', { id: 'key', userid: 'key', channelid: 'key' }, 'i')} ON i.id = w.postid
  JOIN fileinfo f ON f.id = w.fileid AND ${attachable}
  GROUP BY w.postid)`;
}

function attachFiles(sql: SqlVocabulary): string {
  return `
UPDATE (
  SELECT w.fileid, w.postid FROM ${sql.rows('@files', wantedFileColumns, 'w')} JOIN ${placed(sql, 'p')} ON p.id = w.postid
) n STRAIGHT_JOIN fileinfo f ON f.id = n.fileid
SET f.postid = n.postid`;
}

/** What the later steps need of each post, with the reason why it cannot be written, and whether it was there before. */
function judge(sql: SqlVocabulary, shape: BatchShape): string {
  const root = rootOf(shape);
  return `
SELECT JSON_ARRAYAGG(JSON_OBJECT('id', i.id, 'channelid', i.channelid, 'userid', i.userid, 'rootid', i.rootid,
  'createat', i.createat, 'counted', i.counted, 'marksread', i.marksread, 'everyone', i.everyone,
  'stored', p.id IS NOT NULL, 'refusal', CASE
    WHEN c.id IS NULL THEN 'no_channel'
    WHEN c.deleteat <> 0 THEN 'archived'
    WHEN i.membersonly AND m.userid IS NULL THEN 'not_member'
    ${root.refusal}
    ${shape.files ? `WHEN i.filecount <> COALESCE(x.n, 0) THEN 'files'` : ''}
    ELSE '' END)) INTO @judged
FROM ${sql.rows('@posts', shape.files ? { ...judgedColumns, ...fileColumns } : judgedColumns, 'i')}
LEFT JOIN channels c ON c.id = i.channelid
LEFT JOIN channelmembers m ON m.channelid = i.channelid AND m.userid = i.userid
LEFT JOIN posts p ON p.id = i.id
${root.join}
${shape.files ? `LEFT JOIN ${attachableFiles(sql)} x ON x.postid = i.id` : ''}`;
}

const judgedColumns = {
  id: 'key',
  channelid: 'key',
  userid: 'key',
  rootid: 'key',
  createat: 'bigint',
  counted: 'bigint',
  marksread: 'boolean',
  everyone: 'boolean',
  membersonly: 'boolean',
  stored: 'boolean',
  refusal: 'key',
} as const;

function insert(sql: SqlVocabulary, shape: BatchShape): string {
  const columns = shape.files ? { ...inputColumns, ...fileColumns } : inputColumns;
  return `
INSERT INTO posts (${insertColumns}${shape.files ? ', files' : ''})
SELECT i.id, i.createat, i.createat, i.userid, i.channelid, i.rootid, i.pendingpostid, i.type, i.message, i.props,
  i.hashtags, i.fileids${shape.files ? ', i.files' : ''}
FROM ${sql.rows('@judged', judgedColumns, 'j')} STRAIGHT_JOIN ${sql.rows('@posts', columns, 'i')} ON i.id = j.id
WHERE j.refusal = '' AND NOT j.stored
${sql.orIgnore('posts', ['id'])}`;
}

/**
 * The posts that were really inserted: those that are there now and were not before, for nobody else writes into their
 * channels. Each with the totals of its channel when it has been counted.
 */
function place(sql: SqlVocabulary): string {
  return `
SELECT JSON_ARRAYAGG(JSON_OBJECT('id', n.id, 'channelid', n.channelid, 'userid', n.userid, 'rootid', n.rootid,
  'createat', n.createat, 'marksread', n.marksread, 'everyone', n.everyone, 'msgs', n.msgs, 'rootmsgs', n.rootmsgs))
  INTO @placed
FROM (
  SELECT j.id, j.channelid, j.userid, j.rootid, j.createat, j.marksread, j.everyone,
    c.totalmsgcount + SUM(j.counted) OVER places AS msgs,
    c.totalmsgcountroot + SUM(CASE WHEN j.rootid = '' THEN j.counted ELSE 0 END) OVER places AS rootmsgs
  FROM ${sql.rows('@judged', judgedColumns, 'j')} JOIN posts p ON p.id = j.id JOIN channels c ON c.id = j.channelid
  WHERE j.refusal = '' AND NOT j.stored
  WINDOW places AS (PARTITION BY j.channelid ORDER BY j.createat ROWS UNBOUNDED PRECEDING)
) n`;
}

/** The rows of `@placed`; nothing when no post was inserted. */
function placed(sql: SqlVocabulary, alias: string): string {
  return sql.rows(
    '@placed',
    {
      id: 'key',
      channelid: 'key',
      userid: 'key',
      rootid: 'key',
      createat: 'bigint',
      marksread: 'boolean',
      everyone: 'boolean',
      msgs: 'bigint',
      rootmsgs: 'bigint',
    },
    alias,
  );
}

function countInChannels(sql: SqlVocabulary): string {
  return `
UPDATE (
  SELECT channelid, MAX(createat) AS lastat, MAX(CASE WHEN rootid = '' THEN createat ELSE 0 END) AS lastrootat,
    MAX(msgs) AS msgs, MAX(rootmsgs) AS rootmsgs
  FROM ${placed(sql, 'p')} GROUP BY channelid
) n STRAIGHT_JOIN channels c ON c.id = n.channelid
SET c.lastpostat = GREATEST(c.lastpostat, n.lastat), c.lastrootpostat = GREATEST(c.lastrootpostat, n.lastrootat),
  c.totalmsgcount = n.msgs, c.totalmsgcountroot = n.rootmsgs`;
}

/** How far the authors have read by writing. */
function own(sql: SqlVocabulary): string {
  return `SELECT channelid, userid, MAX(createat) AS lastat, MAX(msgs) AS msgs, MAX(rootmsgs) AS rootmsgs
    FROM ${placed(sql, 'p')} WHERE marksread GROUP BY channelid, userid`;
}

/** Who is mentioned by which post. */
function pairs(sql: SqlVocabulary): string {
  const columns = 'p.id AS postid, p.channelid, p.rootid, p.createat, m.userid';
  return `
      SELECT ${columns} FROM ${placed(sql, 'p')}
      JOIN ${sql.rows('@mentions', { postid: 'key', userid: 'key' }, 'x')} ON x.postid = p.id
      JOIN channelmembers m ON m.channelid = p.channelid AND m.userid = x.userid AND m.userid <> p.userid
      UNION
      SELECT ${columns} FROM ${placed(sql, 'p')}
      JOIN channelmembers m ON m.channelid = p.channelid AND m.userid <> p.userid
      WHERE p.everyone AND ${everyoneIn('p.channelid')}`;
}

/** A mention that the same user's later post of the batch has read away is not counted. */
function mentionedOf(sql: SqlVocabulary): string {
  return `
    UNION ALL
    SELECT k.channelid, k.userid, NULL, k.createat, NULL, NULL, 1, CASE WHEN k.rootid = '' THEN 1 ELSE 0 END
    FROM (${pairs(sql)}
    ) k LEFT JOIN (${own(sql)}) o ON o.channelid = k.channelid AND o.userid = k.userid
    WHERE o.lastat IS NULL OR k.createat > o.lastat`;
}

/** Authors and mentioned members in one list, so that each row is changed once. */
function countForMembers(sql: SqlVocabulary, mentioned: string): string {
  return `
UPDATE (
  SELECT channelid, userid, MAX(ownat) AS ownat, MAX(changedat) AS changedat, MAX(msgs) AS msgs,
    MAX(rootmsgs) AS rootmsgs, SUM(mentions) AS mentions, SUM(rootmentions) AS rootmentions
  FROM (
    SELECT channelid, userid, lastat AS ownat, lastat AS changedat, msgs, rootmsgs, 0 AS mentions, 0 AS rootmentions
    FROM (${own(sql)}) w${mentioned}
  ) u GROUP BY channelid, userid
) n STRAIGHT_JOIN channelmembers m ON m.channelid = n.channelid AND m.userid = n.userid
SET m.msgcount = GREATEST(m.msgcount, COALESCE(n.msgs, 0)),
  m.msgcountroot = GREATEST(m.msgcountroot, COALESCE(n.rootmsgs, 0)),
  m.lastviewedat = GREATEST(m.lastviewedat, COALESCE(n.ownat, 0)),
  m.lastupdateat = GREATEST(m.lastupdateat, n.changedat),
  m.mentioncount = CASE WHEN n.ownat IS NULL THEN m.mentioncount ELSE 0 END + n.mentions,
  m.mentioncountroot = CASE WHEN n.ownat IS NULL THEN m.mentioncountroot ELSE 0 END + n.rootmentions,
  m.urgentmentioncount = CASE WHEN n.ownat IS NULL THEN m.urgentmentioncount ELSE 0 END`;
}

/**
 * Counts replies in their threads. `replies` is a query with one row for each reply, in their order: thread, channel, 1,
 * time, and the author as a JSON list, which joins the participants at their end unless it is among them.
 */
export function upsertThreads(replies: string): string {
  const author = 'SUBSTRING(VALUES(participants), 2, CHAR_LENGTH(VALUES(participants)) - 2)';
  return `
INSERT INTO threads (postid, channelid, replycount, lastreplyat, participants)
${replies}
ON DUPLICATE KEY UPDATE
  replycount = threads.replycount + 1,
  lastreplyat = GREATEST(threads.lastreplyat, VALUES(lastreplyat)),
  participants = CASE WHEN LOCATE(${author}, threads.participants) > 0 THEN threads.participants
    ELSE CONCAT(LEFT(threads.participants, CHAR_LENGTH(threads.participants) - 1), ',', ${author}, ']') END`;
}

function countInThreads(sql: SqlVocabulary): string {
  return upsertThreads(`SELECT p.rootid, p.channelid, 1, p.createat, CONCAT('["', p.userid, '"]')
FROM ${placed(sql, 'p')} WHERE p.rootid <> '' ORDER BY p.createat`);
}

function touchRoots(sql: SqlVocabulary): string {
  return `
UPDATE (
  SELECT rootid, MAX(createat) AS lastat FROM ${placed(sql, 'p')} WHERE rootid <> '' GROUP BY rootid
) n STRAIGHT_JOIN posts r ON r.id = n.rootid
SET r.updateat = GREATEST(r.updateat, n.lastat)`;
}

function answer(sql: SqlVocabulary, shape: BatchShape): string {
  return `
SELECT j.id, NULLIF(j.refusal, '') AS refusal, p.id IS NOT NULL AS inserted,
  ${shape.replies ? 't.replycount, t.lastreplyat' : 'NULL AS replycount, NULL AS lastreplyat'},
  ${shape.mentions ? 'CAST(x.mentioned AS CHAR)' : 'NULL'} AS mentioned
FROM ${sql.rows('@judged', judgedColumns, 'j')} LEFT JOIN ${placed(sql, 'p')} ON p.id = j.id
${shape.replies ? 'LEFT JOIN threads t ON t.postid = j.rootid' : ''}
${
  shape.mentions
    ? `LEFT JOIN (SELECT postid, JSON_ARRAYAGG(userid) AS mentioned FROM (${pairs(sql)}) k GROUP BY postid) x
  ON x.postid = j.id`
    : ''
}`;
}
