import { type Database, type SqlValue, type Statement, statement } from '../../database/index.ts';

/** Figures of the whole server or of one team. */
export interface Totals {
  readonly openChannels: number;
  readonly privateChannels: number;
  /** Messages that were ever written; those of members who come and go are not counted. */
  readonly posts: number;
  readonly users: number;
  readonly inactiveUsers: number;
  readonly teams: number;
  readonly activeToday: number;
  readonly activeThisMonth: number;
  readonly files: number;
  readonly fileBytes: number;
}

/** How many there were in the day of UTC that begins at `day`, in milliseconds since 1970. */
export interface DayCount {
  readonly day: number;
  readonly count: number;
}

export interface Days {
  /** Milliseconds since 1970; both begin a day of UTC, the second one is not included. */
  readonly from: number;
  readonly to: number;
  /** Empty: of all teams. */
  readonly teamId: string;
}

/** Statistics: every method reads what may be old, from search replicas where there are any. */
export interface AnalyticsStore {
  /** @param since when somebody counts as active today, and this month: milliseconds since 1970. */
  totals(teamId: string, since: { readonly day: number; readonly month: number }): Promise<Totals>;
  /** Newest first; days without any are left out. */
  postsByDay(days: Days): Promise<DayCount[]>;
  /** The users who have written, in the same way. */
  authorsByDay(days: Days): Promise<DayCount[]>;
  /** Posts with files, of the server or a team; and sessions that have not expired. */
  extra(teamId: string, now: number): Promise<{ readonly postsWithFiles: number; readonly sessions: number }>;
}

type CountName =
  | 'open_channels'
  | 'private_channels'
  | 'users'
  | 'inactive_users'
  | 'teams'
  | 'active_today'
  | 'active_month'
  | 'files';
type TotalsRow = Record<CountName, number> & { posts: string; file_bytes: string };

// No post is counted: each channel knows its own number.
const TOTALS = statement(
  'analytics.totals',
  `SELECT (SELECT COUNT(*) FROM channels WHERE type = 'O' AND deleteat = 0) AS open_channels,
     (SELECT COUNT(*) FROM channels WHERE type = 'P' AND deleteat = 0) AS private_channels,
     (SELECT COALESCE(SUM(totalmsgcount), 0) FROM channels) AS posts,
     (SELECT COUNT(*) FROM users WHERE deleteat = 0) AS users,
     (SELECT COUNT(*) FROM users WHERE deleteat > 0) AS inactive_users,
     (SELECT COUNT(*) FROM teams WHERE deleteat = 0) AS teams,
     (SELECT COUNT(*) FROM status s JOIN users u ON u.id = s.userid AND u.deleteat = 0 WHERE s.lastactivityat > $1) AS active_today,
     (SELECT COUNT(*) FROM status s JOIN users u ON u.id = s.userid AND u.deleteat = 0 WHERE s.lastactivityat > $2) AS active_month,
     (SELECT COUNT(*) FROM fileinfo WHERE deleteat = 0 AND size >= 0) AS files,
     (SELECT COALESCE(SUM(size), 0) FROM fileinfo WHERE deleteat = 0 AND size >= 0) AS file_bytes`,
);
const activeInTeam = (since: string): string =>
  `SELECT COUNT(*) FROM teammembers m JOIN users u ON u.id = m.userid AND u.deleteat = 0
     JOIN status s ON s.userid = m.userid AND s.lastactivityat > ${since} WHERE m.teamid = $3 AND m.deleteat = 0`;
const filesOfTeam = `FROM channels c JOIN fileinfo f ON f.channelid = c.id WHERE c.teamid = $3 AND f.deleteat = 0 AND f.size >= 0`;
const TOTALS_OF_TEAM = statement(
  'analytics.totals_of_team',
  `SELECT (SELECT COUNT(*) FROM channels WHERE type = 'O' AND deleteat = 0 AND teamid = $3) AS open_channels,
     (SELECT COUNT(*) FROM channels WHERE type = 'P' AND deleteat = 0 AND teamid = $3) AS private_channels,
     (SELECT COALESCE(SUM(totalmsgcount), 0) FROM channels WHERE teamid = $3) AS posts,
     (SELECT COUNT(*) FROM teammembers m JOIN users u ON u.id = m.userid AND u.deleteat = 0
       WHERE m.teamid = $3 AND m.deleteat = 0) AS users,
     (SELECT COUNT(*) FROM teammembers m JOIN users u ON u.id = m.userid AND u.deleteat > 0
       WHERE m.teamid = $3 AND m.deleteat = 0) AS inactive_users,
     (SELECT COUNT(*) FROM teams WHERE deleteat = 0 AND id = $3) AS teams,
     (${activeInTeam('$1')}) AS active_today,
     (${activeInTeam('$2')}) AS active_month,
     (SELECT COUNT(*) ${filesOfTeam}) AS files,
     (SELECT COALESCE(SUM(f.size), 0) ${filesOfTeam}) AS file_bytes`,
);

