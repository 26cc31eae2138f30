import type { Channel, ChannelStats } from '../../../contract/index.ts';
import {
  bind,
  type Causality,
  type Database,
  type Row,
  type SqlValue,
  type Statement,
  statement,
} from '../../database/index.ts';
import { channelJson } from './channel-json.ts';
import { type ChannelMembers, createChannelMembers } from './channel-members.ts';
import { type ChannelReading, createChannelReading } from './channel-reading.ts';
import { addMember, memberColumns, type MemberRow, recordOf, type ChannelMemberRecord } from './member-row.ts';

/** The unique index that refuses a second channel of a name in a team. */
export const CHANNEL_NAME_INDEX = 'ux_channels_name_teamid';

export interface NewChannel {
  readonly id: string;
  readonly createAt: number;
  /** Empty for direct channels. */
  readonly teamId: string;
  readonly type: 'O' | 'P' | 'D' | 'G';
  readonly name: string;
  readonly displayName: string;
  readonly header: string;
  readonly purpose: string;
  /** Empty for channels that the server makes. */
  readonly creatorId: string;
  /** The first members; the creator among them becomes the channel's admin. */
  readonly memberIds: readonly string[];
}

export interface ChannelPatch {
  readonly name?: string | undefined;
  readonly display_name?: string | undefined;
  readonly header?: string | undefined;
  readonly purpose?: string | undefined;
  readonly type?: 'O' | 'P' | undefined;
}

/** A channel with the asker's places in it and in its team: all that the rules about it ask for. */
export interface ChannelAccessRecord {
  readonly channel: Channel;
  readonly member: ChannelMemberRecord | undefined;
  readonly teamMember:
    | { readonly roles: string; readonly scheme_user: boolean; readonly scheme_admin: boolean }
    | undefined;
}

/** Lists come as the JSON text of a list of channels, ordered by display name. */
export interface ChannelStore extends ChannelMembers, ChannelReading {
  /** Makes the channel and its members. Throws `unique` with CHANNEL_NAME_INDEX when the name is taken. */
  create(causality: Causality, channel: NewChannel): Promise<Channel>;
  byId(causality: Causality, id: string): Promise<Channel | undefined>;
  byName(causality: Causality, teamId: string, name: string): Promise<Channel | undefined>;
  /** The same from the master: after a race for the name. */
  latestByName(teamId: string, name: string): Promise<Channel | undefined>;
  /** As of this server's last write, whoever made it: a user who was removed a moment ago is no member any more. */
  access(causality: Causality, channelId: string, userId: string): Promise<ChannelAccessRecord | undefined>;
  /** Throws `unique` with CHANNEL_NAME_INDEX when the new name is taken. */
  patch(causality: Causality, id: string, at: number, patch: ChannelPatch): Promise<Channel | undefined>;
  /** Archives (`deleteAt` set) or restores (0). */
  setDeleteAt(causality: Causality, id: string, at: number, deleteAt: number): Promise<Channel | undefined>;
  stats(causality: Causality, id: string): Promise<ChannelStats>;
  /** The open channels of a team. */
  openOfTeam(causality: Causality, teamId: string, list: ChannelPage): Promise<string>;
  /** The private channels of a team: for admins. */
  privateOfTeam(causality: Causality, teamId: string, list: ChannelPage): Promise<string>;
  /** The open ones among `ids`. */
  openByIds(causality: Causality, teamId: string, ids: readonly string[]): Promise<string>;
  /** The user's channels of a team and direct ones; archived ones when they were archived at or after `archivedSince`. */
  ofUserInTeam(causality: Causality, own: OwnChannels & { teamId: string }): Promise<string>;
  /** The user's channels of all teams and direct ones. */
  ofUser(causality: Causality, own: OwnChannels): Promise<string>;
  /** Open channels, and the user's own private ones, with a name or a word of the display name that begins with `term`. */
  search(causality: Causality, search: ChannelSearch): Promise<string>;
}

export interface ChannelPage {
  readonly archived: boolean;
  readonly page: number;
  readonly perPage: number;
}

export interface OwnChannels {
  readonly userId: string;
  /** Milliseconds; undefined leaves archived channels out. */
  readonly archivedSince: number | undefined;
}

export interface ChannelSearch {
  readonly teamId: string;
  readonly userId: string;
  /** Plain text. */
  readonly term: string;
  readonly archived: boolean;
  readonly limit: number;
}

interface JsonRow extends Row {
  readonly json: string;
}

