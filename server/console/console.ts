import { join } from 'node:path';
import type {
  ConfigStatus,
  DatabaseEvent,
  DatabaseStatus,
  Operation,
  RecycleResponse,
  ReloadResponse,
  SwitchoverRequest,
  SwitchoverResponse,
  TestResponse,
} from '../../contract/index.ts';
import type { ConfigStore } from '../config/index.ts';
import type { DatabaseControl, LayerEvent } from '../database/index.ts';
import type { Logger } from '../observability/index.ts';
import { AppError, type Caller, type Publisher } from '../services/index.ts';
import { createActorNames } from './actor-names.ts';
import { type EventPage, openEventLog } from './event-log.ts';
import { createLayers } from './layers.ts';
import { openOperations } from './operations.ts';
import { createRecycle } from './recycle.ts';
import { createReload } from './reload.ts';
import { openReloadHistory } from './reload-history.ts';
import { createSwitchover } from './switchover.ts';
import { openSwitchoverNotes } from './switchover-notes.ts';

export interface ConsoleDeps {
  readonly config: Pick<
    ConfigStore,
    'running' | 'disk' | 'reload' | 'moveMaster' | 'poolChanges' | 'environment' | 'masked'
  >;
  readonly control: Pick<
    DatabaseControl,
    'status' | 'subscribe' | 'test' | 'plan' | 'recycle' | 'planSwitchover' | 'switchover'
  >;
  readonly publisher: Publisher;
  readonly logger: Logger;
  /** Where the histories are kept; a folder `console` is made in it. */
  readonly dataFolder: string;
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
  maskedConfig(): Record<string, unknown>;
  environment(): ConfigStatus['environment'];
  reload(caller: Caller, options: { readonly dryRun: boolean }): Promise<ReloadResponse>;
  databaseStatus(): DatabaseStatus;
  /** Connects to each data source of the running configuration and looks at it; changes nothing. */
  test(caller: Caller): Promise<TestResponse>;
  recycle(caller: Caller, options: { readonly dryRun: boolean }): Promise<RecycleResponse>;
  switchover(
    caller: Caller,
    request: SwitchoverRequest,
    options: { readonly dryRun: boolean },
  ): Promise<SwitchoverResponse>;
  /** Newest first. */
  operations(): Operation[];
  operation(id: string): Operation;
  /** Asks a running operation to stop; it ends as `cancelled` if it still can. */
  cancel(caller: Caller, id: string): Promise<void>;
  /** Oldest first. */
  events(page: EventPage): DatabaseEvent[];
  /** Stops listening and waits until the histories are on disk. */
  close(): Promise<void>;
}

export async function openConsole(deps: ConsoleDeps): Promise<ConsoleService> {
  const { config, control, publisher, logger, newId, now = Date.now } = deps;
  const fileOf = (name: string): string => join(deps.dataFolder, 'console', `${name}.jsonl`);
  const [events, operations, reloads] = await Promise.all([
    openEventLog({ path: fileOf('events'), publisher, logger }),
    openOperations({ path: fileOf('operations'), publisher, logger, now, newId }),
    openReloadHistory(fileOf('reloads'), logger),
  ]);
  const layers = createLayers({ config, control, reloads });
  const reload = createReload({ config, layers, reloads, events, now });
  const patience = deps.drainPatienceMs === undefined ? {} : { drainPatienceMs: deps.drainPatienceMs };
  const recycle = createRecycle({ config, control, layers, operations, events, now, ...patience });
  const notes = openSwitchoverNotes(deps.dataFolder);
  const switchover = createSwitchover({ config, control, notes, layers, operations, events, now });
  const audited = createAudit(logger, createActorNames(deps));
  const stopListening = control.subscribe((event) => {
    if (!recordedHere.has(event.kind)) events.record(event, null);
  });

  return {
    configStatus: layers.status,
    maskedConfig: () => config.masked(),
    environment: () => config.environment(),
    reload: (caller, options) => audited('config.reload', caller, options.dryRun, (actor) => reload(actor, options)),
    databaseStatus: () => control.status(),
    test: (caller) =>
      audited('database.test', caller, true, async () => ({
        status: 'OK',
        reports: await control.test(config.running().database),
      })),
    recycle: (caller, { dryRun }) =>
      audited('database.recycle', caller, dryRun, (actor) => (dryRun ? recycle.plan() : recycle.run(actor))),
    switchover: (caller, request, { dryRun }) =>
      audited('database.switchover', caller, dryRun, (actor) =>
        dryRun ? switchover.plan(request) : switchover.run(actor, request),
      ),
    cancel: (caller, id) =>
      audited('database.operation.cancel', caller, false, async () => {
        if (!operations.cancel(id)) throw new AppError('api.database.operation_ended.app_error');
      }),
    operations: operations.list,
    operation(id) {
      const operation = operations.find(id);
      if (operation === undefined) throw new AppError('api.database.operation_not_found.app_error');
      return operation;
    },
    events: events.list,
    async close() {
      stopListening();
      await Promise.all([events.flush(), operations.flush(), reloads.flush()]);
    },
  };
}

/** The end of an operation is recorded by itself: it knows who asked for it. */
const recordedHere: ReadonlySet<LayerEvent['kind']> = new Set([
  'recycled',
  'recycle_failed',
  'switched_over',
  'switchover_failed',
]);

/** Writes who did what, and how it came out, as log lines: the audit that needs no database. */
function createAudit(logger: Logger, nameOf: (caller: Caller) => Promise<string>) {
  return async <T>(
    action: string,
    caller: Caller,
    dryRun: boolean,
    work: (actor: string) => Promise<T>,
  ): Promise<T> => {
    const actor = await nameOf(caller);
    const fields = { action, actor, user_id: caller.userId, address: caller.address, request_id: caller.requestId };
    try {
      const result = await work(actor);
      logger.info('audit', { ...fields, dry_run: dryRun, outcome: 'success' });
      return result;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      logger.warn('audit', { ...fields, dry_run: dryRun, outcome: 'failure', reason });
      throw error;
    }
  };
}
