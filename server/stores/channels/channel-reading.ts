import type { TeamUnread } from '../../../contract/index.ts';
import { bind, type Causality, type Database, type Row, statement } from '../../database/index.ts';
import type { MemberPlace } from './channel-members.ts';

/** How much of a channel a member has not read. */
export interface UnreadRecord {
  readonly team_id: string;
  readonly channel_id: string;
  readonly msg_count: number;
  readonly msg_count_root: number;
  readonly mention_count: number;
  readonly mention_count_root: number;
  readonly urgent_mention_count: number;
  readonly last_viewed_at: number;
  readonly notify_props: Readonly<Record<string, string>>;
}

/** Where a member's reading mark is put back to. */
export interface UnreadMark {
  /** Everything after this time is unread. */
  readonly lastViewedAt: number;
  readonly unread: number;
  readonly unreadRoot: number;
  readonly mentions: number;
  readonly mentionsRoot: number;
  readonly at: number;
}

export interface ChannelReading {
  /** Marks channels as read to their ends; nothing moves backwards. Returns when each was viewed last, by channel. */
  view(
    causality: Causality,
    userId: string,
    channelIds: readonly string[],
    at: number,
  ): Promise<Record<string, number>>;
  unread(causality: Causality, place: MemberPlace): Promise<UnreadRecord | undefined>;
  /** Moves the mark back. Of the answer `msg_count` is what the member has *read*, as Mattermost's ChannelUnreadAt. */
  setUnread(causality: Causality, place: MemberPlace, mark: UnreadMark): Promise<UnreadRecord | undefined>;
  /** Unread messages and mentions per team; muted channels count mentions only. */
  teamsUnread(causality: Causality, userId: string): Promise<TeamUnread[]>;
}

/**
 * What is new is what the channel has beyond what the member has read; no post is counted. The condition spares the
 * write that changes nothing: clients mark the channel they show as read again and again. $1 channel, $2 user, $3 time.
 */
const VIEW = statement(
  'channels.view',
  (sql) => `
  UPDATE channelmembers SET
    msgcount = ${sql.greatest('msgcount', '(SELECT totalmsgcount FROM channels WHERE id = $1)')},
    msgcountroot = ${sql.greatest('msgcountroot', '(SELECT totalmsgcountroot FROM channels WHERE id = $1)')},
    lastviewedat = ${sql.greatest('lastviewedat', '(SELECT lastpostat FROM channels WHERE id = $1)')},
    mentioncount = 0, mentioncountroot = 0, urgentmentioncount = 0,
    lastupdateat = ${sql.greatest('lastupdateat', '$3')}
  WHERE channelid = $1 AND userid = $2 AND (
    mentioncount > 0 OR urgentmentioncount > 0
    OR lastviewedat < (SELECT lastpostat FROM channels WHERE id = $1)
    OR msgcount < (SELECT totalmsgcount FROM channels WHERE id = $1))`,
);

const VIEWED_AT = statement(
  'channels.viewed_at',
  (sql) => `
  SELECT m.channelid, m.lastviewedat FROM ${sql.rows('$2', { id: 'text' }, 'i')}
  JOIN channelmembers m ON m.channelid = i.id AND m.userid = $1`,
);

const UNREAD = statement(
  'channels.unread',
  `SELECT c.teamid, c.totalmsgcount, c.totalmsgcountroot, m.msgcount, m.msgcountroot, m.mentioncount,
     m.mentioncountroot, m.urgentmentioncount, m.lastviewedat, m.notifyprops
   FROM channels c JOIN channelmembers m ON m.channelid = c.id
   WHERE c.id = $1 AND m.userid = $2`,
);

/** $1 channel, $2 user, $3 last viewed, $4 unread, $5 unread roots, $6 mentions, $7 mentions in roots, $8 time. */
const SET_UNREAD = statement(
  'channels.set_unread',
  (sql) => `
  UPDATE channelmembers SET
    lastviewedat = $3,
    msgcount = ${sql.greatest('0', '(SELECT totalmsgcount FROM channels WHERE id = $1) - $4')},
    msgcountroot = ${sql.greatest('0', '(SELECT totalmsgcountroot FROM channels WHERE id = $1) - $5')},
    mentioncount = $6, mentioncountroot = $7, lastupdateat = ${sql.greatest('lastupdateat', '$8')}
  WHERE channelid = $1 AND userid = $2`,
);

