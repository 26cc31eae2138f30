import type { SqlVocabulary } from '../../database/index.ts';
import { upsertThreads } from './create-posts-in-steps.sql.ts';
import { followersOfOne, followThreads } from './follow-threads.sql.ts';
import { everyoneIn, insertColumns, type OnePostShape } from './post-input.sql.ts';

/**
 * The same as `createPost` for engines that cannot change rows inside of a query: several statements of one transaction,
 * which hand on what they found in variables of the session. It takes the same values and gives the same row. Every
 * change finds its rows by their keys, so that it waits for nobody else's.
 */
export function createPostInSteps(sql: SqlVocabulary, shape: OnePostShape): string[] {
  return [
    // Nobody else writes into the channel from here on. The aggregate is null when there is no channel.
    'SELECT MAX(deleteat) INTO @archived FROM channels WHERE id = $4 FOR UPDATE',
    judge(shape),
    insert(sql, shape),
    // It is there now and was not before.
    'SELECT COUNT(*) INTO @inserted FROM posts WHERE id = $1 AND @refusal IS NULL AND NOT @stored',
    countInChannel(shape),
    countForAuthor,
    ...(shape.reply ? [thread, touchRoot, follow(sql, shape)] : []),
    ...(shape.mentions ? [mention(sql, shape)] : []),
    answer(sql, shape),
  ];
}

function judge(shape: OnePostShape): string {
  const root = `WHEN NOT EXISTS (
    SELECT 1 FROM posts r WHERE r.id = $14 AND r.channelid = $4 AND r.rootid = '' AND r.deleteat = 0) THEN 'root'`;
  return `
SELECT EXISTS (SELECT 1 FROM posts WHERE id = $1), CASE
  WHEN @archived IS NULL THEN 'no_channel'
  WHEN @archived <> 0 THEN 'archived'
  WHEN $13 AND NOT EXISTS (SELECT 1 FROM channelmembers m WHERE m.channelid = $4 AND m.userid = $3) THEN 'not_member'
  ${shape.reply ? root : ''}
END INTO @stored, @refusal`;
}

function insert(sql: SqlVocabulary, shape: OnePostShape): string {
  return `
INSERT INTO posts (${insertColumns})
SELECT $1, $2, $2, $3, $4, ${shape.reply ? '$14' : `''`}, $5, $6, $7, $8, $9, $10
FROM (SELECT 1) AS one WHERE @refusal IS NULL AND NOT @stored
${sql.orIgnore('posts', ['id'])}`;
}

function countInChannel(shape: OnePostShape): string {
  const roots = ', lastrootpostat = GREATEST(lastrootpostat, $2), totalmsgcountroot = totalmsgcountroot + $11';
  return `
UPDATE channels SET lastpostat = GREATEST(lastpostat, $2), totalmsgcount = totalmsgcount + $11${shape.reply ? '' : roots}
WHERE id = $4 AND @inserted`;
}

/** The totals are those of the channel after this post. */
const countForAuthor = `
UPDATE channels c STRAIGHT_JOIN channelmembers m ON m.channelid = c.id AND m.userid = $3
SET m.msgcount = GREATEST(m.msgcount, c.totalmsgcount), m.msgcountroot = GREATEST(m.msgcountroot, c.totalmsgcountroot),
  m.lastviewedat = GREATEST(m.lastviewedat, $2), m.lastupdateat = GREATEST(m.lastupdateat, $2),
  m.mentioncount = 0, m.mentioncountroot = 0, m.urgentmentioncount = 0
WHERE c.id = $4 AND @inserted AND $12`;

const thread = upsertThreads(`SELECT $14, $4, 1, $2, CONCAT('["', $3, '"]') FROM (SELECT 1) AS one WHERE @inserted`);
const touchRoot = 'UPDATE posts SET updateat = GREATEST(updateat, $2) WHERE id = $14 AND @inserted';

function follow(sql: SqlVocabulary, shape: OnePostShape): string {
  const reply = {
    root: '$14',
    channel: '$4',
    author: '$3',
    createAt: '$2',
    marksRead: '$12',
    follows: '$15',
    everyone: shape.mentions ? '$17' : undefined,
  };
  return followThreads(sql, followersOfOne(sql, reply, '@inserted'));
}

/** The mentioned members `m`, joined to the list that names them. */
function mentioned(sql: SqlVocabulary, shape: OnePostShape): string {
  const [users, everyone] = shape.reply ? ['$16', '$17'] : ['$14', '$15'];
  return `(
  SELECT i.userid FROM ${sql.rows(users, { userid: 'key' }, 'i')}
  UNION
  SELECT m.userid FROM channelmembers m WHERE m.channelid = $4 AND ${everyone} AND ${everyoneIn('$4')}
) x STRAIGHT_JOIN channelmembers m ON m.channelid = $4 AND m.userid = x.userid AND m.userid <> $3`;
}

function mention(sql: SqlVocabulary, shape: OnePostShape): string {
  return `
UPDATE ${mentioned(sql, shape)}
SET m.mentioncount = m.mentioncount + 1, m.lastupdateat = GREATEST(m.lastupdateat, $2)
  ${shape.reply ? '' : ', m.mentioncountroot = m.mentioncountroot + 1'}
WHERE @inserted`;
}

function answer(sql: SqlVocabulary, shape: OnePostShape): string {
  const list = `(SELECT CAST(JSON_ARRAYAGG(m.userid) AS CHAR) FROM ${mentioned(sql, shape)} WHERE @inserted)`;
  return `
SELECT $1 AS id, @refusal AS refusal, @inserted = 1 AS inserted,
  ${shape.reply ? 't.replycount, t.lastreplyat' : 'NULL AS replycount, NULL AS lastreplyat'},
  ${shape.mentions ? list : 'NULL'} AS mentioned
FROM (SELECT 1) AS one ${shape.reply ? 'LEFT JOIN threads t ON t.postid = $14' : ''}`;
}
