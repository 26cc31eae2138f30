import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Registry } from 'prom-client';
import { apiVersion } from '../contract/index.ts';
import { createHealthRoutes } from './api/health/index.ts';
import { createApi, errorBodyOf, toAppError } from './api/http/index.ts';
import { createAllRoutes, type RouteDeps } from './api/index.ts';
import { describeApi } from './api/openapi/index.ts';
import { createWebapp } from './api/web/index.ts';
import { describeStartupFailure } from './cli/index.ts';
import {
  accountSettings,
  clientSettings,
  type Config,
  type ConfigStore,
  type Environment,
  fileSettings,
  fileStorageSettings,
  isSecure,
  logSettings,
  openConfigStore,
  parseListenAddress,
  rateLimitSettings,
  searchSettings,
  sessionSettings,
} from './config/index.ts';
import { type ConsoleService, openConsole, settleInterruptedSwitchover } from './console/index.ts';
import { type DatabaseLayer, markFile, type Mode, openDatabase } from './database/index.ts';
import { compareSchema, migrate, migrations, schemaVersion } from './migrations/index.ts';
import { createLogger, createMetrics, type Logger, type LogOutput } from './observability/index.ts';
import { attachTransports, createHub, type Hub, type SocketTransport } from './realtime/index.ts';
import {
  bringsAdmin,
  createAccountServices,
  createAdministration,
  createChat,
  createFileGround,
  type FileGround,
  newId,
  type Publisher,
  type RecordAudit,
  RoleService,
  SessionService,
  StatusService,
  SystemService,
} from './services/index.ts';
import { stopOnce } from './stop-once.ts';
import { createStores, type Stores } from './stores/index.ts';

const stopLimitMs = 10_000;

export interface ServerOptions {
  readonly configPath: string;
  readonly env: Environment;
}

/** A running server. */
export interface RunningServer {
  /** E.g. `http://127.0.0.1:8065`. */
  readonly url: string;
  /** Ends requests, sockets and database connections in good order. Idempotent. */
  stop(): Promise<void>;
}

/** What everything else is made from. */
interface Ground {
  readonly config: ConfigStore;
  /** The running configuration; a reload changes what it answers. */
  readonly settings: () => Config;
  readonly layer: DatabaseLayer;
  readonly stores: Stores;
  readonly logger: Logger;
  readonly log: LogOutput;
  /** Where the bytes of files lie, and what may be uploaded. */
  readonly fileGround: FileGround;
  readonly setupCode: string;
  readonly webRoot: string;
  /** Whether start-up has ended and stopping not begun. */
  readonly serving: { now: boolean };
}

interface Services extends Omit<RouteDeps, 'console' | 'secureCookies'> {
  readonly hub: Hub;
}

/** The mode for everybody: which host and why is for admins, on the Database page and in the log. */
function withoutNames(mode: Mode): Mode {
  return mode.mode === 'normal' ? mode : { ...mode, reason: 'The database does not take changes at the moment.' };
}

/** What Mattermost's clients take for the version: they read their settings anew when it changes. */
function versionIdOf(config: ConfigStore): string {
  return `${apiVersion}.${apiVersion}.${config.running().sha.slice(0, 12)}.false`;
}

/** Who is connected, and who is shown as online. Each needs the other. */
function createPresence({ config, layer, stores, logger, settings }: Ground): Pick<Services, 'hub' | 'statuses'> {
  const statuses = new StatusService({
    store: stores.statuses,
    publisher: { publish: (event) => hub.publish(event) },
    detached: () => layer.causalities.detached(),
    awayAfterMs: () => settings().TeamSettings.UserStatusAwayTimeout * 1_000,
    now: Date.now,
    logger,
  });
  const hub: Hub = createHub({
    memberships: (userId) => stores.memberships.ofUser(userId),
    presence: statuses,
    databaseMode: {
      current: () => withoutNames(layer.control.mode()),
      subscribe: (listener) => layer.control.onMode((mode) => listener(withoutNames(mode))),
    },
    databaseStatus: () => layer.control.status(),
    serverVersion: () => versionIdOf(config),
    newId,
    now: Date.now,
    logger,
  });
  return { hub, statuses };
}