// The page's index has the posts of a channel by time, so only those of the wanted days are read, and only in channels where
// something was written since.
const byDay = (what: string, team: string): string => `SELECT p.createat - p.createat % 86400000 AS day, ${what} AS n
   FROM channels c JOIN posts p ON p.channelid = c.id AND p.deleteat = 0 AND p.createat >= $1 AND p.createat < $2
   WHERE c.lastpostat >= $1${team} GROUP BY p.createat - p.createat % 86400000 ORDER BY day DESC`;
const OF_TEAM = ' AND c.teamid = $3';
const POSTS_BY_DAY = statement('analytics.posts_by_day', byDay('COUNT(*)', ''));
const POSTS_BY_DAY_OF_TEAM = statement('analytics.posts_by_day_of_team', byDay('COUNT(*)', OF_TEAM));
const AUTHORS_BY_DAY = statement('analytics.authors_by_day', byDay('COUNT(DISTINCT p.userid)', ''));
const AUTHORS_BY_DAY_OF_TEAM = statement(
  'analytics.authors_by_day_of_team',
  byDay('COUNT(DISTINCT p.userid)', OF_TEAM),
);

const SESSIONS = '(SELECT COUNT(*) FROM sessions WHERE expiresat > $1) AS sessions';
const EXTRA = statement(
  'analytics.extra',
  `SELECT (SELECT COUNT(DISTINCT postid) FROM fileinfo WHERE postid <> '' AND deleteat = 0) AS files, ${SESSIONS}`,
);
const EXTRA_OF_TEAM = statement(
  'analytics.extra_of_team',
  `SELECT (SELECT COUNT(DISTINCT f.postid) FROM channels c JOIN fileinfo f ON f.channelid = c.id
     WHERE c.teamid = $2 AND f.postid <> '' AND f.deleteat = 0) AS files, ${SESSIONS}`,
);

export function createAnalyticsStore(database: Database): AnalyticsStore {
  const countDays = async (all: Statement, ofTeam: Statement, { from, to, teamId }: Days): Promise<DayCount[]> => {
    const [query, values]: [Statement, SqlValue[]] = teamId === '' ? [all, []] : [ofTeam, [teamId]];
    const rows = await database.readStale<{ day: number; n: number }>(query, from, to, ...values);
    return rows.map(({ day, n }) => ({ day: Number(day), count: n }));
  };
  return {
    async totals(teamId, { day, month }) {
      const [row] =
        teamId === ''
          ? await database.readStale<TotalsRow>(TOTALS, day, month)
          : await database.readStale<TotalsRow>(TOTALS_OF_TEAM, day, month, teamId);
      if (row === undefined) throw new Error('A row of figures is missing.');
      return toTotals(row);
    },
    postsByDay: (days) => countDays(POSTS_BY_DAY, POSTS_BY_DAY_OF_TEAM, days),
    authorsByDay: (days) => countDays(AUTHORS_BY_DAY, AUTHORS_BY_DAY_OF_TEAM, days),
    async extra(teamId, now) {
      type Extra = { files: number; sessions: number };
      const [row] =
        teamId === ''
          ? await database.readStale<Extra>(EXTRA, now)
          : await database.readStale<Extra>(EXTRA_OF_TEAM, now, teamId);
      return { postsWithFiles: row?.files ?? 0, sessions: row?.sessions ?? 0 };
    },
  };
}

function toTotals(row: TotalsRow): Totals {
  return {
    openChannels: row.open_channels,
    privateChannels: row.private_channels,
    users: row.users,
    inactiveUsers: row.inactive_users,
    teams: row.teams,
    activeToday: row.active_today,
    activeThisMonth: row.active_month,
    files: row.files,
    // Sums come as decimal texts.
    posts: Number(row.posts),
    fileBytes: Number(row.file_bytes),
  };
}
