import { join } from 'node:path';
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
} from '../../contract/index.ts';
import { type ConfigEdit, type ConfigStore, createConfigVersions } from '../config/index.ts';
import type { DatabaseControl, LayerEvent } from '../database/index.ts';
import type { Logger, LogOutput } from '../observability/index.ts';
import { AppError, type Caller, may, mayChangeSetting, type Publisher } from '../services/index.ts';
import { createActorNames } from './actor-names.ts';
import { createVersions, type Versions } from './config-versions.ts';
import { type ConfigView, createEditConfig, type EditConfig, viewOf } from './edit-config.ts';
import { type EventPage, openEventLog } from './event-log.ts';
import { createWriteMaster, type WriteMaster } from './followed-master.ts';
import { createHistory, fineStepMs } from './history.ts';
import { createLayers, type Layers } from './layers.ts';
import { createLogPages } from './log-lines.ts';
import { openOperations, type Operations } from './operations.ts';
import { createRecycle, type Recycle } from './recycle.ts';
import { createReload, type Reload } from './reload.ts';
import { openReloadHistory } from './reload-history.ts';
import { refuseRestricted } from './restricted-admin.ts';
import { createRotation, notFound } from './rotation.ts';
import { createSwitchover, type SwitchoverService } from './switchover.ts';
import { openSwitchoverNotes } from './switchover-notes.ts';

export interface ConsoleDeps {
  readonly config: Pick<
    ConfigStore,
    | 'running'
    | 'disk'
    | 'reload'
    | 'moveMaster'
    | 'writeMaster'
    | 'poolChanges'
    | 'environment'
    | 'masked'
    | 'compare'
    | 'replace'
    | 'edit'
  >;
  readonly control: Pick<
    DatabaseControl,
    | 'status'
    | 'subscribe'
    | 'onMasterChange'
    | 'test'
    | 'plan'
    | 'recycle'
    | 'changeRotation'
    | 'errorsOf'
    | 'planSwitchover'
    | 'switchover'
  >;
  readonly publisher: Publisher;
  readonly logger: Logger;
  /** What the logger has kept. */
  readonly logs: Pick<LogOutput, 'recentLogs'>;
  /** Where the histories are kept; a folder `console` is made in it. */
  readonly dataFolder: string;
  /** Whether system admins are kept from the operator's things. Default: no. */
  readonly isRestricted?: () => boolean;
  readonly findUsername: (userId: string) => Promise<string | undefined>;
  readonly newId: () => string;
  /** Milliseconds since 1970; default `Date.now`. */
  readonly now?: () => number;
  readonly drainPatienceMs?: number;
}

/** What the System Console asks of the server. All of it works while every database is down. */
export interface ConsoleService {
  configStatus(): Promise<ConfigStatus>;
  /** The running configuration with its secrets masked. */
  maskedConfig(view?: ConfigView): Record<string, unknown>;
  /** Writes settings to the file, makes them the running configuration and answers it, masked. */
  editConfig(caller: Caller, edit: ConfigEdit): Promise<Record<string, unknown>>;
  environment(): ConfigStatus['environment'];
  reload(caller: Caller, options: { readonly dryRun: boolean }): Promise<ReloadResponse>;
  /** What differs between a version of the configuration and another one, or `running`. */
  compareVersions(sha: string, to: string): Promise<ConfigComparisonResponse>;
  /** Writes a version of the configuration to disk; a reload makes it the running one. */
  restoreVersion(caller: Caller, sha: string, request: ConfigRestoreRequest): Promise<ConfigRestoreResponse>;
  /** Writes the live master to the file that names another one first. */
  writeMaster(
    caller: Caller,
    request: MasterWriteRequest,
    options: { readonly dryRun: boolean },
  ): Promise<MasterWriteResponse>;
  databaseStatus(): DatabaseStatus;
  /** Connects to each data source of the running configuration, or to one, and looks at it; changes nothing. */
  test(caller: Caller, only?: string): Promise<TestResponse>;
  /** Takes a replica out of the rotation, or puts it back. */
  changeRotation(caller: Caller, request: RotationRequest): Promise<DataSourceStatus>;
  /** Statements that failed on the data source, newest first. */
  errorsOf(source: string): SourceError[];
  history(range: HistoryRange): DatabaseHistory;
  logs(after?: number): LogPage;
  recycle(caller: Caller, request: RecycleRequest, options: { readonly dryRun: boolean }): Promise<RecycleResponse>;
  switchover(
    caller: Caller,
    request: SwitchoverRequest,
    options: { readonly dryRun: boolean },
  ): Promise<SwitchoverResponse>;
  /** Newest first. */
  operations(): Operation[];
  operation(id: string): Operation;
  /** Cancels an operation that has changed nothing yet; it is answered as it is now and ends in a moment. */
  cancel(caller: Caller, id: string): Promise<Operation>;
  /** Oldest first. */
  events(page: EventPage): DatabaseEvent[];
  /** Stops listening and waits until the histories are on disk. */
  close(): Promise<void>;
}

