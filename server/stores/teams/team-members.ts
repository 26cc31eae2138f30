import { bind, type Causality, type Database, type Row, statement } from '../../database/index.ts';
import { addToDefaultChannels } from '../channels/index.ts';
import { type TeamMemberRecord, type TeamMemberRow, teamMemberColumns, teamMemberOf } from './team-row.ts';

export interface TeamPlace {
  readonly teamId: string;
  readonly userId: string;
}

/** A default channel that a user has come into, or a channel that they have left, with the team. */
export interface TouchedChannel extends Row {
  readonly id: string;
  readonly name: string;
  readonly displayname: string;
  readonly type: 'O' | 'P';
}

export interface TeamMembers {
  /** Makes the user a member of the team and of its default channels. One who is a member stays as they are. */
  addMember(
    causality: Causality,
    place: TeamPlace & { at: number },
  ): Promise<{ member: TeamMemberRecord; defaultChannels: readonly TouchedChannel[] } | undefined>;
  /** Ends the user's membership of the team and of all its channels. Returns those channels. */
  removeMember(causality: Causality, place: TeamPlace & { at: number }): Promise<readonly TouchedChannel[]>;
  /** Found also after they have left, with `delete_at` set. */
  member(causality: Causality, place: TeamPlace): Promise<TeamMemberRecord | undefined>;
  /** Makes a member a plain one or an admin; one who has left stays gone. */
  setAdmin(causality: Causality, place: TeamPlace, isAdmin: boolean): Promise<TeamMemberRecord | undefined>;
  members(causality: Causality, teamId: string, page: number, perPage: number): Promise<TeamMemberRecord[]>;
  membersByIds(causality: Causality, teamId: string, userIds: readonly string[]): Promise<TeamMemberRecord[]>;
  /** The user's memberships of all teams. */
  memberships(causality: Causality, userId: string): Promise<TeamMemberRecord[]>;
  stats(causality: Causality, teamId: string): Promise<{ total: number; active: number }>;
}

const select = (name: string, rest: string) =>
  statement(name, `SELECT ${teamMemberColumns} FROM teammembers m ${rest}`);

const MEMBER = select('teams.member', 'WHERE m.teamid = $1 AND m.userid = $2');
const MEMBERS = select('teams.members', 'WHERE m.teamid = $1 AND m.deleteat = 0 ORDER BY m.userid LIMIT $2 OFFSET $3');
const MEMBERS_BY_IDS = statement(
  'teams.members_by_ids',
  (sql) => `
  SELECT ${teamMemberColumns} FROM ${sql.rows('$2', { id: 'text' }, 'i')}
  JOIN teammembers m ON m.teamid = $1 AND m.userid = i.id WHERE m.deleteat = 0 ORDER BY m.userid`,
);
/** Uses ix_teammembers_userid. */
const MEMBERSHIPS = select(
  'teams.memberships',
  'JOIN teams t ON t.id = m.teamid AND t.deleteat = 0 WHERE m.userid = $1 AND m.deleteat = 0 ORDER BY m.teamid',
);
const INSERT_MEMBER = statement(
  'teams.insert_member',
  (sql) => `
  INSERT INTO teammembers (teamid, userid, createat, schemeadmin) VALUES ($1, $2, $3, $4)
  ${sql.orIgnore('teammembers', ['teamid', 'userid'])}`,
);
/** Whoever comes back is a plain member. $1 team, $2 user. */
const REVIVE_MEMBER = statement(
  'teams.revive_member',
  `UPDATE teammembers SET deleteat = 0, roles = '', schemeuser = TRUE, schemeadmin = FALSE
   WHERE teamid = $1 AND userid = $2 AND deleteat <> 0`,
);
const END_MEMBERSHIP = statement(
  'teams.end_membership',
  'UPDATE teammembers SET deleteat = $3 WHERE teamid = $1 AND userid = $2 AND deleteat = 0',
);
const SET_ADMIN = statement(
  'teams.set_admin',
  `UPDATE teammembers SET schemeadmin = $3, schemeuser = TRUE, roles = ''
   WHERE teamid = $1 AND userid = $2 AND deleteat = 0`,
);
const OWN_CHANNELS = statement(
  'teams.own_channels',
  `SELECT c.id, c.name, c.displayname, c.type FROM channels c JOIN channelmembers m ON m.channelid = c.id AND m.userid = $2
   WHERE c.teamid = $1 ORDER BY c.createat, c.id`,
);
const LEAVE_CHANNELS = statement(
  'teams.leave_channels',
  'DELETE FROM channelmembers WHERE userid = $2 AND channelid IN (SELECT id FROM channels WHERE teamid = $1)',
);
const REMEMBER_LEAVES = statement(
  'teams.remember_leaves',
  `UPDATE channelmemberhistory SET leavetime = $3
   WHERE userid = $2 AND leavetime = 0 AND channelid IN (SELECT id FROM channels WHERE teamid = $1)`,
);
const REMEMBER_JOINS = statement(
  'teams.remember_joins',
  (sql) => `
  INSERT INTO channelmemberhistory (channelid, userid, jointime)
  SELECT m.channelid, m.userid, $3 FROM channelmembers m JOIN channels c ON c.id = m.channelid
  WHERE c.teamid = $1 AND m.userid = $2 AND NOT EXISTS (
    SELECT 1 FROM channelmemberhistory h WHERE h.channelid = c.id AND h.userid = $2 AND h.leavetime = 0)
  ${sql.orIgnore('channelmemberhistory', ['channelid', 'userid', 'jointime'])}`,
);
const STATS = statement(
  'teams.stats',
  `SELECT count(*) AS total, count(CASE WHEN u.deleteat = 0 THEN 1 END) AS active
   FROM teammembers m JOIN users u ON u.id = m.userid WHERE m.teamid = $1 AND m.deleteat = 0`,
);