function createServices(ground: Ground): Services {
  const { layer, stores, logger, settings, fileGround } = ground;
  const { hub, statuses } = createPresence(ground);
  const detached = () => layer.causalities.detached();
  const roles = new RoleService({ store: stores.roles, publisher: hub, detached, log: logger });
  const audit: RecordAudit = (entry) => administration.audits.record(entry);
  const sessions = new SessionService({
    audit,
    store: stores.sessions,
    sockets: hub,
    grants: () => roles.grants(),
    detached,
    log: logger,
    settings: () => sessionSettings(settings()),
  });
  const chat = createChat({ ...stores, fileGround, searchRules: searchSettings(settings), publisher: hub, logger });
  // A changed user name is a changed mention: the chat's memory hears of it before anybody else does.
  const publisher: Publisher = {
    publish(event) {
      chat.observe(event);
      hub.publish(event);
    },
  };
  const accountServices = createAccountServices({
    stores,
    fileGround,
    sessions,
    publisher,
    causality: layer.causalities,
    settings: () => accountSettings(settings()),
    setupCode: ground.setupCode,
    log: logger,
    audit,
  });
  const isRestricted = () => settings().ExperimentalSettings.RestrictSystemAdmin;
  const parts = { control: layer.control, hub, sessions, chat, roles, schema: migrations, isRestricted };
  const administration = createAdministration({ ...stores, ...ground, ...fileGround, ...parts });
  return { ...accountServices, hub, statuses, sessions, roles, chat, system: createSystem(ground), administration };
}

function createSystem({ config, layer, stores, logger, settings, serving }: Ground): SystemService {
  return new SystemService({
    settings: () => clientSettings(settings()),
    version: { version: apiVersion, buildHash: config.running().sha.slice(0, 12) },
    isEmpty: () => stores.users.isEmpty(),
    usage: () => stores.usage.usage(),
    databaseMode: () => layer.control.mode(),
    databaseStatus: () => layer.control.status(),
    isServing: () => serving.now,
    logger,
  });
}

/** Puts HTTP and sockets on one server that is not listening yet. */
function createListener(ground: Ground, services: Services, console: ConsoleService): Listener {
  const { config, layer, logger, settings } = ground;
  const { hub, sessions } = services;
  const causality = layer.causalities;
  const registry = new Registry();
  const metrics = createMetrics({
    registry,
    databaseStatus: () => layer.control.status(),
    realtimeStats: () => hub.stats(),
  });
  const versionId = () => versionIdOf(config);
  const all = createAllRoutes({ ...services, console, secureCookies: () => isSecure(settings()) });
  const { routes, page } = describeApi(all);
  const server = createApi({
    routes,
    sessions,
    causality,
    log: logger,
    versionId,
    databaseMode: () => withoutNames(layer.control.mode()),
    plain: [
      page,
      ...createHealthRoutes({
        system: services.system,
        metrics,
        metricsEnabled: () => settings().MetricsSettings.Enable,
        isAdmin: ({ headers }) => bringsAdmin(headers, sessions),
      }),
    ],
    rateLimit: () => rateLimitSettings(settings()),
    trustedAddressHeaders: () => settings().ServiceSettings.TrustedProxyIPHeader,
    web: createWebapp({ root: ground.webRoot, versionId, secure: () => isSecure(settings()) }),
    audit: (entry) => services.administration.audits.record(entry),
    busySeconds: () => services.administration.load.secondsLeft(),
    observe: (sample) => metrics.observeRequest(sample),
    developer: () => settings().ServiceSettings.EnableDeveloper,
  });
  return { server, transports: attachSockets(server, ground, services) };
}

function attachSockets(server: Server, ground: Ground, { hub, sessions, statuses }: Services): SocketTransport[] {
  const { layer, logger, settings } = ground;
  return attachTransports(server, {
    hub,
    sessions,
    statuses,
    causality: layer.causalities,
    apiVersion,
    refusal: (error, requestId) =>
      errorBodyOf(toAppError(error, layer.control.mode), requestId, settings().ServiceSettings.EnableDeveloper),
    originRules: () => ({ siteUrl: settings().ServiceSettings.SiteURL, allowCorsFrom: '' }),
    now: Date.now,
    logger,
  });
}

interface Listener {
  readonly server: Server;
  readonly transports: readonly SocketTransport[];
}

