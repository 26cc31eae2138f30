import type { Team } from '../../../contract/index.ts';
import {
  bind,
  type BoundStatement,
  type Causality,
  type Database,
  type Row,
  type SqlValue,
  statement,
} from '../../database/index.ts';
import { insertOnce } from '../insert-once.ts';
import { createTeamMembers, joinTeam, type TeamMembers } from './team-members.ts';
import { type TeamRow, teamColumns, teamOf } from './team-row.ts';
import { likeText } from '../like-text.ts';

/** The unique index that refuses a second team of a name. */
export const TEAM_NAME_INDEX = 'ux_teams_name';

export interface NewTeam {
  readonly id: string;
  readonly createAt: number;
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly type: 'O' | 'I';
  readonly inviteId: string;
  readonly allowOpenInvite: boolean;
  readonly email: string;
  /** Becomes the team's admin and a member of its default channels. */
  readonly creatorId: string;
  readonly defaultChannels: readonly { readonly id: string; readonly name: string; readonly displayName: string }[];
}

export interface TeamPatch {
  readonly display_name?: string | undefined;
  readonly description?: string | undefined;
  readonly allow_open_invite?: boolean | undefined;
  readonly type?: 'O' | 'I' | undefined;
  readonly invite_id?: string | undefined;
}

export interface TeamStore extends TeamMembers {
  /** Makes a team with its default channels and its first admin. Throws `unique` with TEAM_NAME_INDEX. */
  create(causality: Causality, team: NewTeam): Promise<Team>;
  byId(causality: Causality, id: string): Promise<Team | undefined>;
  byName(causality: Causality, name: string): Promise<Team | undefined>;
  byInviteId(causality: Causality, inviteId: string): Promise<Team | undefined>;
  /** Teams by display name; only those that everybody may join, unless `all`. */
  list(causality: Causality, page: TeamPage): Promise<Team[]>;
  /** Those of them whose name or display name contains `term`; may lag behind. */
  search(term: string, page: TeamPage): Promise<Team[]>;
  /** How many `search` finds on all pages; may lag behind. */
  count(term: string, all: boolean): Promise<number>;
  ofUser(causality: Causality, userId: string): Promise<Team[]>;
  patch(causality: Causality, id: string, at: number, patch: TeamPatch): Promise<Team | undefined>;
  /** Archives (`deleteAt` set) or restores (0). */
  setDeleteAt(causality: Causality, id: string, at: number, deleteAt: number): Promise<Team | undefined>;
  /** When the picture was set; 0 = there is none. */
  setIcon(causality: Causality, id: string, at: number, version: number): Promise<Team | undefined>;
}

export interface TeamPage {
  readonly all: boolean;
  readonly page: number;
  readonly perPage: number;
}

const select = (name: string, rest: string) => statement(name, `SELECT ${teamColumns} FROM teams t ${rest}`);

const BY_ID = select('teams.by_id', 'WHERE t.id = $1');
const BY_NAME = select('teams.by_name', 'WHERE t.name = $1');
const BY_INVITE_ID = select('teams.by_invite_id', 'WHERE t.inviteid = $1 AND t.deleteat = 0');
const LIST = select(
  'teams.list',
  'WHERE t.deleteat = 0 AND (t.allowopeninvite OR $1) ORDER BY t.displayname, t.id LIMIT $2 OFFSET $3',
);
/** There are few teams: they are looked through. $1 whether all, $2 the term. */
const FOUND = `t.deleteat = 0 AND (t.allowopeninvite OR $1)
  AND (lower(t.name) LIKE '%' || lower($2) || '%' OR lower(t.displayname) LIKE '%' || lower($2) || '%')`;
