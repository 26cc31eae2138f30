import type {
  ConfigComparisonResponse,
  ConfigRestoreRequest,
  ConfigRestoreResponse,
  ConfigStatus,
  DatabaseEvent,
  DatabaseHistory,
  DatabaseStatus,
  DataSourceStatus,
  HistoryRange,
  LogPage,
  MasterWriteRequest,
  MasterWriteResponse,
  Operation,
  RecycleRequest,
  RecycleResponse,
  ReloadResponse,
  RotationRequest,
  SourceError,
  SwitchoverRequest,
  SwitchoverResponse,
  TestResponse,
} from '../../../contract/index.ts';
import type { Http } from './http.ts';

// A recycle opens, verifies and drains: its answer may be half a minute away. Progress comes over the socket meanwhile.
const longTimeout = 120_000;

/** What only system admins may do: configuration and database operations. */
export function createOperationsClient(http: Http) {
  return {
    configStatus: () => http<ConfigStatus>({ path: '/config/status' }),
    /** The running configuration by section and key, secrets masked. */
    maskedConfig: () => http<Record<string, Record<string, unknown>>>({ path: '/config' }),
    /** From one version of the configuration to another, or to `running`. */
    compareVersions: (sha: string, to: string) =>
      http<ConfigComparisonResponse>({ path: `/config/versions/${sha}/changes`, query: { to } }),
    restoreVersion: (sha: string, body: ConfigRestoreRequest) =>
      http<ConfigRestoreResponse>({ method: 'POST', path: `/config/versions/${sha}/restore`, body }),
    /** Writes the live master to the file; `dryRun`: what that would change, and whether it can be done. */
    writeMaster: (body: MasterWriteRequest, options: { dryRun: boolean }) =>
      http<MasterWriteResponse>({
        method: 'POST',
        path: '/config/master',
        query: { dry_run: options.dryRun || undefined },
        body,
      }),
    reload: (options: { dryRun: boolean }) =>
      http<ReloadResponse>({
        method: 'POST',
        path: '/config/reload',
        query: { dry_run: options.dryRun || undefined },
        timeout: longTimeout,
      }),
    databaseStatus: () => http<DatabaseStatus>({ path: '/database/status' }),
    /** Of all data sources of the running configuration, or of the one called `source`. */
    testConnections: (source?: string) =>
      http<TestResponse>({ method: 'POST', path: '/database/test', query: { source }, timeout: longTimeout }),
    changeRotation: (body: RotationRequest) =>
      http<DataSourceStatus>({ method: 'POST', path: '/database/rotation', body }),
    sourceErrors: (source: string) => http<SourceError[]>({ path: '/database/errors', query: { source } }),
    history: (range: HistoryRange) => http<DatabaseHistory>({ path: '/database/history', query: { range } }),
    /** Lines with an id above `after`; all that are kept without it. */
    logs: (after: number | undefined) => http<LogPage>({ path: '/logs/lines', query: { after } }),
    recycle: (options: { dryRun: boolean }, body: RecycleRequest = {}) =>
      http<RecycleResponse>({
        method: 'POST',
        path: '/database/recycle',
        query: { dry_run: options.dryRun || undefined },
        body,
        timeout: longTimeout,
      }),
    switchover: (body: SwitchoverRequest, options: { dryRun: boolean }) =>
      http<SwitchoverResponse>({
        method: 'POST',
        path: '/database/switchover',
        query: { dry_run: options.dryRun || undefined },
        body,
        timeout: longTimeout,
      }),
    operations: () => http<Operation[]>({ path: '/database/operations' }),
    operation: (operationId: string) => http<Operation>({ path: `/database/operations/${operationId}` }),
    /** Answered at once; the operation ends a moment later. */
    cancelOperation: (operationId: string) =>
      http<Operation>({ method: 'POST', path: `/database/operations/${operationId}/cancel` }),
    databaseEvents: () => http<DatabaseEvent[]>({ path: '/database/events' }),
  };
}