const select = (name: string, rest: string): Statement =>
  statement(name, (sql) => `SELECT ${channelJson(sql)} AS json FROM channels c ${rest}`);

const BY_ID = select('channels.by_id', 'WHERE c.id = $1');
const BY_NAME = select('channels.by_name', 'WHERE c.teamid = $1 AND c.name = $2');
const OF_TEAM = select(
  'channels.of_team',
  `WHERE c.teamid = $1 AND c.type = $2 AND (c.deleteat <> 0) = $3 ORDER BY c.displayname, c.id LIMIT $4 OFFSET $5`,
);
const OPEN_BY_IDS = statement(
  'channels.open_by_ids',
  (sql) => `
  SELECT ${channelJson(sql)} AS json FROM ${sql.rows('$2', { id: 'text' }, 'i')} JOIN channels c ON c.id = i.id
  WHERE c.teamid = $1 AND c.type = 'O' AND c.deleteat = 0 ORDER BY c.displayname, c.id`,
);
/** The archived ones that are not wanted have an earlier `deleteat`; the others all have a later one, or none. */
const notForgotten = (place: string): string => `(c.deleteat = 0 OR c.deleteat >= ${place})`;
const OF_USER_IN_TEAM = select(
  'channels.of_user_in_team',
  `JOIN channelmembers m ON m.channelid = c.id
   WHERE m.userid = $1 AND ${notForgotten('$2')} AND c.teamid IN ($3, '') ORDER BY c.displayname, c.id`,
);
const OF_USER = select(
  'channels.of_user',
  `JOIN channelmembers m ON m.channelid = c.id
   WHERE m.userid = $1 AND ${notForgotten('$2')} ORDER BY c.displayname, c.id`,
);
const SEARCH = statement(
  'channels.search',
  (sql) => `
  SELECT ${channelJson(sql)} AS json FROM channels c
  WHERE c.teamid = $1 AND (c.deleteat <> 0) = $2
    AND (c.type = 'O' OR (c.type = 'P' AND EXISTS (
      SELECT 1 FROM channelmembers m WHERE m.channelid = c.id AND m.userid = $3)))
    AND (${sql.startsWith('c.name', '$4')} OR ${sql.startsWith('c.displayname', '$4')}
      OR ${sql.startsWith('c.displayname', '$5')})
  ORDER BY c.displayname, c.id LIMIT $6`,
);
const ACCESS = statement(
  'channels.access',
  (sql) => `
  SELECT ${channelJson(sql)} AS json, ${memberColumns},
    t.userid IS NOT NULL AS inteam, t.roles AS teamroles, t.schemeuser AS teamuser, t.schemeadmin AS teamadmin
  FROM channels c
  LEFT JOIN channelmembers m ON m.channelid = c.id AND m.userid = $2
  LEFT JOIN teammembers t ON t.teamid = c.teamid AND t.userid = $2 AND t.deleteat = 0
  WHERE c.id = $1`,
);
const STATS = statement(
  'channels.stats',
  `SELECT
    (SELECT count(*) FROM channelmembers WHERE channelid = $1) AS member_count,
    (SELECT count(*) FROM channelmembers WHERE channelid = $1 AND schemeguest) AS guest_count,
    (SELECT count(*) FROM posts WHERE channelid = $1 AND ispinned AND deleteat = 0) AS pinnedpost_count`,
);
/** Only the id is passed over when it exists, so that a repeat changes nothing and a taken name is still refused. */
const INSERT = statement(
  'channels.insert',
  (sql) => `
  INSERT INTO channels (id, createat, updateat, teamid, type, displayname, name, header, purpose, creatorid,
    extraupdateat)
  VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $2)
  ${sql.orIgnore(['id'])}`,
);
const PATCH = statement(
  'channels.patch',
  `UPDATE channels SET updateat = $2, name = COALESCE($3, name), displayname = COALESCE($4, displayname),
    header = COALESCE($5, header), purpose = COALESCE($6, purpose), type = COALESCE($7, type)
   WHERE id = $1`,
);
const SET_DELETE_AT = statement(
  'channels.set_delete_at',
  'UPDATE channels SET updateat = $2, deleteat = $3 WHERE id = $1',
);

/** Later than every time: no archived channel was archived after it. */
const NEVER = Number.MAX_SAFE_INTEGER;