export async function openConsole(deps: ConsoleDeps): Promise<ConsoleService> {
  const { config, control, publisher, logger, newId, now = Date.now, isRestricted = () => false } = deps;
  const fileOf = (name: string): string => join(deps.dataFolder, 'console', `${name}.jsonl`);
  const [events, operations, reloads] = await Promise.all([
    openEventLog({ path: fileOf('events'), publisher, logger }),
    openOperations({ path: fileOf('operations'), publisher, logger, now, newId }),
    openReloadHistory(fileOf('reloads'), logger),
  ]);
  const kept = createConfigVersions(join(deps.dataFolder, 'console', 'configurations'), logger);
  const layers = createLayers({ config, control, reloads, kept });
  const versions = createVersions({ config, kept, reloads, events, now });
  await versions.keepAtStart();
  const reload = createReload({ config, layers, reloads, events, versions, now });
  const patience = deps.drainPatienceMs === undefined ? {} : { drainPatienceMs: deps.drainPatienceMs };
  const recycle = createRecycle({ config, control, layers, operations, events, now, ...patience });
  const notes = openSwitchoverNotes(deps.dataFolder);
  const switchover = createSwitchover({ config, control, notes, layers, versions, operations, events, now });
  const writeMaster = createWriteMaster({ config, control, notes, layers, versions, events, now });
  const editConfig = createEditConfig({ config, versions, events, now, isRestricted });
  const audited = createAudit(logger, createActorNames(deps), isRestricted);
  const rotation = createRotation({ control, events, now });
  const history = createHistory({ status: control.status, now });
  const sampling = setInterval(history.sample, fineStepMs);
  sampling.unref();
  const stopAnnouncing = announceMasters(control, publisher, now);
  const stopListening = control.subscribe((event) => {
    if (!recordedHere.has(event.kind)) events.record(event, actorOf(event, operations));
  });

  return {
    ...configMethods(config, { layers, versions, reload, editConfig, writeMaster, audited }),
    databaseStatus: () => control.status(),
    test: (caller, only) =>
      audited('database.test', caller, { dry_run: true }, async () => {
        const reports = await control.test(config.running().database, only);
        if (only !== undefined && reports.length === 0) throw notFound(only);
        return { status: 'OK', reports };
      }),
    changeRotation: (caller, request) =>
      audited('database.rotation', caller, { dry_run: false }, async (actor) => rotation(actor, request)),
    errorsOf(source) {
      const errors = control.errorsOf(source);
      if (errors === undefined) throw notFound(source);
      return errors.map(({ at, text }) => ({ at: Math.round(at), text }));
    },
    history: history.list,
    logs: createLogPages(deps.logs, newId()),
    ...operationsOf({ operations, recycle, switchover, audited }),
    events: events.list,
    async close() {
      clearInterval(sampling);
      stopAnnouncing();
      stopListening();
      await Promise.all([events.flush(), operations.flush(), reloads.flush()]);
    },
  };
}

interface OperationParts {
  readonly operations: Operations;
  readonly recycle: Recycle;
  readonly switchover: SwitchoverService;
  readonly audited: ReturnType<typeof createAudit>;
}

