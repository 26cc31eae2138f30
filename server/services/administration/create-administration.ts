import { setTimeout } from 'node:timers/promises';
import type { DatabaseStatus } from '../../../contract/index.ts';
import type { Causality } from '../../database/index.ts';
import type { Logger, LogOutput, RealtimeStats } from '../../observability/index.ts';
import type { AnalyticsStore, UserReportStore } from '../../stores/analytics/index.ts';
import type { AuditStore } from '../../stores/audits/index.ts';
import type { IntegrityStore } from '../../stores/integrity/index.ts';
import type { JobStore } from '../../stores/jobs/index.ts';
import { AppError } from '../base/app-error.ts';
import type { FileGround } from '../files/index.ts';
import { AnalyticsService, type LiveCounts } from './analytics-service.ts';
import { AuditTrail } from './audit-trail.ts';
import { HighLoad } from './high-load.ts';
import { IntegrityCheck } from './integrity-check.ts';
import { JobService } from './job-service.ts';
import { ServerLogs } from './server-logs.ts';
import { testFileStorage } from './test-file-storage.ts';
import { UserReports } from './user-reports.ts';
import { zipOf } from './zip.ts';

export interface AdministrationDeps {
  readonly analytics: AnalyticsStore;
  readonly userReports: UserReportStore;
  readonly audits: AuditStore;
  readonly jobs: JobStore;
  readonly integrity: IntegrityStore;
  readonly storage: FileGround['storage'];
  /** What the logger has kept. */
  readonly log: Pick<LogOutput, 'recentLogs' | 'logger'>;
  /** The running configuration with its secrets masked. */
  readonly config: { masked(): unknown };
  readonly control: { status(): DatabaseStatus };
  readonly hub: { stats(): Pick<RealtimeStats, 'sockets'>; refreshMemberships(): void };
  readonly sessions: { doubtAll(): void; tidy(): Promise<void> };
  readonly roles: { refresh(): Promise<void> };
  readonly chat: { forget(): void; readonly attachments: { tidy(): Promise<void> } };
  readonly detached: () => Causality;
  /** The steps of the schema, as this server knows them. */
  readonly schema: readonly { readonly version: number; readonly name: string }[];
  /** Whether system admins are kept from the operator's things. */
  readonly isRestricted: () => boolean;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

const STOP_LIMIT_MS = 2_000;
/** How often expired sessions, forgotten files and old audits are removed. */
const TIDY_INTERVAL_MS = 10 * 60_000;

/** What an administrator looks at and sets beside the databases and the configuration. */
export interface Administration {
  readonly logs: ServerLogs;
  readonly analytics: AnalyticsService;
  readonly reports: UserReports;
  readonly audits: AuditTrail;
  readonly jobs: JobService;
  readonly load: HighLoad;
  readonly integrity: IntegrityCheck;
  readonly schema: AdministrationDeps['schema'];
  /** @throws AppError 403 for a restricted admin. */
  invalidateCaches(): void;
  /** What somebody needs who is asked for help, as a ZIP archive; without a secret. */
  supportPacket(): Buffer;
  /** Writes, reads and removes a file where files lie. @throws AppError when that fails. */
  testFiles(): Promise<void>;
  /** From now on does jobs, and removes what has expired. */
  start(): void;
  /** Ends the work at hand and writes the audits that wait. */
  stop(): Promise<void>;
}

export function createAdministration(deps: AdministrationDeps): Administration {
  const { log, detached, now = Date.now, sessions, chat, hub } = deps;
  const logger: Logger = log.logger;
  const logs = new ServerLogs(log);
  const audits = new AuditTrail({ store: deps.audits, detached, logger, now });
  const integrity = new IntegrityCheck(deps.integrity);
  /** Returns how many audits that were. */
  const tidy = async (): Promise<number> => {
    await Promise.all([sessions.tidy(), chat.attachments.tidy()]);
    return audits.tidy();
  };
  const tidyQuietly = () => tidy().catch((error: unknown) => logger.warn('audits.tidy_failed', { error }));
  let tidying: NodeJS.Timeout | undefined;
  const workers = {
    integrity: (progress: Parameters<IntegrityCheck['run']>[0]) => integrity.run(progress),
    tidy: async () => ({ audits: String(await tidy()) }),
  };
  const jobs = new JobService({ store: deps.jobs, workers, detached, logger, now });
  return {
    logs,
    analytics: new AnalyticsService({ store: deps.analytics, live: () => liveCounts(deps), now }),
    reports: new UserReports(deps.userReports),
    audits,
    jobs,
    load: new HighLoad(now),
    integrity,
    schema: deps.schema,
    invalidateCaches() {
      if (deps.isRestricted()) throw new AppError('api.restricted_system_admin');
      sessions.doubtAll();
      chat.forget();
      void deps.roles.refresh();
      hub.refreshMemberships();
      logger.info('caches.invalidated');
    },
    supportPacket: () => {
      const json = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
      const entries = [
        { name: 'config.json', content: json(deps.config.masked()) },
        { name: 'database.json', content: json(deps.control.status()) },
        { name: 'holdfast.log', content: Buffer.from(logs.text()) },
      ];
      return zipOf(entries, new Date(now()));
    },
    testFiles: () => testFileStorage(deps.storage, logger),
    start() {
      tidying = setInterval(() => void tidyQuietly(), TIDY_INTERVAL_MS).unref();
      jobs.start();
    },
    async stop() {
      clearInterval(tidying);
      const ended = Promise.all([jobs.stop(), audits.flush()]);
      // A database that does not answer must not keep the server from ending.
      await Promise.race([ended, setTimeout(STOP_LIMIT_MS, undefined, { ref: false })]);
    },
  };
}

function liveCounts({ control, hub }: AdministrationDeps): LiveCounts {
  const open = control.status().sources.map(({ assigned_role: role, in_use: inUse, idle }) => ({
    role,
    open: inUse + idle,
  }));
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
  return {
    sockets: sum(Object.values(hub.stats().sockets)),
    masterConnections: sum(open.flatMap((each) => (each.role === 'master' ? each.open : []))),
    readConnections: sum(open.flatMap((each) => (each.role === 'master' ? [] : each.open))),
  };
}
