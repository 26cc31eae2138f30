import type { Channel, ChannelStats } from '../../../contract/index.ts';
import {
  type BoundStatement,
  bind,
  type Causality,
  type Database,
  type Row,
  type Statement,
  statement,
} from '../../database/index.ts';
import { insertOnce } from '../insert-once.ts';
import { forgetPlaces } from '../sidebar/index.ts';
import { type ChannelDirectory, createChannelDirectory } from './channel-directory.ts';
import { channelJson } from './channel-json.ts';
import { type ChannelLists, createChannelLists } from './channel-lists.ts';
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

export interface ChannelStore extends ChannelLists, ChannelDirectory, ChannelMembers, ChannelReading {
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
  /** Throws `unique` with CHANNEL_NAME_INDEX when the other team has a channel of that name. */
  move(
    causality: Causality,
    change: { readonly id: string; readonly from: string; readonly to: string; readonly at: number },
  ): Promise<Channel | undefined>;
  stats(causality: Causality, id: string): Promise<ChannelStats>;
}

interface JsonRow extends Row {
  readonly json: string;
}

const select = (name: string, rest: string): Statement =>
  statement(name, (sql) => `SELECT ${channelJson(sql)} AS json FROM channels c ${rest}`);

const BY_ID = select('channels.by_id', 'WHERE c.id = $1');
const BY_NAME = select('channels.by_name', 'WHERE c.teamid = $1 AND c.name = $2');
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
const INSERT = statement('channels.insert', (sql) =>
  insertOnce(
    sql,
    'channels',
    'id, createat, updateat, teamid, type, displayname, name, header, purpose, creatorid, extraupdateat',
    '$1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $2',
  ),
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

const MOVE = statement('channels.move', 'UPDATE channels SET updateat = $2, teamid = $3 WHERE id = $1');

export function createChannelStore(database: Database): ChannelStore {
  const one = (rows: readonly Row[] | undefined): Channel | undefined => {
    const row = rows?.[0] as JsonRow | undefined;
    return row === undefined ? undefined : (JSON.parse(row.json) as Channel);
  };
  const changed = async (
    causality: Causality,
    id: string,
    change: ReturnType<typeof bind>,
  ): Promise<Channel | undefined> => {
    const answers = await database.writeAll(causality, [change, bind(BY_ID, id)], { onUnknown: 'repeatable' });
    return one(answers[1]);
  };
  return {
    ...createChannelLists(database),
    ...createChannelDirectory(database),
    ...createChannelMembers(database),
    ...createChannelReading(database),
    async create(causality, channel) {
      const answers = await database.writeAll(causality, [...insertChannel(channel), bind(BY_ID, channel.id)], {
        onUnknown: 'repeatable',
      });
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
    async move(causality, { id, from, to, at }) {
      const change = [forgetPlaces(id, from), bind(MOVE, id, at, to), bind(BY_ID, id)];
      return one((await database.writeAll(causality, change, { onUnknown: 'repeatable' })).at(-1));
    },
    async stats(causality, id) {
      const [row] = await database.read<Omit<ChannelStats, 'channel_id' | 'files_count'>>(causality, STATS, id);
      return { channel_id: id, files_count: 0, member_count: 0, guest_count: 0, pinnedpost_count: 0, ...row };
    },
  };
}

function insertChannel(channel: NewChannel): BoundStatement[] {
  const { id, createAt, teamId, type, displayName, name, header, purpose, creatorId } = channel;
  const members = channel.memberIds.map((userId) =>
    addMember({ channelId: id, userId, at: createAt, isAdmin: userId === creatorId && teamId !== '' }),
  );
  return [bind(INSERT, id, createAt, teamId, type, displayName, name, header, purpose, creatorId), ...members.flat()];
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
