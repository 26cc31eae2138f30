import type { SqlVocabulary } from '../../database/index.ts';
import { everyoneIn } from './post-input.sql.ts';

/** Whom replies bring into their threads: the list that `NewPost.follows` becomes, one row per post and user. */
export const followColumns = { postid: 'key', userid: 'key', mentioned: 'boolean' } as const;

/**
 * Makes members of a thread out of `rows`: `rootid, userid, createat, own, mentioned`, one or several per thread and user,
 * `own` for a reply of the user that marks the thread as read. Whoever has stopped following is brought back by a mention
 * only; a mention that the same user's later reply of the batch has read away is not counted.
 */
export function followThreads(sql: SqlVocabulary, rows: string): string {
  const inCte = sql.can.writeInCte;
  return `
  INSERT INTO threadmemberships ${inCte ? 'AS f' : ''} (postid, userid, following, lastviewed, lastupdated, unreadmentions)
  SELECT g.rootid, g.userid, TRUE, MAX(g.viewed), MAX(g.createat),
    SUM(CASE WHEN g.mentioned AND g.createat > g.viewed THEN 1 ELSE 0 END)
  FROM (
    SELECT w.rootid, w.userid, w.createat, w.mentioned,
      MAX(CASE WHEN w.own THEN w.createat ELSE 0 END) OVER (PARTITION BY w.rootid, w.userid) AS viewed
    FROM (${rows}) w
  ) g
  GROUP BY g.rootid, g.userid ORDER BY g.rootid, g.userid
  ${inCte ? 'ON CONFLICT (postid, userid) DO UPDATE SET' : 'ON DUPLICATE KEY UPDATE'} ${changes(inCte)}`;
}

function changes(inCte: boolean): string {
  const table = inCte ? 'f' : 'threadmemberships';
  const given = (column: string): string => (inCte ? `EXCLUDED.${column}` : `VALUES(${column})`);
  const says = `(${given('unreadmentions')} > 0 OR ${given('lastviewed')} > 0)`;
  return `
    following = (${table}.following OR ${given('unreadmentions')} > 0),
    unreadmentions = CASE WHEN ${given('lastviewed')} > 0 THEN 0 ELSE ${table}.unreadmentions END + ${given('unreadmentions')},
    lastviewed = GREATEST(${table}.lastviewed, ${given('lastviewed')}),
    lastupdated = CASE WHEN ${says} THEN GREATEST(${table}.lastupdated, ${given('lastupdated')}) ELSE ${table}.lastupdated END
  ${inCte ? `WHERE ${says}` : ''}`;
}

/** The parameters of one reply, as SQL with their types. */
export interface ReplySql {
  readonly root: string;
  readonly channel: string;
  readonly author: string;
  readonly createAt: string;
  readonly marksRead: string;
  /** JSON list of `{userid, mentioned}`. */
  readonly follows: string;
  /** Whether everybody of the channel is mentioned; undefined when the post mentions nobody. */
  readonly everyone: string | undefined;
}

/** The `rows` of one reply; `where` is a condition that holds when it was inserted. */
export function followersOfOne(sql: SqlVocabulary, reply: ReplySql, where: string): string {
  const { root, channel, author, createAt, marksRead, follows, everyone } = reply;
  const row = (mentioned: string): string =>
    `SELECT ${root} AS rootid, m.userid, ${createAt} AS createat, (m.userid = ${author} AND ${marksRead}) AS own,
      ${mentioned} AS mentioned`;
  const all = `
    UNION ${row('TRUE')} FROM channelmembers m
    WHERE ${where} AND ${everyone} AND m.channelid = ${channel} AND m.userid <> ${author} AND ${everyoneIn(channel)}`;
  return `
    ${row('x.mentioned')} FROM ${sql.rows(follows, { userid: 'key', mentioned: 'boolean' }, 'x')}
    JOIN channelmembers m ON m.channelid = ${channel} AND m.userid = x.userid WHERE ${where}
    ${everyone === undefined ? '' : all}`;
}

/** The `rows` of a batch. `placed` is what was inserted, as `p`; `follows` a JSON list of `followColumns`. */
export function followersOfMany(sql: SqlVocabulary, placed: string, follows: string): string {
  const row = (own: string, mentioned: string): string =>
    `SELECT p.id, p.rootid, m.userid, p.createat, ${own} AS own, ${mentioned} AS mentioned`;
  return `
    ${row('(x.userid = p.userid AND p.marksread)', 'x.mentioned')} FROM ${placed}
    JOIN ${sql.rows(follows, followColumns, 'x')} ON x.postid = p.id
    JOIN channelmembers m ON m.channelid = p.channelid AND m.userid = x.userid
    UNION ${row('FALSE', 'TRUE')} FROM ${placed}
    JOIN channelmembers m ON m.channelid = p.channelid AND m.userid <> p.userid
    WHERE p.everyone AND p.rootid <> '' AND ${everyoneIn('p.channelid')}`;
}