/** The long actions on the databases, and what became of them. */
function operationsOf({
  operations,
  recycle,
  switchover,
  audited,
}: OperationParts): Pick<ConsoleService, 'recycle' | 'switchover' | 'cancel' | 'operations' | 'operation'> {
  return {
    recycle: (caller, { override }, { dryRun }) =>
      audited(
        'database.recycle',
        caller,
        { dry_run: dryRun, ...(override === undefined ? {} : { override }) },
        async (actor) => {
          if (override !== undefined) requireAdmin(caller);
          return dryRun ? recycle.plan() : recycle.run(actor, override);
        },
      ),
    switchover: (caller, request, { dryRun }) =>
      audited('database.switchover', caller, { dry_run: dryRun }, (actor) =>
        dryRun ? switchover.plan(request) : switchover.run(actor, request),
      ),
    cancel: (caller, id) =>
      audited('database.operation.cancel', caller, { dry_run: false }, async (actor) => {
        const operation = operations.cancel(id, actor);
        if (operation === 'unknown') throw new AppError('api.database.operation_not_found.app_error');
        if (operation === 'ended') throw new AppError('api.database.operation_ended.app_error');
        if (operation === 'too-late') throw new AppError('api.database.cancel_too_late.app_error');
        return operation;
      }),
    operations: operations.list,
    operation(id) {
      const operation = operations.find(id);
      if (operation === undefined) throw new AppError('api.database.operation_not_found.app_error');
      return operation;
    },
  };
}

const wholeView: ConfigView = { removeMasked: false, removeDefaults: false };

type ConfigMethods = Pick<
  ConsoleService,
  | 'configStatus'
  | 'maskedConfig'
  | 'editConfig'
  | 'environment'
  | 'reload'
  | 'compareVersions'
  | 'restoreVersion'
  | 'writeMaster'
>;

function configMethods(
  config: ConsoleDeps['config'],
  parts: {
    layers: Layers;
    versions: Versions;
    reload: Reload;
    editConfig: EditConfig;
    writeMaster: WriteMaster;
    audited: Audit;
  },
): ConfigMethods {
  const { layers, versions, reload, editConfig, writeMaster, audited } = parts;
  return {
    configStatus: layers.status,
    maskedConfig: (view = wholeView) => viewOf(config, view),
    editConfig: (caller, edit) =>
      audited('config.edit', caller, { dry_run: false }, async (actor) => {
        await editConfig(actor, { mayWrite: (section, key) => mayChangeSetting(caller, section, key), ...edit });
        return config.masked();
      }),
    environment: () => config.environment(),
    reload: (caller, options) =>
      audited('config.reload', caller, { dry_run: options.dryRun }, (actor) => reload(actor, options)),
    compareVersions: versions.compare,
    restoreVersion: (caller, sha, { on_disk: expected }) =>
      audited('config.restore', caller, { dry_run: false }, (actor) => versions.restore(actor, sha, expected)),
    writeMaster: (caller, request, options) =>
      audited('config.write_master', caller, { dry_run: options.dryRun }, (actor) =>
        writeMaster(actor, request, options),
      ),
  };
}

/** Every client learns of a new master: after a forced change it looks whether its own messages are all there. */
function announceMasters(control: ConsoleDeps['control'], publisher: Publisher, now: () => number): () => void {
  return control.onMasterChange(({ forced }) => {
    const data = { forced, at: Math.round(now()) };
    publisher.publish({ event: 'database_master_changed', data, to: {}, token: undefined });
  });
}

/** The end of an operation is recorded by itself: it knows who asked for it. */
const recordedHere: ReadonlySet<LayerEvent['kind']> = new Set([
  'recycled',
  'recycle_failed',
  'recycle_cancelled',
  'switched_over',
  'switchover_failed',
]);

/** Who has made the databases do it: only of an override that is worth telling beside the operation. */
function actorOf({ kind }: LayerEvent, operations: Operations): string | null {
  return kind === 'recycle_overridden' ? (operations.running()?.actor ?? null) : null;
}

/** What may lose messages is for system admins, also where others may recycle. */
function requireAdmin(caller: Caller): void {
  if (!may(caller, 'manage_system')) throw new AppError('api.context.permissions.app_error');
}

type Audit = ReturnType<typeof createAudit>;

/** Writes who did what, and how it came out, as log lines: the audit that needs no database. */
function createAudit(logger: Logger, nameOf: (caller: Caller) => Promise<string>, isRestricted: () => boolean) {
  return async <T>(
    action: string,
    caller: Caller,
    about: { readonly dry_run: boolean; readonly override?: string },
    work: (actor: string) => Promise<T>,
  ): Promise<T> => {
    const actor = await nameOf(caller);
    const fields = { action, actor, user_id: caller.userId, address: caller.address, request_id: caller.requestId };
    try {
      refuseRestricted(action, isRestricted());
      const result = await work(actor);
      logger.info('audit', { ...fields, ...about, outcome: 'success' });
      return result;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      logger.warn('audit', { ...fields, ...about, outcome: 'failure', reason });
      throw error;
    }
  };
}