const repeatable = { onUnknown: 'repeatable' } as const;

/** The statements that make a member of a team and of its default channels. */
export function joinTeam(place: TeamPlace & { at: number; isAdmin: boolean }) {
  const { teamId, userId, at, isAdmin } = place;
  return [
    bind(INSERT_MEMBER, teamId, userId, at, isAdmin),
    addToDefaultChannels({ teamId, userId, at, isAdmin }),
    bind(REMEMBER_JOINS, teamId, userId, at),
  ];
}

export function createTeamMembers(database: Database): TeamMembers {
  const many = async (rows: Promise<TeamMemberRow[]>): Promise<TeamMemberRecord[]> => (await rows).map(teamMemberOf);
  const first = (rows: readonly Row[] | undefined): TeamMemberRecord | undefined => {
    const row = rows?.[0] as TeamMemberRow | undefined;
    return row === undefined ? undefined : teamMemberOf(row);
  };

  return {
    async addMember(causality, { teamId, userId, at }) {
      const answers = await database.writeAll(
        causality,
        [
          bind(REVIVE_MEMBER, teamId, userId),
          ...joinTeam({ teamId, userId, at, isAdmin: false }),
          bind(MEMBER, teamId, userId),
          bind(OWN_CHANNELS, teamId, userId),
        ],
        repeatable,
      );
      const member = first(answers.at(-2));
      return member && { member, defaultChannels: (answers.at(-1) ?? []) as TouchedChannel[] };
    },
    async removeMember(causality, { teamId, userId, at }) {
      const answers = await database.writeAll(
        causality,
        [
          bind(OWN_CHANNELS, teamId, userId),
          bind(END_MEMBERSHIP, teamId, userId, at),
          bind(REMEMBER_LEAVES, teamId, userId, at),
          bind(LEAVE_CHANNELS, teamId, userId),
        ],
        repeatable,
      );
      return (answers[0] ?? []) as TouchedChannel[];
    },
    async setAdmin(causality, { teamId, userId }, isAdmin) {
      const change = [bind(SET_ADMIN, teamId, userId, isAdmin), bind(MEMBER, teamId, userId)];
      const answers = await database.writeAll(causality, change, repeatable);
      const member = first(answers.at(-1));
      return member?.delete_at === 0 ? member : undefined;
    },
    member: async (causality, { teamId, userId }) => first(await database.read(causality, MEMBER, teamId, userId)),
    members: (causality, teamId, page, perPage) =>
      many(database.read(causality, MEMBERS, teamId, perPage, page * perPage)),
    membersByIds: (causality, teamId, userIds) =>
      many(database.read(causality, MEMBERS_BY_IDS, teamId, JSON.stringify(userIds.map((id) => ({ id }))))),
    memberships: (causality, userId) => many(database.read(causality, MEMBERSHIPS, userId)),
    async stats(causality, teamId) {
      const [row] = await database.read<{ total: number; active: number }>(causality, STATS, teamId);
      return { total: row?.total ?? 0, active: row?.active ?? 0 };
    },
  };
}
