import { type Causality, type Database, type Row, type Statement, statement } from '../../database/index.ts';
import { channelJson } from './channel-json.ts';
import { likeText } from '../like-text.ts';

/** Which channels of all teams are wanted. */
export interface DirectorySearch {
  /** Plain text that the name or the display name contains; empty = all. */
  readonly term: string;
  /** Only of these teams; empty = of all. */
  readonly teamIds: readonly string[];
  readonly open: boolean;
  readonly private: boolean;
  readonly archived: boolean;
  /** Without the channels that every team has. */
  readonly withoutDefault: boolean;
}

export interface DirectoryPage extends DirectorySearch {
  readonly page: number;
  readonly perPage: number;
}

/** How many members a channel has, and whether who asks may see it. */
export interface MemberCount {
  readonly id: string;
  readonly count: number;
  readonly visible: boolean;
}

/** Channels beyond one team. Lists are the JSON text of a list, each channel with the names of its team. */
export interface ChannelDirectory {
  /** Open and private channels of all teams, by display name; may lag behind. */
  ofAllTeams(search: DirectoryPage): Promise<string>;
  countOfAllTeams(search: DirectorySearch): Promise<number>;
  /** Those of them that the user may see: open ones of their teams and own private ones. */
  ofTeamsOf(userId: string, search: DirectoryPage): Promise<string>;
  /** The user's group channels in which, for every word, somebody has a name that begins with it. */
  groupsWith(causality: Causality, userId: string, words: readonly string[]): Promise<string>;
  memberCounts(causality: Causality, userId: string, ids: readonly string[]): Promise<MemberCount[]>;
  /** What its members have set as their time zones, as the JSON texts that are kept; each once. */
  timezones(causality: Causality, channelId: string): Promise<string[]>;
}

/** $1 term, $2 team ids, $3 open, $4 private, $5 archived, $6 without default channels. */
const found = (rows: string) => `c.type IN ('O', 'P')
  AND (lower(c.name) LIKE '%' || lower($1) || '%' OR lower(c.displayname) LIKE '%' || lower($1) || '%')
  AND ($2 = '[]' OR c.teamid IN (SELECT r.id FROM ${rows}))
  AND ((c.type = 'O' AND $3) OR (c.type = 'P' AND $4))
  AND (c.deleteat = 0 OR $5) AND NOT ($6 AND c.name IN ('town-square', 'off-topic'))`;
const teamNames = {
  team_display_name: 't.displayname',
  team_name: 't.name',
  team_update_at: 't.updateat',
};

// An admin looks through all channels now and then: no index could help to find the middle of a name.
const OF_ALL_TEAMS = statement(
  'channels.of_all_teams',
  (sql) => `
  SELECT ${channelJson(sql, teamNames)} AS json FROM channels c JOIN teams t ON t.id = c.teamid
  WHERE ${found(sql.rows('$2', { id: 'text' }, 'r'))} ORDER BY c.displayname, c.id LIMIT $7 OFFSET $8`,
);
const COUNT_OF_ALL_TEAMS = statement(
  'channels.count_of_all_teams',
  (sql) => `
  SELECT COUNT(*) AS n FROM channels c JOIN teams t ON t.id = c.teamid
  WHERE ${found(sql.rows('$2', { id: 'text' }, 'r'))}`,
);
const OF_TEAMS_OF = statement(
  'channels.of_teams_of',
  (sql) => `
  SELECT ${channelJson(sql, teamNames)} AS json FROM channels c JOIN teams t ON t.id = c.teamid
  JOIN teammembers tm ON tm.teamid = t.id AND tm.userid = $9 AND tm.deleteat = 0
  WHERE ${found(sql.rows('$2', { id: 'text' }, 'r'))}
    AND (c.type = 'O' OR EXISTS (SELECT 1 FROM channelmembers m WHERE m.channelid = c.id AND m.userid = $9))
  ORDER BY c.displayname, c.id LIMIT $7 OFFSET $8`,
);
/** $1 user, $2 words. */
const GROUPS_WITH = statement(
  'channels.groups_with',
  (sql) => `
  SELECT ${channelJson(sql)} AS json FROM channelmembers mine
  JOIN channels c ON c.id = mine.channelid AND c.type = 'G' AND c.deleteat = 0
  WHERE mine.userid = $1 AND NOT EXISTS (
    SELECT 1 FROM ${sql.rows('$2', { word: 'text' }, 'r')} WHERE NOT EXISTS (
      SELECT 1 FROM channelmembers o JOIN users u ON u.id = o.userid
      WHERE o.channelid = c.id AND o.userid <> $1 AND ${sql.startsWith('u.username', 'r.word')}))
  ORDER BY c.displayname, c.id`,
);
/** $1 user, $2 channels. */
const MEMBER_COUNTS = statement(
  'channels.member_counts',
  (sql) => `
  SELECT c.id, (SELECT COUNT(*) FROM channelmembers m WHERE m.channelid = c.id) AS n,
    EXISTS (SELECT 1 FROM channelmembers m WHERE m.channelid = c.id AND m.userid = $1)
    OR (c.type = 'O' AND EXISTS (
      SELECT 1 FROM teammembers t WHERE t.teamid = c.teamid AND t.userid = $1 AND t.deleteat = 0)) AS visible
  FROM ${sql.rows('$2', { id: 'text' }, 'r')} JOIN channels c ON c.id = r.id`,
);
const TIMEZONES = statement(
  'channels.timezones',
  'SELECT DISTINCT u.timezone FROM channelmembers m JOIN users u ON u.id = m.userid WHERE m.channelid = $1',
);

interface JsonRow extends Row {
  readonly json: string;
}

export function createChannelDirectory(database: Database): ChannelDirectory {
  const page = async (asked: Statement, search: DirectoryPage, ...more: string[]): Promise<string> => {
    const { page: number, perPage } = search;
    return listOf(await database.readStale(asked, ...valuesOf(search), perPage, number * perPage, ...more));
  };
  return {
    ofAllTeams: (search) => page(OF_ALL_TEAMS, search),
    ofTeamsOf: (userId, search) => page(OF_TEAMS_OF, search, userId),
    async countOfAllTeams(search) {
      const [row] = await database.readStale<{ n: number }>(COUNT_OF_ALL_TEAMS, ...valuesOf(search));
      return row?.n ?? 0;
    },
    async groupsWith(causality, userId, words) {
      const rows = words.map((word) => ({ word: likeText(word) }));
      return listOf(await database.read(causality, GROUPS_WITH, userId, JSON.stringify(rows)));
    },
    async memberCounts(causality, userId, ids) {
      const channels = JSON.stringify([...new Set(ids)].map((id) => ({ id })));
      const rows = await database.read<{ id: string; n: number; visible: boolean }>(
        causality,
        MEMBER_COUNTS,
        userId,
        channels,
      );
      return rows.map(({ id, n, visible }) => ({ id, count: n, visible }));
    },
    async timezones(causality, channelId) {
      const rows = await database.read<{ timezone: string }>(causality, TIMEZONES, channelId);
      return rows.map((row) => row.timezone);
    },
  };
}

const listOf = (rows: readonly JsonRow[]): string => `[${rows.map((row) => row.json).join(',')}]`;

const valuesOf = (search: DirectorySearch) =>
  [
    likeText(search.term),
    JSON.stringify(search.teamIds.map((id) => ({ id }))),
    search.open,
    search.private,
    search.archived,
    search.withoutDefault,
  ] as const;