export function createChannelStore(database: Database): ChannelStore {
  const one = (rows: readonly Row[] | undefined): Channel | undefined => {
    const row = rows?.[0] as JsonRow | undefined;
    return row === undefined ? undefined : (JSON.parse(row.json) as Channel);
  };
  const list = async (causality: Causality, asked: Statement, ...values: SqlValue[]): Promise<string> => {
    const rows = await database.read<JsonRow>(causality, asked, ...values);
    return `[${rows.map((row) => row.json).join(',')}]`;
  };
  const changed = async (
    causality: Causality,
    id: string,
    change: ReturnType<typeof bind>,
  ): Promise<Channel | undefined> => {
    const answers = await database.writeAll(causality, [change, bind(BY_ID, id)], { onUnknown: 'repeatable' });
    return one(answers[1]);
  };
  const page = (causality: Causality, teamId: string, type: 'O' | 'P', wanted: ChannelPage): Promise<string> =>
    list(causality, OF_TEAM, teamId, type, wanted.archived, wanted.perPage, wanted.page * wanted.perPage);

  return {
    ...createChannelMembers(database),
    ...createChannelReading(database),
    async create(causality, channel) {
      const members = channel.memberIds.map((userId) =>
        addMember({
          channelId: channel.id,
          userId,
          at: channel.createAt,
          isAdmin: userId === channel.creatorId && channel.teamId !== '',
        }),
      );
      const answers = await database.writeAll(
        causality,
        [
          bind(
            INSERT,
            channel.id,
            channel.createAt,
            channel.teamId,
            channel.type,
            channel.displayName,
            channel.name,
            channel.header,
            channel.purpose,
            channel.creatorId,
          ),
          ...members.flat(),
          bind(BY_ID, channel.id),
        ],
        { onUnknown: 'repeatable' },
      );
      return one(answers.at(-1)) as Channel;
    },
    byId: async (causality, id) => one(await database.read(causality, BY_ID, id)),
    byName: async (causality, teamId, name) => one(await database.read(causality, BY_NAME, teamId, name)),
    latestByName: async (teamId, name) => one(await database.readLatest(BY_NAME, teamId, name)),
    async access(causality, channelId, userId) {
      causality.raise(database.latestToken);
      const [row] = await database.read<AccessRow>(causality, ACCESS, channelId, userId);
      return row === undefined ? undefined : accessOf(row);
    },
    patch: (causality, id, at, patch) =>
      changed(
        causality,
        id,
        bind(
          PATCH,
          id,
          at,
          patch.name ?? null,
          patch.display_name ?? null,
          patch.header ?? null,
          patch.purpose ?? null,
          patch.type ?? null,
        ),
      ),
    setDeleteAt: (causality, id, at, deleteAt) => changed(causality, id, bind(SET_DELETE_AT, id, at, deleteAt)),
    async stats(causality, id) {
      const [row] = await database.read<Omit<ChannelStats, 'channel_id' | 'files_count'>>(causality, STATS, id);
      return { channel_id: id, files_count: 0, member_count: 0, guest_count: 0, pinnedpost_count: 0, ...row };
    },
    openOfTeam: (causality, teamId, wanted) => page(causality, teamId, 'O', wanted),
    privateOfTeam: (causality, teamId, wanted) => page(causality, teamId, 'P', wanted),
    openByIds: (causality, teamId, ids) =>
      list(causality, OPEN_BY_IDS, teamId, JSON.stringify(ids.map((id) => ({ id })))),
    ofUserInTeam: (causality, own) =>
      list(causality, OF_USER_IN_TEAM, own.userId, own.archivedSince ?? NEVER, own.teamId),
    ofUser: (causality, own) => list(causality, OF_USER, own.userId, own.archivedSince ?? NEVER),
    search(causality, { teamId, userId, term, archived, limit }) {
      const pattern = term.replace(/[\\%_]/g, '\\$&');
      return list(causality, SEARCH, teamId, archived, userId, pattern, `% ${pattern}`, limit);
    },
  };
}

interface AccessRow extends JsonRow, Partial<MemberRow> {
  readonly inteam: boolean;
  readonly teamroles: string | null;
  readonly teamuser: boolean | null;
  readonly teamadmin: boolean | null;
}

function accessOf(row: AccessRow): ChannelAccessRecord {
  return {
    channel: JSON.parse(row.json) as Channel,
    member: typeof row.userid === 'string' ? recordOf(row as AccessRow & MemberRow) : undefined,
    teamMember: row.inteam
      ? { roles: row.teamroles ?? '', scheme_user: row.teamuser === true, scheme_admin: row.teamadmin === true }
      : undefined,
  };
}
