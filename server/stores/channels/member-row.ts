import type { ChannelMember } from '../../../contract/index.ts';
import { type BoundStatement, bind, type Row, statement } from '../../database/index.ts';

/** A member as it is stored: `roles` of the API are made of the flags and the explicit roles by the rules of permissions. */
export type ChannelMemberRecord = Omit<ChannelMember, 'roles'>;

export interface MemberRow extends Row {
  readonly channelid: string;
  readonly userid: string;
  readonly roles: string;
  readonly lastviewedat: number;
  readonly msgcount: number;
  readonly msgcountroot: number;
  readonly mentioncount: number;
  readonly mentioncountroot: number;
  readonly urgentmentioncount: number;
  readonly notifyprops: string;
  readonly lastupdateat: number;
  readonly schemeuser: boolean;
  readonly schemeadmin: boolean;
  readonly schemeguest: boolean;
}

/** The columns of `MemberRow` out of `channelmembers m`. */
export const memberColumns = `m.channelid, m.userid, m.roles, m.lastviewedat, m.msgcount, m.msgcountroot,
    m.mentioncount, m.mentioncountroot, m.urgentmentioncount, m.notifyprops, m.lastupdateat, m.schemeuser,
    m.schemeadmin, m.schemeguest`;

export function recordOf(row: MemberRow): ChannelMemberRecord {
  return {
    channel_id: row.channelid,
    user_id: row.userid,
    last_viewed_at: row.lastviewedat,
    msg_count: row.msgcount,
    mention_count: row.mentioncount,
    mention_count_root: row.mentioncountroot,
    msg_count_root: row.msgcountroot,
    urgent_mention_count: row.urgentmentioncount,
    notify_props: JSON.parse(row.notifyprops) as Record<string, string>,
    last_update_at: row.lastupdateat,
    scheme_guest: row.schemeguest,
    scheme_user: row.schemeuser,
    scheme_admin: row.schemeadmin,
    explicit_roles: row.roles,
  };
}

/** Mattermost's defaults of a new member. */
const NOTIFY_PROPS = JSON.stringify({
  desktop: 'default',
  email: 'default',
  ignore_channel_mentions: 'default',
  mark_unread: 'all',
  push: 'default',
});

/** Whoever comes has nothing to catch up with. $1 channel, $2 user, $3 time, $4 whether admin, $5 notify props. */
const ADD_MEMBER = statement(
  'channels.add_member',
  (sql) => `
  INSERT INTO channelmembers (channelid, userid, lastviewedat, msgcount, msgcountroot, notifyprops, lastupdateat,
    schemeadmin)
  SELECT c.id, $2, $3, c.totalmsgcount, c.totalmsgcountroot, $5, $3, $4 FROM channels c WHERE c.id = $1
  ${sql.orIgnore('channelmembers', ['channelid', 'userid'])}`,
);

const REMEMBER_JOIN = statement(
  'channels.remember_join',
  (sql) => `
  INSERT INTO channelmemberhistory (channelid, userid, jointime)
  SELECT m.channelid, m.userid, $3 FROM channelmembers m
  WHERE m.channelid = $1 AND m.userid = $2 AND NOT EXISTS (
    SELECT 1 FROM channelmemberhistory h WHERE h.channelid = $1 AND h.userid = $2 AND h.leavetime = 0)
  ${sql.orIgnore('channelmemberhistory', ['channelid', 'userid', 'jointime'])}`,
);

export interface NewMember {
  readonly channelId: string;
  readonly userId: string;
  readonly at: number;
  readonly isAdmin: boolean;
}

/** The statements that make a member; a member stays as it is. */
export function addMember(member: NewMember): readonly BoundStatement[] {
  const { channelId, userId, at, isAdmin } = member;
  return [bind(ADD_MEMBER, channelId, userId, at, isAdmin, NOTIFY_PROPS), bind(REMEMBER_JOIN, channelId, userId, at)];
}

/** The channels of a team that everybody is in. */
const defaultChannels = ['town-square', 'off-topic'] as const;
const defaultList = defaultChannels.map((name) => `'${name}'`).join(', ');

/** $1 team, $2 user, $3 time, $4 whether admin, $5 notify props. */
const ADD_TO_DEFAULT_CHANNELS = statement(
  'channels.add_to_default',
  (sql) => `
  INSERT INTO channelmembers (channelid, userid, lastviewedat, msgcount, msgcountroot, notifyprops, lastupdateat,
    schemeadmin)
  SELECT c.id, $2, $3, c.totalmsgcount, c.totalmsgcountroot, $5, $3, $4
  FROM channels c WHERE c.teamid = $1 AND c.name IN (${defaultList}) AND c.deleteat = 0
  ${sql.orIgnore('channelmembers', ['channelid', 'userid'])}`,
);

/** The statement that makes a team's member one of its default channels. */
export function addToDefaultChannels(place: {
  teamId: string;
  userId: string;
  at: number;
  isAdmin: boolean;
}): BoundStatement {
  return bind(ADD_TO_DEFAULT_CHANNELS, place.teamId, place.userId, place.at, place.isAdmin, NOTIFY_PROPS);
}