const SEARCH = select('teams.search', `WHERE ${FOUND} ORDER BY t.displayname, t.id LIMIT $3 OFFSET $4`);
const COUNT = statement('teams.count', `SELECT COUNT(*) AS n FROM teams t WHERE ${FOUND}`);
const OF_USER = select(
  'teams.of_user',
  `JOIN teammembers m ON m.teamid = t.id WHERE m.userid = $1 AND m.deleteat = 0 AND t.deleteat = 0
   ORDER BY t.displayname, t.id`,
);
const INSERT = statement('teams.insert', (sql) =>
  insertOnce(
    sql,
    'teams',
    'id, createat, updateat, displayname, name, description, email, type, inviteid, allowopeninvite',
    '$1, $2, $2, $3, $4, $5, $6, $7, $8, $9',
  ),
);
const INSERT_CHANNEL = statement(
  'teams.insert_channel',
  (sql) => `
  INSERT INTO channels (id, createat, updateat, extraupdateat, teamid, type, displayname, name, creatorid)
  VALUES ($1, $2, $2, $2, $3, 'O', $4, $5, $6)
  ${sql.orIgnore('channels', ['id'])}`,
);
const PATCH = statement(
  'teams.patch',
  `UPDATE teams SET updateat = $2, displayname = COALESCE($3, displayname), description = COALESCE($4, description),
    allowopeninvite = COALESCE($5, allowopeninvite), type = COALESCE($6, type), inviteid = COALESCE($7, inviteid)
   WHERE id = $1`,
);

const SET_DELETE_AT = statement('teams.set_delete_at', 'UPDATE teams SET updateat = $2, deleteat = $3 WHERE id = $1');

const SET_ICON = statement('teams.set_icon', 'UPDATE teams SET updateat = $2, lastteamiconupdate = $3 WHERE id = $1');

const repeatable = { onUnknown: 'repeatable' } as const;

export function createTeamStore(database: Database): TeamStore {
  const one = (rows: readonly Row[] | undefined): Team | undefined => {
    const row = rows?.[0] as TeamRow | undefined;
    return row === undefined ? undefined : teamOf(row);
  };
  const find = async (causality: Causality, asked: typeof BY_ID, ...values: SqlValue[]): Promise<Team[]> =>
    (await database.read<TeamRow>(causality, asked, ...values)).map(teamOf);

  const changed = async (causality: Causality, id: string, change: BoundStatement): Promise<Team | undefined> =>
    one((await database.writeAll(causality, [change, bind(BY_ID, id)], repeatable))[1]);

  return {
    ...createTeamMembers(database),
    async create(causality, team) {
      const { id, createAt: at, creatorId } = team;
      const answers = await database.writeAll(
        causality,
        [
          insertTeam(team),
          ...team.defaultChannels.map((channel) =>
            bind(INSERT_CHANNEL, channel.id, at, id, channel.displayName, channel.name, creatorId),
          ),
          ...joinTeam({ teamId: id, userId: creatorId, at, isAdmin: true }),
          bind(BY_ID, id),
        ],
        repeatable,
      );
      return one(answers.at(-1)) as Team;
    },
    byId: async (causality, id) => (await find(causality, BY_ID, id))[0],
    byName: async (causality, name) => (await find(causality, BY_NAME, name))[0],
    byInviteId: async (causality, inviteId) => (await find(causality, BY_INVITE_ID, inviteId))[0],
    list: (causality, { all, page, perPage }) => find(causality, LIST, all, perPage, page * perPage),
    async search(term, { all, page, perPage }) {
      const rows = await database.readStale<TeamRow>(SEARCH, all, likeText(term), perPage, page * perPage);
      return rows.map(teamOf);
    },
    count: async (term, all) => (await database.readStale<{ n: number }>(COUNT, all, likeText(term)))[0]?.n ?? 0,
    ofUser: (causality, userId) => find(causality, OF_USER, userId),
    patch(causality, id, at, patch) {
      const change = bind(
        PATCH,
        id,
        at,
        patch.display_name ?? null,
        patch.description ?? null,
        patch.allow_open_invite ?? null,
        patch.type ?? null,
        patch.invite_id ?? null,
      );
      return changed(causality, id, change);
    },
    setDeleteAt: (causality, id, at, deleteAt) => changed(causality, id, bind(SET_DELETE_AT, id, at, deleteAt)),
    setIcon: (causality, id, at, version) => changed(causality, id, bind(SET_ICON, id, at, version)),
  };
}

function insertTeam(team: NewTeam) {
  return bind(
    INSERT,
    team.id,
    team.createAt,
    team.displayName,
    team.name,
    team.description,
    team.email,
    team.type,
    team.inviteId,
    team.allowOpenInvite,
  );
}
