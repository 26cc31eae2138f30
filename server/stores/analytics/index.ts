export { type AnalyticsStore, createAnalyticsStore, type DayCount, type Totals } from './analytics-store.ts';
export { createUserReportStore, type ReportedUser, type UserReportStore } from './user-report-store.ts';
export type { ReportFilter, ReportPage, UserCountFilter } from './user-report.sql.ts';
