import { type Database, type Row, statement } from '../../database/index.ts';
import { listOf } from './search-scope.ts';

interface NamedRow extends Row {
  readonly id: string;
  readonly name: string;
}

export interface SearchNames {
  /** The ids of those of the users that exist, by name; names are in lower case. It may lag. */
  users(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The ids of the user's channels of a team (empty = of all teams), and direct ones, that have one of the names or ids. */
  channels(userId: string, teamId: string, names: readonly string[]): Promise<string[]>;
}

const USERS = statement(
  'search.users',
  (sql) => `SELECT u.id, u.username AS name FROM ${sql.rows('$1', { id: 'key' }, 'r')}
    JOIN users u ON ${sql.lower('u.username')} = r.id`,
);
/** Uses ix_channelmembers_userid. */
const CHANNELS = statement(
  'search.channels',
  (sql) => `SELECT c.id, c.name FROM channelmembers m JOIN channels c ON c.id = m.channelid
    WHERE m.userid = $1 AND ($2 = '' OR c.teamid IN ($2, ''))
      AND (c.name IN (SELECT r.id FROM ${sql.rows('$3', { id: 'key' }, 'r')})
        OR c.id IN (SELECT r.id FROM ${sql.rows('$3', { id: 'key' }, 'r')}))`,
);

/** What the names in a search mean. */
export function createSearchNames(database: Pick<Database, 'readStale'>): SearchNames {
  return {
    async users(names) {
      if (names.length === 0) return new Map();
      const rows = await database.readStale<NamedRow>(USERS, listOf([...new Set(names)]));
      return new Map(rows.map(({ id, name }) => [name.toLowerCase(), id]));
    },
    async channels(userId, teamId, names) {
      if (names.length === 0) return [];
      const rows = await database.readStale<NamedRow>(CHANNELS, userId, teamId, listOf([...new Set(names)]));
      return rows.map(({ id }) => id);
    },
  };
}
