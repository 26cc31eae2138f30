import { bind, type Causality, type Database, type Row, statement } from '../../database/index.ts';
import { addMember, type ChannelMemberRecord, type MemberRow, memberColumns, recordOf } from './member-row.ts';

export interface MemberPlace {
  readonly channelId: string;
  readonly userId: string;
}

export interface ChannelMembers {
  /** Makes the user a member; one who is a member already stays as they are. Undefined when there is no such channel. */
  addMember(causality: Causality, place: MemberPlace & { at: number }): Promise<ChannelMemberRecord | undefined>;
  removeMember(causality: Causality, place: MemberPlace & { at: number }): Promise<void>;
  member(causality: Causality, place: MemberPlace): Promise<ChannelMemberRecord | undefined>;
  /** Makes a member a plain one or an admin. */
  setAdmin(
    causality: Causality,
    place: MemberPlace & { at: number },
    isAdmin: boolean,
  ): Promise<ChannelMemberRecord | undefined>;
  /** All members, and whether they are in this team. */
  membersByTeam(
    causality: Causality,
    channelId: string,
    teamId: string,
  ): Promise<{ readonly userId: string; readonly isInTeam: boolean }[]>;
  members(causality: Causality, channelId: string, page: number, perPage: number): Promise<ChannelMemberRecord[]>;
  membersByIds(causality: Causality, channelId: string, userIds: readonly string[]): Promise<ChannelMemberRecord[]>;
  /** The user's places in the channels of a team and in direct ones. */
  membershipsInTeam(causality: Causality, userId: string, teamId: string): Promise<ChannelMemberRecord[]>;
  memberships(causality: Causality, userId: string, page: number, perPage: number): Promise<ChannelMemberRecord[]>;
  /** `notifyProps` replaces the member's whole map. */
  setNotifyProps(
    causality: Causality,
    place: MemberPlace & { at: number },
    notifyProps: Readonly<Record<string, string>>,
  ): Promise<ChannelMemberRecord | undefined>;
}

const select = (name: string, rest: string) => statement(name, `SELECT ${memberColumns} FROM channelmembers m ${rest}`);

const MEMBER = select('channels.member', 'WHERE m.channelid = $1 AND m.userid = $2');
const MEMBERS = select('channels.members', 'WHERE m.channelid = $1 ORDER BY m.userid LIMIT $2 OFFSET $3');
const MEMBERS_BY_IDS = statement(
  'channels.members_by_ids',
  (sql) => `
  SELECT ${memberColumns} FROM ${sql.rows('$2', { id: 'text' }, 'i')}
  JOIN channelmembers m ON m.channelid = $1 AND m.userid = i.id ORDER BY m.userid`,
);
/** Uses ix_channelmembers_userid. */
const MEMBERSHIPS_IN_TEAM = select(
  'channels.memberships_in_team',
  `JOIN channels c ON c.id = m.channelid WHERE m.userid = $1 AND c.teamid IN ($2, '')`,
);
const MEMBERSHIPS = select('channels.memberships', 'WHERE m.userid = $1 ORDER BY m.channelid LIMIT $2 OFFSET $3');
const REMOVE = statement('channels.remove_member', 'DELETE FROM channelmembers WHERE channelid = $1 AND userid = $2');
/** $1 channel, $2 user, $3 time. */
const REMEMBER_LEAVE = statement(
  'channels.remember_leave',
  'UPDATE channelmemberhistory SET leavetime = $3 WHERE channelid = $1 AND userid = $2 AND leavetime = 0',
);
const SET_NOTIFY_PROPS = statement(
  'channels.set_notify_props',
  'UPDATE channelmembers SET notifyprops = $3, lastupdateat = $4 WHERE channelid = $1 AND userid = $2',
);

const SET_ADMIN = statement(
  'channels.set_admin',
  `UPDATE channelmembers SET schemeadmin = $3, schemeuser = TRUE, roles = '', lastupdateat = $4
   WHERE channelid = $1 AND userid = $2`,
);
const MEMBERS_BY_TEAM = statement(
  'channels.members_by_team',
  `SELECT m.userid, t.userid IS NOT NULL AS inteam FROM channelmembers m
   LEFT JOIN teammembers t ON t.teamid = $2 AND t.userid = m.userid AND t.deleteat = 0
   WHERE m.channelid = $1 ORDER BY m.userid`,
);

const repeatable = { onUnknown: 'repeatable' } as const;

export function createChannelMembers(database: Database): ChannelMembers {
  const many = async (rows: Promise<MemberRow[]>): Promise<ChannelMemberRecord[]> => (await rows).map(recordOf);
  const first = (rows: readonly Row[] | undefined): ChannelMemberRecord | undefined => {
    const row = rows?.[0] as MemberRow | undefined;
    return row === undefined ? undefined : recordOf(row);
  };

  return {
    async addMember(causality, { channelId, userId, at }) {
      const change = addMember({ channelId, userId, at, isAdmin: false });
      const answers = await database.writeAll(causality, [...change, bind(MEMBER, channelId, userId)], repeatable);
      return first(answers.at(-1));
    },
    async removeMember(causality, { channelId, userId, at }) {
      const change = [bind(REMOVE, channelId, userId), bind(REMEMBER_LEAVE, channelId, userId, at)];
      await database.writeAll(causality, change, repeatable);
    },
    member: async (causality, { channelId, userId }) =>
      first(await database.read(causality, MEMBER, channelId, userId)),
    members: (causality, channelId, page, perPage) =>
      many(database.read(causality, MEMBERS, channelId, perPage, page * perPage)),
    membersByIds: (causality, channelId, userIds) =>
      many(database.read(causality, MEMBERS_BY_IDS, channelId, JSON.stringify(userIds.map((id) => ({ id }))))),
    membershipsInTeam: (causality, userId, teamId) =>
      many(database.read(causality, MEMBERSHIPS_IN_TEAM, userId, teamId)),
    memberships: (causality, userId, page, perPage) =>
      many(database.read(causality, MEMBERSHIPS, userId, perPage, page * perPage)),
    async setAdmin(causality, { channelId, userId, at }, isAdmin) {
      const change = bind(SET_ADMIN, channelId, userId, isAdmin, at);
      const answers = await database.writeAll(causality, [change, bind(MEMBER, channelId, userId)], repeatable);
      return first(answers.at(-1));
    },
    async membersByTeam(causality, channelId, teamId) {
      const rows = await database.read<{ userid: string; inteam: boolean }>(
        causality,
        MEMBERS_BY_TEAM,
        channelId,
        teamId,
      );
      return rows.map(({ userid, inteam }) => ({ userId: userid, isInTeam: inteam }));
    },
    async setNotifyProps(causality, { channelId, userId, at }, notifyProps) {
      const change = bind(SET_NOTIFY_PROPS, channelId, userId, JSON.stringify(notifyProps), at);
      const answers = await database.writeAll(causality, [change, bind(MEMBER, channelId, userId)], repeatable);
      return first(answers.at(-1));
    },
  };
}