async function openLayer(config: ConfigStore, logger: Logger, dataFolder: string): Promise<DatabaseLayer> {
  const masterMarks = markFile(join(dataFolder, 'database', 'master.json'));
  // Before the databases are opened: a fenced master is opened again, or the promoted one is the master then.
  const switchoverNotes = await settleInterruptedSwitchover({ config, dataFolder, masterMarks, logger });
  const { database } = config.running();
  const layer = await openDatabase(database, {
    onError: (error) => logger.error('database.background_failed', { error }),
    schemaCheck: (execute) => compareSchema({ driver: database.sources[0].source.driver, execute }, schemaVersion),
    masterMarks,
    switchoverNotes,
  });
  layer.control.subscribe(({ kind, severity, source, text, detail }) => {
    const level = severity === 'warning' ? 'warn' : severity;
    logger[level](`database.${kind}`, { source, text, ...detail });
  });
  try {
    await layer.onMaster(async ({ driver, execute }) => {
      const connection = { driver, execute: (sql: string, values: unknown[] = []) => execute(sql, values) };
      await migrate(connection, { steps: migrations, statementTimeoutMs: database.migrationTimeoutMs, logger });
    });
    return layer;
  } catch (error) {
    await layer.close(0);
    throw error;
  }
}

/** Listens; the address comes from the configuration, or the error says what is wrong with it. */
async function listen(server: Server, config: Config): Promise<string> {
  const address = parseListenAddress(config.ServiceSettings.ListenAddress);
  server.listen({ port: address?.port ?? 8065, ...(address?.host === undefined ? {} : { host: address.host }) });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return `http://${address?.host ?? 'localhost'}:${port}`;
}

/**
 * Starts the server: configuration, databases, migrations, then everything that stands on them.
 *
 * @throws ConfigError, DatabaseError, MigrationError or the error of `listen`; see `describeStartupFailure`.
 */
export async function runServer({ configPath, env }: ServerOptions): Promise<RunningServer> {
  const log: LogOutput = createLogger({ level: 'info', format: 'plain' });
  const { logger } = log;
  const config = await openConfigStore({ path: configPath, env, logger });
  const settings = () => config.running().config;
  log.apply(logSettings(settings()));
  config.onReload(() => log.apply(logSettings(settings())));
  const dataFolder = env['HOLDFAST_DATA_DIR'] ?? join(dirname(resolve(configPath)), 'data');
  const layer = await openLayer(config, logger, dataFolder).catch(async (error: unknown) => {
    config.close();
    throw error;
  });
  const setupCode = randomBytes(9).toString('base64url');
  const webRoot = fileURLToPath(new URL('../webapp', import.meta.url));
  const stores = createStores(layer.database);
  const fileGround = createFileGround({
    ...fileStorageSettings(settings(), dataFolder),
    rules: () => fileSettings(settings()),
    detached: () => layer.causalities.detached(),
  });
  const serving = { now: false };
  const ground: Ground = { config, settings, layer, stores, logger, log, fileGround, setupCode, webRoot, serving };
  const services = createServices(ground);
  const console = await openConsole({
    config,
    control: layer.control,
    publisher: services.hub,
    logger,
    logs: log,
    dataFolder,
    isRestricted: () => settings().ExperimentalSettings.RestrictSystemAdmin,
    findUsername: async (id) => (await stores.users.byId(layer.causalities.detached(), id))?.username,
    newId,
  });
  config.onReload(() => {
    const data = { config: { ...services.system.signedInConfig() } };
    services.hub.publish({ event: 'config_changed', data, to: {}, token: undefined });
  });
  const listener = createListener(ground, services, console);
  const stop = stopOnce({ ground, services, console, listener, limitMs: stopLimitMs });
  try {
    await services.roles.start();
    const url = await listen(listener.server, settings());
    services.hub.start();
    services.statuses.start();
    services.administration.start();
    ground.serving.now = true;
    if (await stores.users.isEmpty()) logger.info('server.setup_code', { code: setupCode, page: `${url}/setup` });
    logger.info('server.listening', { url });
    process.stdout.write(`Listening on ${url}\n`);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** `node dist/server/main.js --config FILE`: what a service manager starts. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: 'string', default: 'config/config.json' } } });
  try {
    const server = await runServer({ configPath: values.config, env: process.env });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => void server.stop().then(() => process.exit(0)));
    }
  } catch (error) {
    process.stderr.write(`Holdfast did not start.\n${describeStartupFailure(error)}\n`);
    process.exitCode = 1;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href)
  await main();
