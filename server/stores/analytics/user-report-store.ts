import type { Database } from '../../database/index.ts';
import { type FullUser, toUser, userColumns, type UserRow } from '../users/index.ts';
import {
  countQuery,
  reportCountQuery,
  type ReportFilter,
  type ReportPage,
  reportQuery,
  type UserCountFilter,
} from './user-report.sql.ts';

/** A user with what an administrator wants to know beside. Times are milliseconds since 1970, 0 = never. */
export type ReportedUser = FullUser & {
  /** Of the sessions that are still known. */
  readonly last_login: number;
  readonly last_status_at: number;
};

/** Users for an administrator's tables. What they answer may be old. */
export interface UserReportStore {
  count(filter: UserCountFilter): Promise<number>;
  page(filter: ReportFilter, page: ReportPage): Promise<ReportedUser[]>;
  reportCount(filter: ReportFilter): Promise<number>;
}

const columns = `${userColumns},
  COALESCE((SELECT MAX(s.createat) FROM sessions s WHERE s.userid = u.id), 0) AS last_login,
  COALESCE((SELECT st.lastactivityat FROM status st WHERE st.userid = u.id), 0) AS last_status_at`;

type Row = UserRow & Pick<ReportedUser, 'last_login' | 'last_status_at'>;

export function createUserReportStore(database: Database): UserReportStore {
  const countOf = async ({ statement, values }: ReturnType<typeof countQuery>): Promise<number> =>
    (await database.readStale<{ n: number }>(statement, ...values))[0]?.n ?? 0;
  return {
    count: (filter) => countOf(countQuery(filter)),
    reportCount: (filter) => countOf(reportCountQuery(filter)),
    async page(filter, page) {
      const { statement, values } = reportQuery(filter, page, columns);
      const rows = await database.readStale<Row>(statement, ...values);
      return rows.map(({ last_login, last_status_at, ...user }) => ({
        ...toUser(user),
        last_login: Number(last_login),
        last_status_at: Number(last_status_at),
      }));
    },
  };
}
