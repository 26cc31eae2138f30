import { type Database, statement } from '../../database/index.ts';

/** Where a user is a member: what the realtime hub needs to know whom an event concerns. */
export interface UserMemberships {
  readonly teamIds: readonly string[];
  /** `teamId` is empty for direct and group channels. */
  readonly channels: readonly { readonly id: string; readonly teamId: string }[];
}

export interface MembershipStore {
  /** From the master: a membership whose event has left must be in it. */
  ofUser(userId: string): Promise<UserMemberships>;
}

// Indexes: teammembers by userid, channelmembers by (userid, channelid).
const OF_USER = statement(
  'memberships.of_user',
  `SELECT tm.teamid, '' AS channelid FROM teammembers tm WHERE tm.userid = $1 AND tm.deleteat = 0
   UNION ALL
   SELECT c.teamid, c.id AS channelid FROM channelmembers cm JOIN channels c ON c.id = cm.channelid WHERE cm.userid = $1`,
);

export function createMembershipStore(database: Database): MembershipStore {
  return {
    async ofUser(userId) {
      const rows = await database.readLatest<{ teamid: string; channelid: string }>(OF_USER, userId);
      return {
        teamIds: rows.filter((row) => row.channelid === '').map((row) => row.teamid),
        channels: rows.filter((row) => row.channelid !== '').map((row) => ({ id: row.channelid, teamId: row.teamid })),
      };
    },
  };
}
