import {
  type Causality,
  type Database,
  type Row,
  type SqlValue,
  type Statement,
  statement,
} from '../../database/index.ts';
import { channelJson } from './channel-json.ts';
import { likeText } from '../like-text.ts';

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

/** Lists of channels, each as the JSON text of a list, ordered by display name. */
export interface ChannelLists {
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

interface JsonRow extends Row {
  readonly json: string;
}

const select = (name: string, rest: string): Statement =>
  statement(name, (sql) => `SELECT ${channelJson(sql)} AS json FROM channels c ${rest}`);

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

/** Later than every time: no archived channel was archived after it. */
const NEVER = Number.MAX_SAFE_INTEGER;

export function createChannelLists(database: Database): ChannelLists {
  const list = async (causality: Causality, asked: Statement, ...values: SqlValue[]): Promise<string> => {
    const rows = await database.read<JsonRow>(causality, asked, ...values);
    return `[${rows.map((row) => row.json).join(',')}]`;
  };
  const page = (causality: Causality, teamId: string, type: 'O' | 'P', wanted: ChannelPage): Promise<string> =>
    list(causality, OF_TEAM, teamId, type, wanted.archived, wanted.perPage, wanted.page * wanted.perPage);

  return {
    openOfTeam: (causality, teamId, wanted) => page(causality, teamId, 'O', wanted),
    privateOfTeam: (causality, teamId, wanted) => page(causality, teamId, 'P', wanted),
    openByIds: (causality, teamId, ids) =>
      list(causality, OPEN_BY_IDS, teamId, JSON.stringify(ids.map((id) => ({ id })))),
    ofUserInTeam: (causality, own) =>
      list(causality, OF_USER_IN_TEAM, own.userId, own.archivedSince ?? NEVER, own.teamId),
    ofUser: (causality, own) => list(causality, OF_USER, own.userId, own.archivedSince ?? NEVER),
    search(causality, { teamId, userId, term, archived, limit }) {
      const pattern = likeText(term);
      return list(causality, SEARCH, teamId, archived, userId, pattern, `% ${pattern}`, limit);
    },
  };
}