/** A muted channel: the props are our own JSON text, printed without spaces. */
const muted = `m.notifyprops LIKE '%"mark_unread":"mention"%'`;

const TEAMS_UNREAD = statement(
  'channels.teams_unread',
  `SELECT c.teamid AS team_id,
     sum(CASE WHEN ${muted} THEN 0 ELSE c.totalmsgcount - m.msgcount END) AS msg_count,
     sum(CASE WHEN ${muted} THEN 0 ELSE c.totalmsgcountroot - m.msgcountroot END) AS msg_count_root,
     sum(m.mentioncount) AS mention_count, sum(m.mentioncountroot) AS mention_count_root
   FROM channelmembers m JOIN channels c ON c.id = m.channelid
   JOIN teammembers t ON t.teamid = c.teamid AND t.userid = $1 AND t.deleteat = 0
   WHERE m.userid = $1 AND c.deleteat = 0
   GROUP BY c.teamid ORDER BY c.teamid`,
);

interface UnreadRow extends Row {
  readonly teamid: string;
  readonly totalmsgcount: number;
  readonly totalmsgcountroot: number;
  readonly msgcount: number;
  readonly msgcountroot: number;
  readonly mentioncount: number;
  readonly mentioncountroot: number;
  readonly urgentmentioncount: number;
  readonly lastviewedat: number;
  readonly notifyprops: string;
}

const repeatable = { onUnknown: 'repeatable' } as const;

export function createChannelReading(database: Database): ChannelReading {
  return {
    async view(causality, userId, channelIds, at) {
      // One order for everybody, so that two devices of a user do not lock each other out.
      const ids = [...new Set(channelIds)].sort();
      const answers = await database.writeAll(
        causality,
        [
          ...ids.map((id) => bind(VIEW, id, userId, at)),
          bind(VIEWED_AT, userId, JSON.stringify(ids.map((id) => ({ id })))),
        ],
        repeatable,
      );
      const rows = (answers.at(-1) ?? []) as { channelid: string; lastviewedat: number }[];
      return Object.fromEntries(rows.map((row) => [row.channelid, row.lastviewedat]));
    },
    async unread(causality, place) {
      const [row] = await database.read<UnreadRow>(causality, UNREAD, place.channelId, place.userId);
      if (row === undefined) return undefined;
      return {
        ...record(place, row),
        msg_count: Math.max(0, row.totalmsgcount - row.msgcount),
        msg_count_root: Math.max(0, row.totalmsgcountroot - row.msgcountroot),
      };
    },
    async setUnread(causality, place, mark) {
      const { lastViewedAt, unread, unreadRoot, mentions, mentionsRoot, at } = mark;
      const { channelId, userId } = place;
      const answers = await database.writeAll(
        causality,
        [
          bind(SET_UNREAD, channelId, userId, lastViewedAt, unread, unreadRoot, mentions, mentionsRoot, at),
          bind(UNREAD, channelId, userId),
        ],
        repeatable,
      );
      const row = answers.at(-1)?.[0] as UnreadRow | undefined;
      return row === undefined ? undefined : record(place, row);
    },
    async teamsUnread(causality, userId) {
      const rows = await database.read<Row>(causality, TEAMS_UNREAD, userId);
      // Sums come as decimal texts.
      return rows.map((row) => ({
        team_id: String(row['team_id']),
        msg_count: Number(row['msg_count']),
        msg_count_root: Number(row['msg_count_root']),
        mention_count: Number(row['mention_count']),
        mention_count_root: Number(row['mention_count_root']),
      }));
    },
  };
}

function record(place: MemberPlace, row: UnreadRow): UnreadRecord {
  return {
    team_id: row.teamid,
    channel_id: place.channelId,
    msg_count: row.msgcount,
    msg_count_root: row.msgcountroot,
    mention_count: row.mentioncount,
    mention_count_root: row.mentioncountroot,
    urgent_mention_count: row.urgentmentioncount,
    last_viewed_at: row.lastviewedat,
    notify_props: JSON.parse(row.notifyprops) as Record<string, string>,
  };
}
