import type { UserReport } from '../../../contract/index.ts';
import type { ReportFilter, ReportPage, UserCountFilter, UserReportStore } from '../../stores/analytics/index.ts';

/** Users in the tables of an administrator, who sees all of them whole. */
export class UserReports {
  readonly #store: UserReportStore;

  constructor(store: UserReportStore) {
    this.#store = store;
  }

  page(filter: ReportFilter, page: ReportPage): Promise<UserReport[]> {
    return this.#store.page(filter, page);
  }

  count(filter: ReportFilter): Promise<number> {
    return this.#store.reportCount(filter);
  }

  async stats(filter: UserCountFilter): Promise<{ total_users_count: number }> {
    return { total_users_count: await this.#store.count(filter) };
  }
}
