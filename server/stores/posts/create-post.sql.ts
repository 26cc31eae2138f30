import { type SqlVocabulary, type Statement, statement, type StatementText } from '../../database/index.ts';
import { createPostInSteps } from './create-post-in-steps.sql.ts';
import { mergedParticipants } from './create-posts.sql.ts';
import { followersOfOne, followThreads } from './follow-threads.sql.ts';
import { everyoneIn, insertColumns, type OnePostShape } from './post-input.sql.ts';

/**
 * A single post and all that follows from it, in one statement. Posts that wait together go through `createPosts`
 * instead, which costs twice as much for one post and a fraction for many.
 *
 * $1 id, $2 createat, $3 userid, $4 channelid, $5 pendingpostid, $6 type, $7 message, $8 props, $9 hashtags, $10 fileids,
 * $11 counted (0 or 1), $12 marks read, $13 members only; then for a reply the root's id and whom it brings into the thread;
 * then for mentions the list of users and whether everyone is meant.
 */
function createPost(sql: SqlVocabulary, shape: OnePostShape): StatementText {
  if (!sql.can.writeInCte) return createPostInSteps(sql, shape);
  const root = shape.reply ? '$14::varchar' : `''::varchar`;
  const [users, everyone] = shape.reply ? ['$16', '$17'] : ['$14', '$15'];
  return `
WITH channel AS MATERIALIZED (
  SELECT c.id, c.deleteat FROM channels c WHERE c.id = $4 FOR UPDATE
), judged AS MATERIALIZED (
  SELECT CASE
    WHEN c.id IS NULL THEN 'no_channel'
    WHEN c.deleteat <> 0 THEN 'archived'
    WHEN $13::boolean AND NOT EXISTS (
      SELECT 1 FROM channelmembers m WHERE m.channelid = $4 AND m.userid = $3) THEN 'not_member'
    ${shape.reply ? rootRefusal(root) : ''}
  END AS refusal
  FROM (SELECT 1) AS one LEFT JOIN channel c ON TRUE
), inserted AS (
  INSERT INTO posts (${insertColumns})
  SELECT $1::varchar, $2::bigint, $2::bigint, $3::varchar, $4::varchar, ${root}, $5::varchar,
    $6::varchar, $7::text, $8::text, $9::varchar, $10::varchar
  FROM judged WHERE refusal IS NULL
  ON CONFLICT DO NOTHING
  RETURNING id
), counted AS (
  UPDATE channels c SET
    lastpostat = GREATEST(c.lastpostat, $2::bigint),
    totalmsgcount = c.totalmsgcount + $11::int
    ${shape.reply ? '' : `, lastrootpostat = GREATEST(c.lastrootpostat, $2::bigint), totalmsgcountroot = c.totalmsgcountroot + $11::int`}
  FROM inserted WHERE c.id = $4
  RETURNING c.totalmsgcount, c.totalmsgcountroot
), author AS (
  UPDATE channelmembers m SET
    msgcount = GREATEST(m.msgcount, c.totalmsgcount), msgcountroot = GREATEST(m.msgcountroot, c.totalmsgcountroot),
    lastviewedat = GREATEST(m.lastviewedat, $2::bigint), lastupdateat = GREATEST(m.lastupdateat, $2::bigint),
    mentioncount = 0, mentioncountroot = 0, urgentmentioncount = 0
  FROM counted c WHERE m.channelid = $4 AND m.userid = $3 AND $12::boolean
)${shape.reply ? `, ${threadOfOne(root)}, ${followersOfReply(sql, root, shape.mentions ? everyone : undefined)}` : ''}${shape.mentions ? `, ${mentionsOfOne(sql, users, everyone, shape)}` : ''}
SELECT $1::varchar AS id, j.refusal, EXISTS (SELECT 1 FROM inserted) AS inserted,
  ${shape.reply ? 't.replycount, t.lastreplyat' : '0::bigint AS replycount, 0::bigint AS lastreplyat'},
  ${shape.mentions ? `(SELECT string_agg(userid, ',') FROM mentioned)` : 'NULL'} AS mentioned
FROM judged j ${shape.reply ? 'LEFT JOIN thread t ON TRUE' : ''}`;
}

function rootRefusal(root: string): string {
  return `WHEN NOT EXISTS (
      SELECT 1 FROM posts r WHERE r.id = ${root} AND r.channelid = $4 AND r.rootid = '' AND r.deleteat = 0) THEN 'root'`;
}

function threadOfOne(root: string): string {
  return `thread AS (
  INSERT INTO threads AS t (postid, channelid, replycount, lastreplyat, participants)
  SELECT ${root}, $4::varchar, 1, $2::bigint, '["' || $3::varchar || '"]' FROM inserted
  ON CONFLICT (postid) DO UPDATE SET
    replycount = t.replycount + 1,
    lastreplyat = GREATEST(t.lastreplyat, EXCLUDED.lastreplyat),
    participants = ${mergedParticipants}
  RETURNING t.replycount, t.lastreplyat
), root AS (
  UPDATE posts p SET updateat = GREATEST(p.updateat, $2::bigint) FROM inserted WHERE p.id = ${root}
)`;
}

function followersOfReply(sql: SqlVocabulary, root: string, everyone: string | undefined): string {
  const reply = {
    root,
    channel: '$4::varchar',
    author: '$3::varchar',
    createAt: '$2::bigint',
    marksRead: '$12::boolean',
    follows: '$15',
    everyone: everyone && `${everyone}::boolean`,
  };
  return `followed AS (${followThreads(sql, followersOfOne(sql, reply, 'EXISTS (SELECT 1 FROM inserted)'))})`;
}

function mentionsOfOne(sql: SqlVocabulary, users: string, everyone: string, shape: OnePostShape): string {
  return `mentioned AS (
  UPDATE channelmembers m SET
    mentioncount = m.mentioncount + 1, lastupdateat = GREATEST(m.lastupdateat, $2::bigint)
    ${shape.reply ? '' : ', mentioncountroot = m.mentioncountroot + 1'}
  FROM inserted
  WHERE m.channelid = $4 AND m.userid <> $3 AND (
    m.userid IN (SELECT x.userid FROM ${sql.rows(users, { userid: 'text' }, 'x')})
    OR (${everyone}::boolean AND ${everyoneIn('$4')}))
  RETURNING m.userid
)`;
}

const plain = statement('posts.create', (sql) => createPost(sql, { reply: false, mentions: false }));
const replying = statement('posts.create_reply', (sql) => createPost(sql, { reply: true, mentions: false }));
const mentioning = statement('posts.create_mentioning', (sql) => createPost(sql, { reply: false, mentions: true }));
const complete = statement('posts.create_reply_mentioning', (sql) => createPost(sql, { reply: true, mentions: true }));

/** The statement for one post; only what the post needs is in it. */
export function createOneStatement(shape: OnePostShape): Statement {
  if (shape.reply) return shape.mentions ? complete : replying;
  return shape.mentions ? mentioning : plain;
}
